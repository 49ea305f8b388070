import Foundation

/// The same rules without a database.
extension InMemoryRunStore: WorkQueue {
    package func join(_ card: WorkerCard, lease: Double) -> WorkerID {
        table.withLock { $0.join(card, lease: lease, now: clock()) }
    }

    package func renew(_ worker: WorkerID, done: Int) -> Pulse? {
        table.withLock { $0.renew(worker, done: done, now: clock()) }
    }

    package func leave(_ worker: WorkerID) { table.withLock { $0.leave(worker, now: clock()) } }

    package func living() -> [(worker: WorkerID, card: WorkerCard)] { table.withLock { $0.living(clock()) } }

    package func bury(_ worker: WorkerID) { table.withLock { $0.bury(worker) } }

    package func lead(_ worker: WorkerID) -> Leadership? { table.withLock { $0.lead(worker, now: clock()) } }

    package func advance(_ step: Advance, by leadership: Leadership) throws -> Bool {
        try table.withLock { table in
            guard table.leads(leadership, now: clock()) else { return false }
            try commit(step.slots.map(\.record))
            for verification in step.verifications { try record(verification) }
            table.advance(step)
            return true
        }
    }

    package func claim(_ most: Int, by worker: WorkerID) -> [TaskClaim] {
        table.withLock { $0.claim(most, by: worker, now: clock()) }
    }

    package func note(_ behaviours: [(claim: TaskClaim, fingerprint: String)]) -> [Int?] {
        table.withLock { table in behaviours.map { table.note($0.fingerprint, of: $0.claim, now: clock()) } }
    }

    package func finish(_ results: [(claim: TaskClaim, bytes: Data)]) -> [TaskClaim] {
        table.withLock { table in
            results.filter { table.finish($0.claim, with: $0.bytes, now: clock()) }.map(\.claim)
        }
    }

    package func results(of kind: TaskKind, from first: Int) -> [TaskResult] {
        table.withLock { $0.results(of: kind, from: first) }
    }

    package func workers() -> [WorkerStatus] { table.withLock { $0.statuses(clock()) } }

    package func openTasks() -> [TaskStatus] { table.withLock(\.openTasks) }

    package func pulse() -> Pulse { table.withLock { $0.pulse(clock()) } }

    package func workload() -> Workload { table.withLock { $0.workload(clock()) } }
}
