import EvolveTypes
import Foundation
import RunStore

/// What workers share, as rows that come and go. See `WorkQueue` for the rules; `WorkTable` says the same without a database.
extension PostgresRunStore: WorkQueue {
    /// The time, with parameter $2: nil means the server's own.
    private static let now = "coalesce($2::float8, extract(epoch FROM clock_timestamp())::float8)"
    /// Whether the worker of row w lives.
    private static let isAlive = "(NOT w.has_left AND \(now) < w.seen + w.lease)"

    /// $1 and $2 of every statement below, and those that follow.
    private func with(_ more: (any PostgresValue)?...) -> [(any PostgresValue)?] { [run, clock?()] + more }

    package func join(_ card: WorkerCard, lease: Double) throws -> WorkerID {
        try call { connection in
            // Whoever left these has long known what it wanted to know.
            try connection.execute("DELETE FROM evolve.mark WHERE at < now() - interval '1 day'")
            return try connection.execute(
                """
                INSERT INTO evolve.worker (run, card, lease, joined, seen)
                VALUES ($1, $3, $4, \(Self.now), \(Self.now)) RETURNING id
                """,
                with(try Self.json(card), lease)
            ).only().value("id")
        }
    }

    package func renew(_ worker: WorkerID, done: Int) throws -> Pulse? {
        let lives = try call { connection in
            try connection.execute(
                """
                WITH counted AS (
                    UPDATE evolve.course c SET beat = \(Self.now),
                        active = c.active + least(greatest(0, \(Self.now) - c.beat), w.lease)
                    FROM evolve.worker w
                    WHERE c.run = $1 AND c.leader = $3 AND w.id = $3 AND \(Self.isAlive))
                UPDATE evolve.worker w SET seen = \(Self.now), done = $4 WHERE w.run = $1 AND w.id = $3 AND \(Self.isAlive)
                """,
                with(worker, done)
            ).affected == 1
        }
        return lives ? try pulse() : nil
    }

    package func leave(_ worker: WorkerID) throws {
        try transact { connection in
            try connection.execute(
                """
                UPDATE evolve.course c SET beat = \(Self.now),
                    active = c.active + least(greatest(0, \(Self.now) - c.beat), w.lease)
                FROM evolve.worker w WHERE c.run = $1 AND c.leader = $3 AND w.id = $3 AND \(Self.isAlive)
                """,
                with(worker))
            let left = try connection.execute(
                "UPDATE evolve.worker w SET has_left = true WHERE w.run = $1 AND w.id = $3 AND \(Self.isAlive)",
                with(worker))
            guard left.affected == 1 else { return }
            try connection.execute(
                "UPDATE evolve.task SET worker = NULL WHERE run = $1 AND worker = $2 AND result IS NULL",
                [run, worker])
        }
    }

    package func living() throws -> [(worker: WorkerID, card: WorkerCard)] {
        try call { connection in
            try connection.execute(
                "SELECT w.id, w.card FROM evolve.worker w WHERE w.run = $1 AND \(Self.isAlive) ORDER BY w.id", with()
            ).map { (try $0.value("id"), try Self.decode(WorkerCard.self, $0, "card")) }
        }
    }

    package func bury(_ worker: WorkerID) throws {
        _ = try call { connection in
            try connection.execute("UPDATE evolve.worker SET lease = 0 WHERE run = $1 AND id = $2", [run, worker])
        }
    }

    // MARK: - Leading

    package func lead(_ worker: WorkerID) throws -> Leadership? {
        try call { connection in
            try connection.execute(
                """
                UPDATE evolve.course c SET leader = $3, epoch = c.epoch + 1, beat = \(Self.now)
                WHERE c.run = $1
                    AND EXISTS (SELECT 1 FROM evolve.worker w WHERE w.run = $1 AND w.id = $3 AND \(Self.isAlive))
                    AND (c.leader IS NULL OR c.leader = $3
                        OR NOT EXISTS (SELECT 1 FROM evolve.worker w WHERE w.id = c.leader AND \(Self.isAlive)))
                RETURNING epoch
                """,
                with(worker)
            ).first.map { Leadership(worker: worker, epoch: try $0.value("epoch")) }
        }
    }

