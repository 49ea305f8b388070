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

    package func record(_ answer: AnswerRecord) throws { try write { try SQLiteRunStore.insert(answer, into: $0) } }

    package func answers() throws -> [AnswerRecord] {
        try records(sql: "SELECT json FROM answer ORDER BY slot, attempt")
    }

    package func commit(_ record: SlotRecord) throws {
        try write { database in
            try AppendOrder.check(record.slot, next: try SQLiteRunStore.next(database, of: "slot"), noun: "slot")
            try database.execute(
                sql: "INSERT INTO slot (slot, island, variation, verdict, gain, cost, source, json) "
                    + "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    record.slot, record.island, record.variation, record.verdict.name, record.verdict.score?.gain.mean,
                    record.cost, record.source, try SQLiteRunStore.json(record),
                ])
        }
    }

    package func slotCount() throws -> Int { try read { try SQLiteRunStore.next($0, of: "slot") } }

    package func slots(from first: Int) throws -> [SlotRecord] {
        try records(sql: "SELECT json FROM slot WHERE slot >= ? ORDER BY slot", arguments: [first])
    }

    package func record(_ verification: VerificationRecord) throws {
        try write { database in
            let next = try SQLiteRunStore.next(database, of: "verification")
            try AppendOrder.check(verification.index, next: next, noun: "verification")
            try database.execute(
                sql:
                    "INSERT INTO verification (verification, stage, name, verdict, gain, json) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    verification.index, verification.stage.rawValue, verification.name, verification.verdict.name,
                    verification.verdict.score?.gain.mean, try SQLiteRunStore.json(verification),
                ])
        }
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

    // MARK: - Rows

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

    static func insert(_ answer: AnswerRecord, into database: Database) throws {
        let known = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM answer WHERE slot = ? AND attempt = ?)",
            arguments: [answer.slot, answer.attempt])
        if known == true { throw AppendOrder.duplicateAnswer(answer) }
        try database.execute(
            sql: "INSERT INTO answer (slot, attempt, model, failure, completionTokens, seconds, json) "
                + "VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                answer.slot, answer.attempt, answer.model, answer.failure, answer.completionTokens, answer.seconds,
                try json(answer),
            ])
    }

    static func insert(_ amendment: AmendmentRecord, into database: Database) throws {
        try AppendOrder.check(amendment.index, next: try next(database, of: "amendment"), noun: "amendment")
        try database.execute(
            sql: "INSERT INTO amendment (amendment, slot, json) VALUES (?, ?, ?)",
            arguments: [amendment.index, amendment.slot, try json(amendment)])
    }

    private static func fetchManifest(_ database: Database) throws -> RunManifest? {
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

    private static func json(_ record: some Encodable) throws -> String {
        String(decoding: try CanonicalJSON.encode(record), as: UTF8.self)
    }

    private func records<Record: Decodable>(
        sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> [Record] {
        try read { database in
            try String.fetchAll(database, sql: sql, arguments: arguments).map { text in
                try CanonicalJSON.decode(Record.self, from: Data(text.utf8))
            }
        }
    }

    private func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try StoreFailures.translating(path) { try database.read(body) }
    }

    private func write(_ body: (Database) throws -> Void) throws {
        try StoreFailures.translating(path) { try database.write(body) }
    }
}
