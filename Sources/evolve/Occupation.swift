import EvolveTypes
import Foundation
import Reporting
import RunStore
import RunStorePostgres
import RunStoreSQLite

/// The right to work at a store, for as long as it is held.
enum Occupation {
    case file(RunLock, SQLiteRunStore)
    case database(PostgresRunStore)

    enum Role {
        /// Of `run`, `resume` and `verify`: refused where another process is at it, so that nobody starts one run twice by
        /// mistake.
        case owner
        /// Of `worker`: one of any number.
        case helper
    }

    /// - Throws: `Failure(.unavailable)` when another process is in the way.
    init(_ store: any WorkQueue, at place: StorePlace, as role: Role) throws {
        try store.buryDead()
        switch store {
        case let store as SQLiteRunStore:
            let lock =
                role == .owner
                ? try store.lockForRunning { Company(store)?.refusal(at: place) } : try store.lockForHelping()
            self = .file(lock, store)
        case let store as PostgresRunStore:
            if role == .owner, let company = Company(store) { throw company.refusal(at: place) }
            self = .database(store)
        default: throw Failure(.internalError, "a store of a kind that nobody can work at")
        }
    }

    func end() {
        switch self {
        case .file(let lock, let store):
            // Folds the write-ahead log into the one file that people copy; without it the store is whole all the same.
            try? store.close()
            lock.release()
        case .database(let store): store.close()
        }
    }
}

extension WorkQueue {
    /// Workers of this machine whose processes are gone need not be waited for.
    func buryDead() throws {
        for (worker, card) in try living() where card.isDead { try bury(worker) }
    }
}

/// Those who are at work at a store.
struct Company {
    private let first: WorkerStatus
    private let count: Int

    /// nil when nobody is, or nobody can be asked for.
    init?(_ store: any WorkQueue) {
        let workers = (try? store.workers())?.filter { $0.state == .working && !$0.card.isDead } ?? []
        guard let first = workers.first else { return nil }
        self.first = first
        count = workers.count
    }

    /// Of whoever would have the run for itself.
    func refusal(at place: StorePlace) -> Failure {
        let who = "\(first.card.place), for \(Figures.duration(first.age))"
        return Failure(
            .unavailable,
            "\(place) is being run by \(count == 1 ? "a worker" : "\(count) workers, the first") (\(who)): join in with "
                + "`evolve worker --store \(place.word)`, or look with `evolve status \(place.word)`")
    }
}