    package func advance(_ step: Advance, by leadership: Leadership) throws -> Bool {
        try transact { connection in
            // Held to the end of the transaction: nobody else comes to lead meanwhile.
            let leads = try connection.execute(
                """
                SELECT \(Self.isAlive) AS lives FROM evolve.course c JOIN evolve.worker w ON w.id = c.leader
                WHERE c.run = $1 AND c.leader = $3 AND c.epoch = $4 FOR UPDATE OF c
                """,
                with(leadership.worker, leadership.epoch)
            ).first
            guard try leads?.value("lives", as: Bool.self) == true else { return false }
            try Self.insert(step.slots, of: run, into: connection)
            for verification in step.verifications { try Self.insert(verification, of: run, into: connection) }
            try change(step, in: connection)
            return true
        }
    }

    private func change(_ step: Advance, in connection: PostgresConnection) throws {
        func done(_ kind: TaskKind, _ numbers: [Int]) throws {
            guard !numbers.isEmpty else { return }
            try connection.execute(
                """
                DELETE FROM evolve.task WHERE run = $1 AND kind = $2
                    AND number IN (SELECT value::bigint FROM json_array_elements_text($3::json))
                """,
                [run, kind.rawValue, try Self.json(numbers)])
        }
        try done(.slot, step.slots.map(\.record.slot))
        try done(.verification, step.verifications.map(\.index))
        if step.clears { try connection.execute("DELETE FROM evolve.task WHERE run = $1", [run]) }
        for number in step.reopened {
            try connection.execute(
                """
                UPDATE evolve.task SET worker = NULL, result = NULL, fingerprint = NULL
                WHERE run = $1 AND kind = 'slot' AND number = $2
                """,
                [run, number])
        }
        try open(step.opened, in: connection)
        if let phase = step.phase {
            try connection.execute("UPDATE evolve.course SET phase = $2 WHERE run = $1", [run, phase.rawValue])
        }
    }

    private struct TaskRow: Encodable {
        var kind: TaskKind
        var number: Int
        /// As JSON writes it: base64.
        var plan: Data
    }

    private func open(_ tasks: [OpenTask], in connection: PostgresConnection) throws {
        guard !tasks.isEmpty else { return }
        try connection.execute(
            """
            INSERT INTO evolve.task AS old (run, kind, number, plan)
            SELECT $1, kind, number, decode(plan, 'base64')
            FROM json_to_recordset($2::json) AS row (kind text, number bigint, plan text)
            ON CONFLICT (run, kind, number) DO UPDATE
            SET plan = excluded.plan, worker = NULL, fingerprint = NULL, result = NULL WHERE old.plan <> excluded.plan
            """,
            [run, try Self.json(tasks.map { TaskRow(kind: $0.kind, number: $0.number, plan: $0.plan) })])
    }

    // MARK: - Tasks

    /// Lets the statement that reads it return before the disk has what it wrote. Only for what may be forgotten when the server
    /// crashes: of a claim, somebody else then claims the task, and the epoch they may share is told apart by the worker.
    private static let lax = "lax AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))"

