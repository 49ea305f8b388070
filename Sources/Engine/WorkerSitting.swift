import EvolveTypes
import Foundation
import RunStore

/// What a worker hands in for a task.
struct TaskOutcome: Sendable {
    enum Value: Sendable {
        case slot(SlotResult)
        case verification(VerificationRecord)
    }

    var bytes: Data
    /// What the bytes say.
    var value: Value

    var summary: RunEvent.Work {
        switch value {
        case .slot(let result): .slot(result.line.record)
        case .verification(let record): .verification(record)
        }
    }
}

/// A worker from joining to leaving: claims, carries out, hands in; leads if nobody else does.
///
/// All decisions are made here, one event after the other; only the tasks themselves run side by side.
struct WorkerSitting {
    enum Ending { case complete, stopped, leaseLost }

    private enum Event: Sendable {
        case done(TaskClaim, TaskOutcome)
        case takenOver
        case failed(any Error)
        case tick
        case stopRequested
    }

    private let run: Run
    private let store: any WorkQueue
    private let worker: WorkerID
    private var leader: RunLeader?
    private var pulse: Pulse
    /// As it last looked; nil = not since its last sign of life.
    private var workload: Workload?
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
        let mailbox = Mailbox<Event>()
        // Discarding: what has ended is forgotten, however many tasks there were.
        let ending = try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                await stop.wait()
                mailbox.post(.stopRequested)
            }
            group.addTask { [poll = run.rhythm.poll] in
                while (try? await Task.sleep(for: .seconds(poll))) != nil { mailbox.post(.tick) }
            }
            defer { group.cancelAll() }
            do {
                if let ending = try sitting.lookAround(&group, mailbox) { return ending }
                while true {
                    if let ending = try sitting.take(await mailbox.read(), &group, mailbox) { return ending }
                }
            } catch {
                try? sitting.store.leave(sitting.worker)
                throw error
            }
        }
        if ending != .leaseLost { try store.leave(worker) }
        return ending
    }

    private mutating func take(
        _ events: [Event], _ group: inout ThrowingDiscardingTaskGroup<any Error>, _ mailbox: Mailbox<Event>
    ) throws -> Ending? {
        var done: [(claim: TaskClaim, outcome: TaskOutcome)] = []
        var isStopped = false
        for event in events {
            switch event {
            case .done(let claim, let outcome): done.append((claim, outcome))
            case .takenOver: running -= 1
            case .failed(let error): throw error
            case .tick: break
            case .stopRequested: isStopped = true
            }
        }
        // Also when it is to stop: what is done need not be done again.
        try handIn(done)
        if isStopped { return .stopped }
        return try renew() ? try lookAround(&group, mailbox) : .leaseLost
    }

    private mutating func handIn(_ done: [(claim: TaskClaim, outcome: TaskOutcome)]) throws {
        guard !done.isEmpty else { return }
        running -= done.count
        // One that another worker holds by now is not needed. That the lease is gone shows at its renewal.
        let held = Set(try store.finish(done.map { ($0.claim, $0.outcome.bytes) }))
        for (claim, outcome) in done where held.contains(claim) {
            self.done += 1
            if case .slot(let result) = outcome.value { leader?.know(result, as: outcome.bytes) }
            run.observe(.worked(outcome.summary))
        }
    }

    /// - Returns: false when the lease has run out.
    private mutating func renew() throws -> Bool {
        let now = ContinuousClock.now
        guard now - renewed >= .seconds(run.rhythm.renewal) else { return true }
        renewed = now
        guard let pulse = try store.renew(worker, done: done) else { return false }
        self.pulse = pulse
        workload = nil
        return true
    }

    /// Leads, if it is needed, and takes up work, if there is any.
    private mutating func lookAround(
        _ group: inout ThrowingDiscardingTaskGroup<any Error>, _ mailbox: Mailbox<Event>
    ) throws -> Ending? {
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
        guard running < run.card.capacity else { return nil }
        let free = try share() - running
        guard free > 0 else { return nil }
        for claim in try store.claim(free, by: worker) {
            running += 1
            let plan = claim.task.kind == .slot ? leader?.plan(of: claim.task.number) : nil
            group.addTask { [run] in
                do {
                    mailbox.post(.done(claim, try await run.perform(claim, plan: plan)))
                } catch is TaskTakenOver {
                    mailbox.post(.takenOver)
                } catch {
                    mailbox.post(.failed(error))
                }
            }
        }
        return nil
    }

    /// The tasks that this worker may hold. While it is alone it need not look anew each time.
    private mutating func share() throws -> Int {
        if let workload, workload.capacity <= run.card.capacity { return run.card.capacity }
        let current = try store.workload()
        workload = current
        return current.share(of: run.card.capacity)
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
