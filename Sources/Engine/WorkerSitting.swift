import EvolveTypes
import Foundation
import RunStore

/// What a worker hands in for a task, and what it shows of it.
struct TaskOutcome: Sendable {
    var bytes: Data
    var summary: RunEvent.Work
}

/// A worker from joining to leaving: claims, carries out, hands in; leads if nobody else does.
///
/// All decisions are made here, one event after the other; only the tasks themselves run side by side.
struct WorkerSitting {
    enum Ending { case complete, stopped, leaseLost }

    private enum Event: Sendable {
        case done(TaskClaim, TaskOutcome)
        case tick
        case stopRequested
    }

    private let run: Run
    private let store: any WorkQueue
    private let worker: WorkerID
    private var leader: RunLeader?
    private var pulse: Pulse
    private var running = 0
    private var done = 0
    /// Of the last sign of life.
    private var renewed = ContinuousClock.now

    init(_ run: Run) throws {
        self.run = run
        store = run.store
        worker = try store.join(run.card, lease: run.rhythm.lease)
        pulse = try store.pulse()
    }

    mutating func work(stop: StopSignal) async throws -> Ending {
        var sitting = self
        defer { self = sitting }
        let ending = try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask {
                await stop.wait()
                return .stopRequested
            }
            group.addTask { [poll = run.rhythm.poll] in try await Self.tick(after: poll) }
            defer { group.cancelAll() }
            do {
                if let ending = try sitting.lookAround(&group) { return ending }
                while let event = try await group.next() {
                    if let ending = try sitting.take(event, &group) { return ending }
                }
                return .stopped
            } catch {
                try? sitting.store.leave(sitting.worker)
                throw error
            }
        }
        if ending != .leaseLost { try store.leave(worker) }
        return ending
    }

    private static func tick(after seconds: Double) async throws -> Event {
        try await Task.sleep(for: .seconds(seconds))
        return .tick
    }

    private mutating func take(_ event: Event, _ group: inout ThrowingTaskGroup<Event, any Error>) throws -> Ending? {
        switch event {
        case .stopRequested: return .stopped
        case .done(let claim, let outcome):
            running -= 1
            guard try store.finish(claim, with: outcome.bytes) else {
                // Held by another worker by now: ours is not needed. That the lease is gone shows at its renewal.
                break
            }
            done += 1
            run.observe(.worked(outcome.summary))
        case .tick:
            group.addTask { [poll = run.rhythm.poll] in try await Self.tick(after: poll) }
            guard try renew() else { return .leaseLost }
        }
        return try lookAround(&group)
    }

    /// - Returns: false when the lease has run out.
    private mutating func renew() throws -> Bool {
        let now = ContinuousClock.now
        guard now - renewed >= .seconds(run.rhythm.renewal) else { return true }
        renewed = now
        guard let pulse = try store.renew(worker, done: done) else { return false }
        self.pulse = pulse
        return true
    }

    /// Leads, if it is needed, and takes up work, if there is any.
    private mutating func lookAround(_ group: inout ThrowingTaskGroup<Event, any Error>) throws -> Ending? {
        if leader == nil {
            pulse = try store.pulse()
            if pulse.phase != .complete, pulse.leader == nil, !(try startLeading()) { return nil }
        }
        if leader != nil {
            guard let events = try leader?.step(activeSeconds: pulse.activeSeconds) else {
                leader = nil
                return nil
            }
            for event in events { run.observe(event) }
            if leader?.phase == .complete { return .complete }
        } else if pulse.phase == .complete {
            return .complete
        }
        let free = run.card.capacity - running
        guard free > 0 else { return nil }
        for claim in try store.claim(free, by: worker) {
            running += 1
            group.addTask { [run] in .done(claim, try await run.perform(claim)) }
        }
        return nil
    }

    /// - Returns: false when another worker was quicker.
    private mutating func startLeading() throws -> Bool {
        guard let leadership = try store.lead(worker) else { return false }
        var leader = try RunLeader(
            policy: run.policy, history: run.history, store: store, leadership: leadership)
        guard let events = try leader.begin() else { return false }
        for event in events { run.observe(event) }
        self.leader = leader
        return true
    }
}