    /// A statement of its own; should its answer be lost, the claim's name tells what it has taken.
    package func claim(_ most: Int, by worker: WorkerID) throws -> [TaskClaim] {
        let name = UUID().uuidString
        var isRepeated = false
        return try call { connection in
            let columns = "kind, number, plan, epoch"
            var rows: PostgresRows?
            if isRepeated {
                rows = try connection.execute(
                    "SELECT \(columns) FROM evolve.task WHERE run = $1 AND worker = $2 AND claim = $3 ORDER BY number",
                    [run, worker, name])
            }
            isRepeated = true
            if rows?.isEmpty ?? true {
                rows = try connection.execute(
                    """
                    WITH \(Self.lax), free AS (
                        SELECT t.kind, t.number FROM evolve.task t
                        WHERE t.run = $1 AND t.result IS NULL AND (t.worker IS NULL OR NOT EXISTS (
                            SELECT 1 FROM evolve.worker w WHERE w.id = t.worker AND \(Self.isAlive)))
                        ORDER BY t.number LIMIT $4 FOR UPDATE OF t SKIP LOCKED)
                    UPDATE evolve.task t SET worker = $3, epoch = t.epoch + 1, claim = $5 FROM free, lax
                    WHERE t.run = $1 AND t.kind = free.kind AND t.number = free.number
                        AND EXISTS (SELECT 1 FROM evolve.worker w WHERE w.run = $1 AND w.id = $3 AND \(Self.isAlive))
                    RETURNING t.kind, t.number, t.plan, t.epoch
                    """,
                    with(worker, most, name))
            }
            return try (rows.map(Array.init) ?? []).map { row in
                guard let kind = TaskKind(rawValue: try row.value("kind")) else {
                    throw Failure(.badInput, "\(address) holds a task of a kind unknown here: update evolve")
                }
                return TaskClaim(
                    task: OpenTask(kind, try row.value("number"), plan: try row.value("plan")), worker: worker,
                    epoch: try row.value("epoch"))
            }.sorted { $0.task.number < $1.task.number }
        }
    }

    private struct BehaviourRow: Encodable {
        var number: Int
        var worker: WorkerID
        var epoch: Int
        var fingerprint: String
    }

    package func note(_ behaviours: [(claim: TaskClaim, fingerprint: String)]) throws -> [Int?] {
        let rows = behaviours.map { claim, fingerprint in
            BehaviourRow(
                number: claim.task.number, worker: claim.worker, epoch: claim.epoch, fingerprint: fingerprint)
        }
        let twins = try call { connection in
            let noted = try connection.execute(
                """
                WITH \(Self.lax)
                UPDATE evolve.task t SET fingerprint = row.fingerprint
                FROM json_to_recordset($3::json) AS row (number bigint, worker bigint, epoch int, fingerprint text), lax
                WHERE t.run = $1 AND t.kind = 'slot' AND t.number = row.number AND t.worker = row.worker
                    AND t.epoch = row.epoch AND t.result IS NULL
                    AND EXISTS (SELECT 1 FROM evolve.worker w WHERE w.id = row.worker AND \(Self.isAlive))
                RETURNING t.number
                """,
                with(try Self.json(rows))
            ).map { try $0.value("number", as: Int.self) }
            return try connection.execute(
                """
                SELECT t.number, min(other.number) AS lowest FROM evolve.task t JOIN evolve.task other
                ON other.run = t.run AND other.kind = t.kind AND other.number < t.number
                    AND other.fingerprint = t.fingerprint
                WHERE t.run = $1 AND t.kind = 'slot'
                    AND t.number IN (SELECT value::bigint FROM json_array_elements_text($2::json))
                GROUP BY t.number
                """,
                [run, try Self.json(noted)]
            ).map { (try $0.value("number", as: Int.self), try $0.value("lowest", as: Int.self)) }
        }
        let lowest = Dictionary(twins, uniquingKeysWith: min)
        return behaviours.map { lowest[$0.claim.task.number] }
    }

    private struct ResultRow: Encodable {
        var kind: TaskKind
        var number: Int
        var worker: WorkerID
        var epoch: Int
        /// As JSON writes it: base64.
        var result: Data
    }

