import EvolveTypes
import Foundation
import GRDB
import RunStore

/// What workers share, as rows that come and go. See `WorkQueue` for the rules; `WorkTable` says the same without a database.
extension SQLiteRunStore: WorkQueue {
    /// Whether the worker of a joined row lives.
    private static let isAlive = "(w.hasLeft = 0 AND w.boot = :boot AND :now < w.seen + w.lease)"

    private func now(_ more: [String: (any DatabaseValueConvertible)?] = [:]) -> StatementArguments {
        StatementArguments(["boot": clock.boot, "now": clock.now()]) + StatementArguments(more)
    }

    package func join(_ card: WorkerCard, lease: Double) throws -> WorkerID {
        try work { database in
            try database.cachedStatement(
                sql: """
                    INSERT INTO worker (card, boot, lease, joined, seen) VALUES (:card, :boot, :lease, :now, :now)
                    """
            ).execute(arguments: now(["card": try Self.json(card), "lease": lease]))
            return Int(database.lastInsertedRowID)
        }
    }

    package func renew(_ worker: WorkerID, done: Int) throws -> Pulse? {
        try work { database in
            guard try isAlive(worker, in: database) else { return nil }
            try count(worker, in: database)
            try database.cachedStatement(sql: "UPDATE worker SET seen = :now, done = :done WHERE worker = :worker")
                .execute(arguments: ["now": clock.now(), "done": done, "worker": worker])
            return try pulse(in: database)
        }
    }

    package func leave(_ worker: WorkerID) throws {
        try work { database in
            guard try isAlive(worker, in: database) else { return }
            try count(worker, in: database)
            try database.execute(sql: "UPDATE worker SET hasLeft = 1 WHERE worker = ?", arguments: [worker])
            try database.execute(
                sql: "UPDATE task SET worker = NULL WHERE worker = ? AND result IS NULL", arguments: [worker])
        }
    }

