import EvolveTypes
import Foundation
import RunStore

/// The records of a run as rows: each whole as canonical JSON, with copies of what is worth querying.
extension PostgresRunStore: RunStore {
    package func manifest() throws -> RunManifest {
        try call { connection in
            let row = try connection.execute(
                "SELECT experiment, seed, policy, replay, created FROM evolve.run WHERE id = $1", [run]
            ).only()
            let files = try connection.execute(
                "SELECT path, bytes FROM evolve.definition WHERE run = $1 ORDER BY position", [run])
            guard let seed = UInt64(try row.value("seed", as: String.self)) else {
                throw Failure(.badInput, "\(address) has no seed: it was not written by evolve")
            }
            return RunManifest(
                name: try row.value("experiment"), seed: seed, policy: try row.value("policy"),
                definitions: try files.map {
                    DefinitionFile(path: try $0.value("path"), bytes: try $0.value("bytes"))
                },
                replay: try row.value("replay"),
                createdAt: Date(timeIntervalSince1970: try row.value("created")))
        }
    }

    static func insert(_ manifest: RunManifest, named name: String, into connection: PostgresConnection) throws -> Int {
        let row = try connection.execute(
            """
            INSERT INTO evolve.run (name, experiment, seed, policy, replay, created) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (name) DO NOTHING RETURNING id
            """,
            [
                name, manifest.name, String(manifest.seed), manifest.policy, manifest.replay,
                manifest.createdAt.timeIntervalSince1970,
            ]
        ).first
        guard let row else {
            throw Failure(
                .misuse,
                "there is a run \(name) in the database already: go on with `evolve resume`, or name another by ?run=NAME"
            )
        }
        let run: Int = try row.value("id")
        for (position, file) in manifest.definitions.enumerated() {
            try connection.execute(
                "INSERT INTO evolve.definition (run, position, path, sha256, bytes) VALUES ($1, $2, $3, $4, $5)",
                [run, position, file.path, file.sha256, file.bytes])
        }
        try connection.execute("INSERT INTO evolve.course (run) VALUES ($1)", [run])
        return run
    }

    // MARK: - Calls and answers

    package func begin(_ calls: [CallRecord]) throws -> [Int] {
        try transact { connection in try calls.map { try begin($0, in: connection) } }
    }

    private func begin(_ call: CallRecord, in connection: PostgresConnection) throws -> Int {
        var call = call
        while true {
            call.attempt = try connection.execute(
                """
                SELECT coalesce(max(attempt) + 1, 0) AS attempt FROM (
                    SELECT attempt FROM evolve.call WHERE run = $1 AND slot = $2
                    UNION SELECT attempt FROM evolve.answer WHERE run = $1 AND slot = $2) AS known
                """,
                [run, call.slot]
            ).only().value("attempt")
            let rows = try connection.execute(
                """
                INSERT INTO evolve.call (run, slot, attempt, json) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
                """,
                [run, call.slot, call.attempt, try Self.json(call)])
            // Who has lost the slot and who has taken it over may begin at one moment.
            if rows.affected == 1 { return call.attempt }
        }
    }

    package func openCalls(of slot: Int) throws -> [CallRecord] {
        try records(
            CallRecord.self,
            """
            SELECT json FROM evolve.call c WHERE run = $1 AND slot = $2 AND NOT EXISTS (
                SELECT 1 FROM evolve.answer a WHERE a.run = c.run AND a.slot = c.slot AND a.attempt = c.attempt)
            ORDER BY attempt
            """,
            [run, slot])
    }

    package func record(_ answers: [AnswerRecord]) throws -> [Bool] {
        try transact { try Self.insert(answers, of: run, into: $0) }
    }

