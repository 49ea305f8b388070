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
        /// The stop waits no longer.
        case graceOver
    }

    private let run: Run
    private let store: any WorkQueue
    private let worker: WorkerID
    private var leader: RunLeader?
    private var pulse: Pulse
    /// Another worker that leads.
    private var foreman: (worker: WorkerID, card: WorkerCard)?
    /// As it last looked; nil = not since its last sign of life.
    private var workload: Workload?
    private var running = 0
    private var done = 0
    /// Whether it only waits for answers of models.
    private var isStopping = false
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
                try? await Task.sleep(for: .seconds(stop.grace ?? 0))
                mailbox.post(.graceOver)
            }
            group.addTask { [poll = run.rhythm.poll] in
                while (try? await Task.sleep(for: .seconds(poll))) != nil { mailbox.post(.tick) }
            }
            defer { group.cancelAll() }
            do {
                if !stop.isRequested, let ending = try sitting.lookAround(&group, mailbox) { return ending }
                while true {
                    if let ending = try sitting.take(await mailbox.read(), stop, &group, mailbox) { return ending }
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
        _ events: [Event], _ stop: StopSignal, _ group: inout ThrowingDiscardingTaskGroup<any Error>,
        _ mailbox: Mailbox<Event>
    ) throws -> Ending? {
        var done: [(claim: TaskClaim, outcome: TaskOutcome)] = []
        var isOver = false
        for event in events {
            switch event {
            case .done(let claim, let outcome): done.append((claim, outcome))
            case .takenOver: running -= 1
            case .failed(let error):
                // What is being trained or compiled ends with a stop, in whatever way, and is given up.
                guard stop.isRequested else { throw error }
                running -= 1
            case .tick, .stopRequested: break
            case .graceOver: isOver = true
            }
        }
        // Also when it is to stop: what is done need not be done again.
        try handIn(done)
        if let grace = stop.grace { return isOver ? .stopped : try drain(grace) }
        return try renew() ? try lookAround(&group, mailbox) : .leaseLost
    }

    /// Takes up nothing more, and waits for the answers that are paid for. Meanwhile what others do is committed.
    private mutating func drain(_ grace: Double) throws -> Ending? {
        if !isStopping {
            isStopping = true
            run.cease()
            if grace > 0, run.callsUnderWay > 0 {
                run.observe(.stopping(calls: run.callsUnderWay, seconds: grace))
            }
        }
        guard grace > 0, run.callsUnderWay > 0, try renew() else { return .stopped }
        return leader == nil ? nil : try lead()
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
        try buryDead()
        return true
    }

    /// Ends the leases of workers whose processes are known to be gone: nobody need wait for them. The leader looks after all,
    /// the others after the leader.
    private mutating func buryDead() throws {
        if leader != nil {
            for (other, card) in try store.living() where run.isDead(card) { try store.bury(other) }
        } else if let id = pulse.leader {
            if foreman?.worker != id { foreman = try store.living().first { $0.worker == id } }
            if let foreman, run.isDead(foreman.card) { try store.bury(id) }
        }
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
            if let ending = try lead() { return ending }
            if leader == nil { return nil }
        } else if pulse.phase == .complete {
            return .complete
        }
        guard running < run.card.capacity else { return nil }
        let free = try share() - running
        guard free > 0 else { return nil }
        for claim in try store.claim(free, by: worker) {
            running += 1
            let plan = claim.task.kind == .slot ? leader?.plan(of: claim.task.number) : nil
            group.addTask(executorPreference: globalConcurrentExecutor) { [run] in
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

    /// Commits what has come in and opens what follows; from then on somebody else leads if it is refused.
    private mutating func lead() throws -> Ending? {
        guard let events = try leader?.step(activeSeconds: pulse.activeSeconds) else {
            leader = nil
            return nil
        }
        for event in events { run.observe(event) }
        return leader?.phase == .complete ? .complete : nil
    }

    /// The tasks that this worker may hold. While it is alone it need not look anew each time.
    private mutating func share() throws -> Int {
        var most = run.card.capacity
        // A measurement takes minutes and asks no model: who holds many lets them wait.
        if (leader?.phase ?? pulse.phase) == .verifying { most = min(most, 2 * run.card.hands) }
        if let workload, workload.hands <= run.card.hands { return most }
        let current = try store.workload()
        workload = current
        return min(most, current.share(of: run.card))
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
