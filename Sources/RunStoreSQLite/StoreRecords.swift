import EvolveTypes
import Foundation
import GRDB
import RunStore

/// The records of a run as rows: each whole as canonical JSON, with copies of what is worth querying.
extension SQLiteRunStore: RunStore {
    package func manifest() throws -> RunManifest {
        guard let manifest = try read(SQLiteRunStore.fetchManifest) else {
            throw StoreFailures.damaged(path, "it has no manifest")
        }
        return manifest
    }

    // MARK: - Calls and answers

    package func begin(_ calls: [CallRecord]) throws -> [Int] {
        try write { database in
            let next = try database.cachedStatement(
                sql: """
                    SELECT max(attempt) + 1 FROM (
                        SELECT attempt FROM call WHERE slot = :slot UNION SELECT attempt FROM answer WHERE slot = :slot)
                    """)
            let insert = try database.cachedStatement(sql: "INSERT INTO call (slot, attempt, json) VALUES (?, ?, ?)")
            return try calls.map { call in
                var call = call
                call.attempt = try Int.fetchOne(next, arguments: ["slot": call.slot]) ?? 0
                try insert.execute(arguments: [call.slot, call.attempt, try Self.json(call)])
                return call.attempt
            }
        }
    }

    package func openCalls(of slot: Int) throws -> [CallRecord] {
        try records(
            sql: """
                SELECT json FROM call WHERE slot = ? AND NOT EXISTS (
                    SELECT 1 FROM answer WHERE answer.slot = call.slot AND answer.attempt = call.attempt)
                ORDER BY attempt
                """,
            arguments: [slot])
    }

    package func record(_ answers: [AnswerRecord]) throws -> [Bool] {
        try write { try SQLiteRunStore.insert(answers, into: $0) }
    }

    package func answers(after place: AnswerPlace?, most: Int) throws -> [AnswerRecord] {
        try records(
            sql: "SELECT json FROM answer WHERE (slot, attempt) > (?, ?) ORDER BY slot, attempt LIMIT ?",
            arguments: [place?.slot ?? -1, place?.attempt ?? -1, most])
    }

    package func answers(of slot: Int) throws -> [AnswerRecord] {
        try records(sql: "SELECT json FROM answer WHERE slot = ? ORDER BY attempt", arguments: [slot])
    }