    /// - Returns: of each false when its call has an answer already.
    @discardableResult
    static func insert(_ answers: [AnswerRecord], of run: Int, into connection: PostgresConnection) throws -> [Bool] {
        let outcomes = try answers.map { answer in
            try connection.execute(
                """
                INSERT INTO evolve.answer (run, slot, attempt, model, failure, json) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT DO NOTHING
                """,
                [run, answer.slot, answer.attempt, answer.model, answer.failure, try json(answer)]
            ).affected == 1
        }
        // Last: until the transaction ends, others wait for the rows.
        try count(zip(answers, outcomes).filter(\.1).map(\.0), of: run, in: connection)
        return outcomes
    }

    /// Rows of a model's total, so that workers who record at once seldom wait for each other.
    private static let shards = 16

    /// Adds to the totals.
    private static func count(_ answers: [AnswerRecord], of run: Int, in connection: PostgresConnection) throws {
        let shard = (answers.first?.slot ?? 0) % shards
        // In one order, or two could wait for each other.
        for (model, answers) in Dictionary(grouping: answers, by: \.model).sorted(by: { $0.key < $1.key }) {
            let key: [(any PostgresValue)?] = [run, model, shard]
            func lock() throws -> AnswerTotal? {
                try connection.execute(
                    "SELECT json FROM evolve.answer_total WHERE run = $1 AND model = $2 AND shard = $3 FOR UPDATE",
                    key
                ).first.map { try decode(AnswerTotal.self, $0, "json") }
            }
            var total = try lock()
            if total == nil {
                try connection.execute(
                    """
                    INSERT INTO evolve.answer_total (run, model, shard, json) VALUES ($1, $2, $3, $4)
                    ON CONFLICT DO NOTHING
                    """, key + [try json(AnswerTotal())])
                total = try lock()
            }
            guard var total else { throw Failure(.internalError, "the total of \(model) is not there") }
            for answer in answers { total.add(answer) }
            try connection.execute(
                "UPDATE evolve.answer_total SET json = $4 WHERE run = $1 AND model = $2 AND shard = $3",
                key + [try json(total)])
        }
    }

    package func answerTotals() throws -> [String: AnswerTotal] {
        try call { connection in
            let rows = try connection.execute(
                "SELECT model, json FROM evolve.answer_total WHERE run = $1 ORDER BY model, shard", [run])
            return try rows.reduce(into: [:]) { totals, row in
                let model: String = try row.value("model")
                totals[model] = (totals[model] ?? AnswerTotal()) + (try Self.decode(AnswerTotal.self, row, "json"))
            }
        }
    }

    package func answers(after place: AnswerPlace?, most: Int) throws -> [AnswerRecord] {
        try records(
            AnswerRecord.self,
            """
            SELECT json FROM evolve.answer WHERE run = $1 AND (slot, attempt) > ($2, $3) ORDER BY slot, attempt LIMIT $4
            """,
            [run, place?.slot ?? -1, place?.attempt ?? -1, most])
    }

    package func answers(of slot: Int) throws -> [AnswerRecord] {
        try records(
            AnswerRecord.self, "SELECT json FROM evolve.answer WHERE run = $1 AND slot = $2 ORDER BY attempt",
            [run, slot])
    }

    // MARK: - Slots

    package func commit(_ records: [SlotRecord]) throws {
        try transact { connection in
            // One who commits at a time, and nobody between the look at the last slot and the next.
            try connection.execute("SELECT 1 FROM evolve.course WHERE run = $1 FOR UPDATE", [run])
            try Self.insert(try records.map(SlotLine.init), of: run, into: connection)
        }
    }

