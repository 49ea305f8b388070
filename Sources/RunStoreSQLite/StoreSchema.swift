import EvolveTypes
import Foundation
import GRDB
import RunStore

/// The tables of a store, as a numbered list of migrations.
///
/// Append-only: a migration that has been released is never edited, because stores that have run it are never asked to
/// run it again. A change of the tables is a new entry at the end.
struct StoreSchema: Sendable {
    struct Migration: Sendable {
        /// "v" and its number from 1; recorded in the store.
        var name: String
        var statements: String
        /// What no statement can do to the records, after the statements.
        var transform: (@Sendable (Database) throws -> Void)?
    }

    var migrations: [Migration]

    static let current = StoreSchema(migrations: [v1, v2, v3, v4, v5])

    /// Marks a SQLite file as ours: "EVOL" in ASCII, at byte 68 of the file (SQLite's `application_id`).
    static let applicationID: Int32 = 0x4556_4F4C

    var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { database in
                try database.execute(sql: migration.statements)
                try migration.transform?(database)
            }
        }
        return migrator
    }

    /// Each record is kept whole as canonical JSON; the columns beside it are the ones worth querying.
    private static let v1 = Migration(
        name: "v1",
        statements: """
            PRAGMA application_id = \(applicationID);
            CREATE TABLE manifest (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                name TEXT NOT NULL,
                seed TEXT NOT NULL,
                policy BLOB NOT NULL,
                replay INTEGER NOT NULL,
                createdAt REAL NOT NULL
            ) STRICT;
            CREATE TABLE definition (
                position INTEGER PRIMARY KEY,
                path TEXT NOT NULL UNIQUE,
                sha256 TEXT NOT NULL,
                bytes BLOB NOT NULL
            ) STRICT;
            CREATE TABLE answer (
                slot INTEGER NOT NULL,
                attempt INTEGER NOT NULL,
                model TEXT NOT NULL,
                failure TEXT,
                completionTokens INTEGER NOT NULL,
                seconds REAL NOT NULL,
                json TEXT NOT NULL,
                PRIMARY KEY (slot, attempt)
            ) STRICT;
            CREATE TABLE slot (
                slot INTEGER PRIMARY KEY,
                island TEXT NOT NULL,
                variation TEXT NOT NULL,
                verdict TEXT NOT NULL,
                gain REAL,
                cost REAL,
                source TEXT,
                json TEXT NOT NULL
            ) STRICT;
            CREATE TABLE verification (
                verification INTEGER PRIMARY KEY,
                stage TEXT NOT NULL,
                name TEXT NOT NULL,
                verdict TEXT NOT NULL,
                gain REAL,
                json TEXT NOT NULL
            ) STRICT;
            """)

    private static let v2 = Migration(
        name: "v2",
        statements: """
            CREATE TABLE amendment (
                amendment INTEGER PRIMARY KEY,
                slot INTEGER NOT NULL,
                json TEXT NOT NULL
            ) STRICT;
            """)

    /// A slot's line is the record without accidents, which stand beside it, and is chained to the one before; what workers
    /// share has tables of its own.
    private static let v3 = Migration(
        name: "v3",
        statements: """
            ALTER TABLE slot ADD COLUMN fingerprint TEXT;
            ALTER TABLE slot ADD COLUMN chain TEXT NOT NULL DEFAULT '';
            ALTER TABLE slot ADD COLUMN accidents TEXT NOT NULL DEFAULT '{}';
            CREATE INDEX slotOfBehaviour ON slot (fingerprint);
            CREATE TABLE call (
                slot INTEGER NOT NULL,
                attempt INTEGER NOT NULL,
                json TEXT NOT NULL,
                PRIMARY KEY (slot, attempt)
            ) STRICT;
            CREATE TABLE worker (
                worker INTEGER PRIMARY KEY AUTOINCREMENT,
                card TEXT NOT NULL,
                boot TEXT NOT NULL,
                lease REAL NOT NULL,
                joined REAL NOT NULL,
                seen REAL NOT NULL,
                hasLeft INTEGER NOT NULL DEFAULT 0,
                done INTEGER NOT NULL DEFAULT 0
            ) STRICT;
            CREATE TABLE task (
                kind TEXT NOT NULL,
                number INTEGER NOT NULL,
                plan BLOB NOT NULL,
                worker INTEGER,
                epoch INTEGER NOT NULL DEFAULT 0,
                fingerprint TEXT,
                result BLOB,
                PRIMARY KEY (kind, number)
            ) STRICT;
            CREATE TABLE course (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                leader INTEGER,
                epoch INTEGER NOT NULL,
                phase TEXT NOT NULL,
                active REAL NOT NULL,
                beat REAL NOT NULL
            ) STRICT;
            INSERT INTO course VALUES (1, NULL, 0, 'searching', 0, 0);
            CREATE TABLE snapshot (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                slots INTEGER NOT NULL,
                chain TEXT NOT NULL,
                version TEXT NOT NULL,
                state BLOB NOT NULL
            ) STRICT;
            """
    ) { database in
        struct Accidents: Decodable { var times: SlotRecord.Times }
        guard let manifest = try SQLiteRunStore.fetchManifest(database) else { return }
        var chain = try SlotChain.start(manifest)
        let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM slot") ?? 0
        for slot in 0..<count {
            let old = try String.fetchOne(database, sql: "SELECT json FROM slot WHERE slot = ?", arguments: [slot])
            let bytes = Data((old ?? "").utf8)
            let record = try CanonicalJSON.decode(SlotRecord.self, from: bytes)
            let times = try CanonicalJSON.decode(Accidents.self, from: bytes).times
            let line = try CanonicalJSON.encode(record)
            chain = SlotChain.link(after: chain, line: line)
            try database.execute(
                sql: "UPDATE slot SET json = ?, chain = ?, fingerprint = ?, accidents = ? WHERE slot = ?",
                arguments: [
                    String(decoding: line, as: UTF8.self), chain, record.fingerprint,
                    try SQLiteRunStore.json(SlotRecord.Accidents(times: times)), slot,
                ])
        }
    }

    private static let v4 = Migration(
        name: "v4",
        statements: """
            CREATE TABLE submission (
                submission INTEGER PRIMARY KEY,
                job TEXT NOT NULL,
                json TEXT NOT NULL
            ) STRICT;
            """)

    private static let v5 = Migration(
        name: "v5",
        statements: """
            CREATE TABLE answerTotal (
                model TEXT PRIMARY KEY,
                json TEXT NOT NULL
            ) STRICT;
            """
    ) { database in
        let answers = try String.fetchCursor(database, sql: "SELECT json FROM answer ORDER BY slot, attempt")
        var totals: [String: AnswerTotal] = [:]
        while let json = try answers.next() {
            let answer = try SQLiteRunStore.decode(AnswerRecord.self, json)
            totals[answer.model, default: AnswerTotal()].add(answer)
        }
        for (model, total) in totals {
            try database.execute(
                sql: "INSERT INTO answerTotal VALUES (?, ?)", arguments: [model, try SQLiteRunStore.json(total)])
        }
    }
}