    package func answerTotals() throws -> [String: AnswerTotal] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT model, json FROM answerTotal").reduce(into: [:]) { totals, row in
                totals[row["model"]] = try Self.decode(AnswerTotal.self, row["json"])
            }
        }
    }

    // MARK: - Slots

    package func commit(_ records: [SlotRecord]) throws {
        let lines = try records.map(SlotLine.init)
        try write { try Self.insert(lines, into: $0) }
    }

    package func slotCount() throws -> Int { try read { try SQLiteRunStore.next($0, of: "slot") } }

    package func slots(from first: Int, most: Int) throws -> [SlotRecord] {
        try read { try Self.slots("slot >= ? ORDER BY slot LIMIT ?", [first, most], in: $0) }
    }

    package func slot(_ number: Int) throws -> SlotRecord? {
        try read { try Self.slots("slot = ?", [number], in: $0).first }
    }

    package func firstSlots(behaving fingerprints: [String]) throws -> [String: CandidateID] {
        try read { database in
            let first = try database.cachedStatement(sql: "SELECT min(slot) FROM slot WHERE fingerprint = ?")
            var found: [String: CandidateID] = [:]
            for fingerprint in fingerprints {
                found[fingerprint] = try Int.fetchOne(first, arguments: [fingerprint])
            }
            return found
        }
    }

    package func chain(before number: Int) throws -> String { try read { try Self.chain(before: number, in: $0) } }

    // MARK: - Verification, amendments, snapshots

    package func record(_ verification: VerificationRecord) throws {
        try write { try Self.insert(verification, into: $0) }
    }

    package func verifications() throws -> [VerificationRecord] {
        try records(sql: "SELECT json FROM verification ORDER BY verification")
    }

    package func record(_ amendment: AmendmentRecord) throws {
        try write { try SQLiteRunStore.insert(amendment, into: $0) }
    }

    package func amendments() throws -> [AmendmentRecord] {
        try records(sql: "SELECT json FROM amendment ORDER BY amendment")
    }

    package func keep(_ snapshot: Snapshot) throws {
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO snapshot (id, slots, chain, version, state) VALUES (1, ?, ?, ?, ?)",
                arguments: [snapshot.slots, snapshot.chain, snapshot.version, snapshot.state])
        }
    }

    package func snapshot() throws -> Snapshot? {
        try read { database in
            try Row.fetchOne(database, sql: "SELECT slots, chain, version, state FROM snapshot").map {
                Snapshot(slots: $0["slots"], chain: $0["chain"], version: $0["version"], state: $0["state"])
            }
        }
    }

    package func checkStorage() throws {
        let finding = try read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        guard finding == "ok" else { throw StoreFailures.damaged(path, finding ?? "no tables") }
    }

    // MARK: - Submissions

    package func record(_ submission: SubmissionRecord) throws {
        try write { database in
            try database.execute(
                sql: "INSERT INTO submission (job, json) VALUES (?, ?)",
                arguments: [submission.job, try Self.json(submission)])
        }
    }

    package func submissions() throws -> [SubmissionRecord] {
        try records(sql: "SELECT json FROM submission ORDER BY submission")
    }

    // MARK: - Rows

    static func insert(_ lines: [SlotLine], into database: Database) throws {
        guard let first = lines.first?.record else { return }
        let next = try next(database, of: "slot")
        var chain = try chain(before: min(next, first.slot), in: database)
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO slot (
                    slot, island, variation, verdict, gain, cost, source, fingerprint, json, chain, accidents)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for (offset, line) in lines.enumerated() {
            let record = line.record
            try AppendOrder.check(record.slot, next: next + offset, noun: "slot")
            chain = SlotChain.link(after: chain, line: line.bytes)
            try insert.execute(arguments: [
                record.slot, record.island, record.variation, record.verdict.name, record.verdict.score?.gain.mean,
                record.cost, record.source, record.fingerprint, String(decoding: line.bytes, as: UTF8.self), chain,
                try json(record.accidents),
            ])
        }
    }

    private static func slots(
        _ condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [SlotRecord] {
        let statement = try database.cachedStatement(sql: "SELECT json, accidents FROM slot WHERE \(condition)")
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            var record = try decode(SlotRecord.self, row["json"])
            record.accidents = try decode(SlotRecord.Accidents.self, row["accidents"])
            return record
        }
    }

    private static func chain(before number: Int, in database: Database) throws -> String {
        if number <= 0, let manifest = try fetchManifest(database) { return try SlotChain.start(manifest) }
        let chain = try String.fetchOne(
            database.cachedStatement(sql: "SELECT chain FROM slot WHERE slot = ?"), arguments: [number - 1])
        guard let chain else { throw AppendOrder.missingSlot(number - 1) }
        return chain
    }

    static func insert(_ verification: VerificationRecord, into database: Database) throws {
        let next = try next(database, of: "verification")
        try AppendOrder.check(verification.index, next: next, noun: "verification")
        try database.execute(
            sql: "INSERT INTO verification (verification, stage, name, verdict, gain, json) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                verification.index, verification.stage.rawValue, verification.name, verification.verdict.name,
                verification.verdict.score?.gain.mean, try json(verification),
            ])
    }

    static func insert(_ manifest: RunManifest, into database: Database) throws {
        try database.execute(
            sql: "INSERT INTO manifest (id, name, seed, policy, replay, createdAt) VALUES (1, ?, ?, ?, ?, ?)",
            arguments: [
                // The seed as text: SQLite's integers are signed.
                manifest.name, String(manifest.seed), manifest.policy, manifest.replay,
                manifest.createdAt.timeIntervalSince1970,
            ])
        for (position, file) in manifest.definitions.enumerated() {
            try database.execute(
                sql: "INSERT INTO definition (position, path, sha256, bytes) VALUES (?, ?, ?, ?)",
                arguments: [position, file.path, file.sha256, file.bytes])
        }
    }

    /// - Returns: of each false when its call has an answer already.
    @discardableResult
    static func insert(_ answers: [AnswerRecord], into database: Database) throws -> [Bool] {
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO answer (slot, attempt, model, failure, completionTokens, seconds, json)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """)
        let outcomes = try answers.map { answer in
            try insert.execute(arguments: [
                answer.slot, answer.attempt, answer.model, answer.failure, answer.completionTokens, answer.seconds,
                try json(answer),
            ])
            return database.changesCount == 1
        }
        try count(zip(answers, outcomes).filter(\.1).map(\.0), in: database)
        return outcomes
    }

    /// Adds to the totals.
    private static func count(_ answers: [AnswerRecord], in database: Database) throws {
        for (model, answers) in Dictionary(grouping: answers, by: \.model) {
            let known = try String.fetchOne(
                database.cachedStatement(sql: "SELECT json FROM answerTotal WHERE model = ?"), arguments: [model])
            var total = try known.map { try decode(AnswerTotal.self, $0) } ?? AnswerTotal()
            for answer in answers { total.add(answer) }
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO answerTotal (model, json) VALUES (?, ?)")
                .execute(arguments: [model, try json(total)])
        }
    }

    static func insert(_ amendment: AmendmentRecord, into database: Database) throws {
        try AppendOrder.check(amendment.index, next: try next(database, of: "amendment"), noun: "amendment")
        try database.execute(
            sql: "INSERT INTO amendment (amendment, slot, json) VALUES (?, ?, ?)",
            arguments: [amendment.index, amendment.slot, try json(amendment)])
    }

    static func fetchManifest(_ database: Database) throws -> RunManifest? {
        let definitions = try Row.fetchAll(database, sql: "SELECT path, bytes FROM definition ORDER BY position")
        let row = try Row.fetchOne(database, sql: "SELECT name, seed, policy, replay, createdAt FROM manifest")
        guard let row, let seed = UInt64(row["seed"] as String) else { return nil }
        return RunManifest(
            name: row["name"], seed: seed, policy: row["policy"],
            definitions: definitions.map { DefinitionFile(path: $0["path"], bytes: $0["bytes"]) },
            replay: row["replay"], createdAt: Date(timeIntervalSince1970: row["createdAt"]))
    }

    /// How many rows the table has: its primary key, of the same name, counts from 0 without gaps.
    private static func next(_ database: Database, of table: String) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT MAX(\(table)) + 1 FROM \(table)") ?? 0
    }

    static func json(_ record: some Encodable) throws -> String {
        String(decoding: try CanonicalJSON.encode(record), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws -> Value {
        try CanonicalJSON.decode(type, from: Data(json.utf8))
    }

    private func records<Record: Decodable>(
        sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> [Record] {
        try read { database in
            try String.fetchAll(database, sql: sql, arguments: arguments).map { try Self.decode(Record.self, $0) }
        }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try StoreFailures.translating(path) { try database.read(body) }
    }

    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try StoreFailures.translating(path) { try database.write(body) }
    }
}