    /// In one statement, whatever their number.
    static func insert(_ lines: [SlotLine], of run: Int, into connection: PostgresConnection) throws {
        guard let first = lines.first?.record else { return }
        let next = try slotCount(of: run, in: connection)
        var chain = try self.chain(before: min(next, first.slot), of: run, in: connection)
        var rows: [SlotRow] = []
        for (offset, line) in lines.enumerated() {
            try AppendOrder.check(line.record.slot, next: next + offset, noun: "slot")
            chain = SlotChain.link(after: chain, line: line.bytes)
            rows.append(
                SlotRow(line.record, line: line.bytes, chain: chain, accidents: try json(line.record.accidents)))
        }
        try connection.execute(
            """
            INSERT INTO evolve.slot (
                run, slot, island, variation, verdict, gain, cost, source, fingerprint, json, chain, accidents)
            SELECT $1, slot, island, variation, verdict, gain, cost, source, fingerprint, json, chain, accidents
            FROM json_to_recordset($2::json) AS row (
                slot bigint, island text, variation text, verdict text, gain float8, cost float8, source text,
                fingerprint text, json text, chain text, accidents text)
            """,
            [run, try json(rows)])
    }

    private struct SlotRow: Encodable {
        var slot: Int
        var island, variation, verdict: String
        var gain, cost: Double?
        var source, fingerprint: String?
        var json, chain, accidents: String

        init(_ record: SlotRecord, line: Data, chain: String, accidents: String) {
            slot = record.slot
            (island, variation, verdict) = (record.island, record.variation, record.verdict.name)
            (gain, cost) = (record.verdict.score?.gain.mean, record.cost)
            // A text of PostgreSQL holds no NUL; the record itself writes it as an escape.
            source = record.source?.replacingOccurrences(of: "\0", with: "\u{FFFD}")
            fingerprint = record.fingerprint
            (json, self.chain, self.accidents) = (String(decoding: line, as: UTF8.self), chain, accidents)
        }
    }

    package func slotCount() throws -> Int { try call { try Self.slotCount(of: run, in: $0) } }

    static func slotCount(of run: Int, in connection: PostgresConnection) throws -> Int {
        try connection.execute("SELECT coalesce(max(slot) + 1, 0) AS count FROM evolve.slot WHERE run = $1", [run])
            .only().value("count")
    }

    package func slots(from first: Int, most: Int) throws -> [SlotRecord] {
        try slots("run = $1 AND slot >= $2 ORDER BY slot LIMIT $3", [run, first, most])
    }

    package func slot(_ number: Int) throws -> SlotRecord? { try slots("run = $1 AND slot = $2", [run, number]).first }

    private func slots(_ condition: String, _ parameters: [(any PostgresValue)?]) throws -> [SlotRecord] {
        try call { connection in
            try connection.execute("SELECT json, accidents FROM evolve.slot WHERE \(condition)", parameters).map {
                row in
                var record = try Self.decode(SlotRecord.self, row, "json")
                record.accidents = try Self.decode(SlotRecord.Accidents.self, row, "accidents")
                return record
            }
        }
    }

    package func firstSlots(behaving fingerprints: [String]) throws -> [String: CandidateID] {
        guard !fingerprints.isEmpty else { return [:] }
        return try call { connection in
            let rows = try connection.execute(
                """
                SELECT wanted.value AS fingerprint, found.slot FROM json_array_elements_text($2::json) AS wanted,
                LATERAL (SELECT min(slot) AS slot FROM evolve.slot WHERE run = $1 AND fingerprint = wanted.value) AS found
                WHERE found.slot IS NOT NULL
                """,
                [run, try Self.json(fingerprints)])
            return Dictionary(
                try rows.map { (try $0.value("fingerprint", as: String.self), try $0.value("slot", as: Int.self)) },
                uniquingKeysWith: min)
        }
    }

    package func chain(before number: Int) throws -> String {
        try call { try Self.chain(before: number, of: run, in: $0) }
    }

    private static func chain(before number: Int, of run: Int, in connection: PostgresConnection) throws -> String {
        guard number > 0 else {
            let row = try connection.execute("SELECT seed, policy FROM evolve.run WHERE id = $1", [run]).only()
            return try SlotChain.start(
                policy: try row.value("policy"), seed: UInt64(try row.value("seed", as: String.self)) ?? 0)
        }
        let row = try connection.execute(
            "SELECT chain FROM evolve.slot WHERE run = $1 AND slot = $2", [run, number - 1]
        ).first
        guard let row else { throw AppendOrder.missingSlot(number - 1) }
        return try row.value("chain")
    }