    /// Should the answer be lost, a repetition finds the results there and says that they are not needed: which is true.
    package func finish(_ results: [(claim: TaskClaim, bytes: Data)]) throws -> [TaskClaim] {
        let rows = results.map { claim, bytes in
            ResultRow(
                kind: claim.task.kind, number: claim.task.number, worker: claim.worker, epoch: claim.epoch,
                result: bytes)
        }
        let held = try call { connection in
            try connection.execute(
                """
                UPDATE evolve.task t SET result = decode(row.result, 'base64')
                FROM json_to_recordset($3::json) AS row (
                    kind text, number bigint, worker bigint, epoch int, result text)
                WHERE t.run = $1 AND t.kind = row.kind AND t.number = row.number AND t.worker = row.worker
                    AND t.epoch = row.epoch AND t.result IS NULL
                    AND EXISTS (SELECT 1 FROM evolve.worker w WHERE w.id = row.worker AND \(Self.isAlive))
                RETURNING t.kind || ' ' || t.number AS name
                """,
                with(try Self.json(rows))
            ).map { try $0.value("name", as: String.self) }
        }
        return results.map(\.claim).filter { held.contains("\($0.task.kind.rawValue) \($0.task.number)") }
    }

    package func results(of kind: TaskKind, from first: Int) throws -> [TaskResult] {
        try call { connection in
            try connection.execute(
                """
                SELECT number, result FROM evolve.task
                WHERE run = $1 AND kind = $2 AND number >= $3 AND result IS NOT NULL ORDER BY number
                """,
                [run, kind.rawValue, first]
            ).map { TaskResult(number: try $0.value("number"), bytes: try $0.value("result")) }
        }
    }

    // MARK: - For people

    package func workers() throws -> [WorkerStatus] {
        try call { connection in
            try connection.execute(
                """
                SELECT w.id, w.card, w.has_left, \(Self.isAlive) AS lives, \(Self.now) - w.joined AS age,
                    \(Self.now) - w.seen AS silence, w.done, (
                        SELECT count(*) FROM evolve.task t
                        WHERE t.run = $1 AND t.worker = w.id AND t.result IS NULL) AS holds
                FROM evolve.worker w WHERE w.run = $1 ORDER BY w.id
                """,
                with()
            ).map { row in
                let hasLeft: Bool = try row.value("has_left")
                let lives: Bool = try row.value("lives")
                return WorkerStatus(
                    id: try row.value("id"), card: try Self.decode(WorkerCard.self, row, "card"),
                    state: hasLeft ? .left : lives ? .working : .lost, age: try row.value("age"),
                    silence: try row.value("silence"), done: try row.value("done"), holds: try row.value("holds"))
            }
        }
    }

    package func openTasks() throws -> [TaskStatus] {
        try call { connection in
            try connection.execute(
                """
                SELECT kind, number, worker, epoch, result IS NOT NULL AS finished FROM evolve.task
                WHERE run = $1 ORDER BY number
                """,
                [run]
            ).compactMap { row in
                guard let kind = TaskKind(rawValue: try row.value("kind")) else { return nil }
                return TaskStatus(
                    kind: kind, number: try row.value("number"), worker: try row.optional("worker"),
                    epoch: try row.value("epoch"), isFinished: try row.value("finished"))
            }
        }
    }

    package func pulse() throws -> Pulse {
        try call { connection in
            let row = try connection.execute(
                """
                SELECT c.phase, c.active, (
                    SELECT w.id FROM evolve.worker w WHERE w.id = c.leader AND \(Self.isAlive)) AS leader
                FROM evolve.course c WHERE c.run = $1
                """,
                with()
            ).only()
            guard let phase = Phase(rawValue: try row.value("phase")) else {
                throw Failure(.badInput, "\(address) is in a phase unknown here: update evolve")
            }
            return Pulse(phase: phase, activeSeconds: try row.value("active"), leader: try row.optional("leader"))
        }
    }

    package func workload() throws -> Workload {
        try call { connection in
            let row = try connection.execute(
                """
                SELECT (SELECT count(*) FROM evolve.task t WHERE t.run = $1 AND t.result IS NULL) AS unfinished, (
                    SELECT coalesce(sum(coalesce(w.card::json->>'trainers', w.card::json->>'capacity')::bigint), 0)::bigint
                    FROM evolve.worker w WHERE w.run = $1 AND \(Self.isAlive)) AS hands
                """,
                with()
            ).only()
            return Workload(unfinished: try row.value("unfinished"), hands: try row.value("hands"))
        }
    }
}
