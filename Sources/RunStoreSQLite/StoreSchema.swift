import GRDB

/// The tables of a store, as a numbered list of migrations.
///
/// Append-only: a migration that has been released is never edited, because stores that have run it are never asked to
/// run it again. A change of the tables is a new entry at the end.
struct StoreSchema: Sendable {
    struct Migration: Sendable {
        /// "v" and its number from 1; recorded in the store.
        var name: String
        var statements: String
    }

    var migrations: [Migration]

    static let current = StoreSchema(migrations: [v1, v2])

    /// Marks a SQLite file as ours: "EVOL" in ASCII, at byte 68 of the file (SQLite's `application_id`).
    static let applicationID: Int32 = 0x4556_4F4C

    var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { try $0.execute(sql: migration.statements) }
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
}