    // MARK: - Verification, amendments, snapshots

    package func record(_ verification: VerificationRecord) throws {
        try transact { try Self.insert(verification, of: run, into: $0) }
    }

    static func insert(_ verification: VerificationRecord, of run: Int, into connection: PostgresConnection) throws {
        try AppendOrder.check(
            verification.index, next: try count("verification", of: run, in: connection), noun: "verification")
        try connection.execute(
            """
            INSERT INTO evolve.verification (run, verification, stage, name, verdict, gain, json)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                run, verification.index, verification.stage.rawValue, verification.name, verification.verdict.name,
                verification.verdict.score?.gain.mean, try json(verification),
            ])
    }

    package func verifications() throws -> [VerificationRecord] {
        try records(
            VerificationRecord.self, "SELECT json FROM evolve.verification WHERE run = $1 ORDER BY verification", [run])
    }

    package func record(_ amendment: AmendmentRecord) throws {
        try transact { try Self.insert(amendment, of: run, into: $0) }
    }

    static func insert(_ amendment: AmendmentRecord, of run: Int, into connection: PostgresConnection) throws {
        try AppendOrder.check(amendment.index, next: try count("amendment", of: run, in: connection), noun: "amendment")
        try connection.execute(
            "INSERT INTO evolve.amendment (run, amendment, slot, json) VALUES ($1, $2, $3, $4)",
            [run, amendment.index, amendment.slot, try json(amendment)])
    }

    package func amendments() throws -> [AmendmentRecord] {
        try records(
            AmendmentRecord.self, "SELECT json FROM evolve.amendment WHERE run = $1 ORDER BY amendment", [run])
    }

    package func keep(_ snapshot: Snapshot) throws {
        try call { connection in
            _ = try connection.execute(
                """
                INSERT INTO evolve.snapshot (run, slots, chain, version, state) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (run) DO UPDATE SET slots = excluded.slots, chain = excluded.chain,
                    version = excluded.version, state = excluded.state
                """,
                [run, snapshot.slots, snapshot.chain, snapshot.version, snapshot.state])
        }
    }

    package func snapshot() throws -> Snapshot? {
        try call { connection in
            try connection.execute("SELECT slots, chain, version, state FROM evolve.snapshot WHERE run = $1", [run])
                .first.map {
                    Snapshot(
                        slots: try $0.value("slots"), chain: try $0.value("chain"), version: try $0.value("version"),
                        state: try $0.value("state"))
                }
        }
    }

    /// How many rows the table has: its key, of the same name, counts from 0 without gaps.
    private static func count(_ table: String, of run: Int, in connection: PostgresConnection) throws -> Int {
        try connection.execute(
            "SELECT coalesce(max(\(table)) + 1, 0) AS count FROM evolve.\(table) WHERE run = $1", [run]
        ).only().value("count")
    }

    // MARK: - Submissions

    package func record(_ submission: SubmissionRecord) throws {
        try transact { connection in
            _ = try connection.execute(
                "INSERT INTO evolve.submission (run, job, json) VALUES ($1, $2, $3)",
                [run, submission.job, try Self.json(submission)])
        }
    }

    package func submissions() throws -> [SubmissionRecord] {
        try records(SubmissionRecord.self, "SELECT json FROM evolve.submission WHERE run = $1 ORDER BY id", [run])
    }

    private func records<Record: Decodable & Sendable>(
        _ type: Record.Type, _ sql: String, _ parameters: [(any PostgresValue)?]
    ) throws -> [Record] {
        try call { connection in
            try connection.execute(sql, parameters).map { try Self.decode(type, $0, "json") }
        }
    }
}