    package func living() throws -> [(worker: WorkerID, card: WorkerCard)] {
        try read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT worker, card FROM worker w WHERE \(Self.isAlive) ORDER BY worker"), arguments: now()
            ).map { ($0["worker"], try Self.card($0)) }
        }
    }

    private static func card(_ row: Row) throws -> WorkerCard {
        try CanonicalJSON.decode(WorkerCard.self, from: Data((row["card"] as String).utf8))
    }

    package func bury(_ worker: WorkerID) throws {
        try work { try $0.execute(sql: "UPDATE worker SET lease = 0 WHERE worker = ?", arguments: [worker]) }
    }

    /// Of a leader, the time since its last sign of life is time of the run.
    private func count(_ worker: WorkerID, in database: Database) throws {
        try database.cachedStatement(
            sql: """
                UPDATE course SET beat = :now, active = active + min(
                    max(0, :now - beat), (SELECT lease FROM worker WHERE worker = :worker))
                WHERE leader = :worker
                """
        ).execute(arguments: ["now": clock.now(), "worker": worker])
    }

    private func isAlive(_ worker: WorkerID, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT \(Self.isAlive) FROM worker w WHERE worker = :worker"),
            arguments: now(["worker": worker])) ?? false
    }

    // MARK: - Leading

    package func lead(_ worker: WorkerID) throws -> Leadership? {
        try work { database in
            guard try isAlive(worker, in: database) else { return nil }
            try database.cachedStatement(
                sql: """
                    UPDATE course SET leader = :worker, epoch = epoch + 1, beat = :now
                    WHERE leader IS NULL OR leader = :worker
                        OR NOT EXISTS (SELECT 1 FROM worker w WHERE w.worker = leader AND \(Self.isAlive))
                    """
            ).execute(arguments: now(["worker": worker]))
            guard database.changesCount == 1 else { return nil }
            return try Int.fetchOne(database, sql: "SELECT epoch FROM course").map {
                Leadership(worker: worker, epoch: $0)
            }
        }
    }

    package func advance(_ step: Advance, by leadership: Leadership) throws -> Bool {
        try write { database in
            let leads = try Bool.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT \(Self.isAlive) FROM course JOIN worker w ON w.worker = course.leader
                        WHERE leader = :worker AND epoch = :epoch
                        """),
                arguments: now(["worker": leadership.worker, "epoch": leadership.epoch]))
            guard leads == true else { return false }
            try Self.insert(step.slots, into: database)
            for verification in step.verifications { try Self.insert(verification, into: database) }
            try Self.change(step, in: database)
            return true
        }
    }

    private static func change(_ step: Advance, in database: Database) throws {
        let drop = try database.cachedStatement(sql: "DELETE FROM task WHERE kind = ? AND number = ?")
        for line in step.slots { try drop.execute(arguments: [TaskKind.slot.rawValue, line.record.slot]) }
        for record in step.verifications {
            try drop.execute(arguments: [TaskKind.verification.rawValue, record.index])
        }
        if step.clears { try database.execute(sql: "DELETE FROM task") }
        for number in step.reopened {
            try database.execute(
                sql: "UPDATE task SET worker = NULL, result = NULL, fingerprint = NULL WHERE kind = ? AND number = ?",
                arguments: [TaskKind.slot.rawValue, number])
        }
        let open = try database.cachedStatement(
            sql: """
                INSERT INTO task (kind, number, plan) VALUES (?, ?, ?) ON CONFLICT (kind, number) DO UPDATE
                SET plan = excluded.plan, worker = NULL, fingerprint = NULL, result = NULL WHERE plan <> excluded.plan
                """)
        for task in step.opened { try open.execute(arguments: [task.kind.rawValue, task.number, task.plan]) }
        if let phase = step.phase {
            try database.execute(sql: "UPDATE course SET phase = ?", arguments: [phase.rawValue])
        }
    }

    // MARK: - Tasks

    package func claim(_ most: Int, by worker: WorkerID) throws -> [TaskClaim] {
        try work { database in
            guard try isAlive(worker, in: database) else { return [] }
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT kind, number, plan, epoch FROM task WHERE result IS NULL AND (
                            worker IS NULL
                            OR NOT EXISTS (SELECT 1 FROM worker w WHERE w.worker = task.worker AND \(Self.isAlive)))
                        ORDER BY number LIMIT :most
                        """),
                arguments: now(["most": most]))
            let take = try database.cachedStatement(
                sql: "UPDATE task SET worker = ?, epoch = epoch + 1 WHERE kind = ? AND number = ?")
            return try rows.compactMap { row in
                guard let kind = TaskKind(rawValue: row["kind"]) else { return nil }
                try take.execute(arguments: [worker, kind.rawValue, row["number"] as Int])
                return TaskClaim(
                    task: OpenTask(kind, row["number"], plan: row["plan"]), worker: worker, epoch: row["epoch"] + 1)
            }
        }
    }

    package func note(_ behaviours: [(claim: TaskClaim, fingerprint: String)]) throws -> [Int?] {
        try work { database in
            let lowest = try database.cachedStatement(
                sql: "SELECT min(number) FROM task WHERE kind = 'slot' AND number < ? AND fingerprint = ?")
            return try behaviours.map { claim, fingerprint in
                guard try set("fingerprint", to: fingerprint, of: claim, in: database) else { return nil }
                return try Int.fetchOne(lowest, arguments: [claim.task.number, fingerprint])
            }
        }
    }

    package func finish(_ results: [(claim: TaskClaim, bytes: Data)]) throws -> [TaskClaim] {
        try work { database in
            try results.filter { try set("result", to: $0.bytes, of: $0.claim, in: database) }.map(\.claim)
        }
    }

    /// False, and nothing changed, unless the claim is held.
    private func set(
        _ column: String, to value: some DatabaseValueConvertible, of claim: TaskClaim, in database: Database
    ) throws -> Bool {
        try database.cachedStatement(
            sql: """
                UPDATE task SET \(column) = :value
                WHERE kind = :kind AND number = :number AND worker = :worker AND epoch = :epoch AND result IS NULL
                    AND EXISTS (SELECT 1 FROM worker w WHERE w.worker = :worker AND \(Self.isAlive))
                """
        ).execute(
            arguments: now([
                "value": value, "kind": claim.task.kind.rawValue, "number": claim.task.number, "worker": claim.worker,
                "epoch": claim.epoch,
            ]))
        return database.changesCount == 1
    }

    package func results(of kind: TaskKind, from first: Int) throws -> [TaskResult] {
        try read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT number, result FROM task WHERE kind = ? AND number >= ? AND result IS NOT NULL
                        ORDER BY number
                        """),
                arguments: [kind.rawValue, first]
            ).map { TaskResult(number: $0["number"], bytes: $0["result"]) }
        }
    }

    // MARK: - For people

    package func workers() throws -> [WorkerStatus] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT worker, card, hasLeft, \(Self.isAlive) AS lives, :now - joined AS age, :now - seen AS silence,
                        done, (SELECT count(*) FROM task t WHERE t.worker = w.worker AND t.result IS NULL) AS holds
                    FROM worker w ORDER BY worker
                    """,
                arguments: now()
            ).map { row in
                let (hasLeft, lives): (Bool, Bool) = (row["hasLeft"], row["lives"])
                return WorkerStatus(
                    id: row["worker"],
                    card: try Self.card(row),
                    state: hasLeft ? .left : lives ? .working : .lost, age: row["age"], silence: row["silence"],
                    done: row["done"], holds: row["holds"])
            }
        }
    }

    package func openTasks() throws -> [TaskStatus] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT kind, number, worker, epoch, result IS NOT NULL AS finished FROM task ORDER BY number"
            ).compactMap { row in
                TaskKind(rawValue: row["kind"]).map {
                    TaskStatus(
                        kind: $0, number: row["number"], worker: row["worker"], epoch: row["epoch"],
                        isFinished: row["finished"])
                }
            }
        }
    }

    package func pulse() throws -> Pulse { try read { try pulse(in: $0) } }

    package func workload() throws -> Workload {
        try read { database in
            let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT (SELECT count(*) FROM task WHERE result IS NULL) AS unfinished, (
                            SELECT coalesce(sum(coalesce(
                                json_extract(card, '$.trainers'), json_extract(card, '$.capacity'))), 0)
                            FROM worker w WHERE \(Self.isAlive)) AS hands
                        """),
                arguments: now())
            return Workload(unfinished: row?["unfinished"] ?? 0, hands: row?["hands"] ?? 0)
        }
    }

    private func pulse(in database: Database) throws -> Pulse {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT phase, active, (
                        SELECT worker FROM worker w WHERE w.worker = leader AND \(Self.isAlive)) AS leader FROM course
                    """),
            arguments: now())
        guard let row, let phase = Phase(rawValue: row["phase"]) else {
            throw StoreFailures.damaged(path, "it does not say how far the run is")
        }
        return Pulse(phase: phase, activeSeconds: row["active"], leader: row["leader"])
    }

    /// A write that is not part of the run: it need not wait for the disk. A later one of the run takes it along.
    private func work<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try StoreFailures.translating(path) {
            try database.writeWithoutTransaction { database in
                try database.cachedStatement(sql: "PRAGMA synchronous = NORMAL").execute()
                defer { try? database.cachedStatement(sql: "PRAGMA synchronous = FULL").execute() }
                var result: Result?
                try database.inTransaction(.immediate) {
                    result = try body(database)
                    return .commit
                }
                guard let result else { throw Failure(.internalError, "a transaction has no result") }
                return result
            }
        }
    }
}
