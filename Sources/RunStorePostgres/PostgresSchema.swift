import EvolveTypes
import RunStore

/// The tables of all runs of a database, as a numbered list of migrations; see `RunStoreSQLite.StoreSchema` for what they
/// hold.
///
/// Append-only: a migration that has been released is never edited. A change of the tables is a new entry at the end.
struct PostgresSchema {
    struct Migration {
        var statements: String
        /// What no statement can do to the records, after the statements.
        var transform: (@Sendable (PostgresConnection) throws -> Void)?
    }

    /// The first is number 1.
    var migrations: [Migration]

    static let current = PostgresSchema(migrations: [Migration(statements: v1), Migration(statements: v2), v3])

    /// Names the lock that a migrating process holds: "EVOL" in ASCII.
    private static let lock = 0x4556_4F4C

    private static let version = "SELECT coalesce(max(number), 0) AS number FROM evolve.migration"

    /// Makes the database ready; does nothing where it is.
    func prepare(_ session: PostgresSession) throws {
        try session(PostgresRunStore.Absence().retrying(), for: 10) { connection in
            try connection.transaction {
                try connection.execute("SELECT pg_advisory_xact_lock($1)", [Self.lock])
                try connection.script("CREATE SCHEMA IF NOT EXISTS evolve")
                try connection.script(
                    "CREATE TABLE IF NOT EXISTS evolve.migration (number int PRIMARY KEY, at timestamptz DEFAULT now())"
                )
                let done = try connection.execute(Self.version).only().value("number", as: Int.self)
                for (offset, migration) in migrations.enumerated().dropFirst(done) {
                    try connection.script(migration.statements)
                    try migration.transform?(connection)
                    try connection.execute("INSERT INTO evolve.migration (number) VALUES ($1)", [offset + 1])
                }
            }
        }
    }

    /// Throws unless the database has runs, of a schema that is known here; an older one is brought up to date.
    func check(_ session: PostgresSession, _ address: PostgresAddress) throws {
        let known = try session(PostgresRunStore.Absence().retrying(), for: 10) { connection -> Int? in
            let table = try connection.execute("SELECT to_regclass('evolve.migration')::text AS name").only()
            guard try table.optional("name", as: String.self) != nil else { return nil }
            return try connection.execute(Self.version).only().value("number", as: Int.self)
        }
        guard let known else {
            throw Failure(.badInput, "there is no run in \(address): start one with `evolve run`")
        }
        if known > migrations.count {
            throw Failure(
                .badInput, "\(address) was written by a newer evolve (its schema is v\(known)): update evolve to use it"
            )
        }
        if known < migrations.count { try prepare(session) }
    }

    private static let v1 = """
        CREATE TABLE evolve.run (
            id bigserial PRIMARY KEY,
            name text NOT NULL UNIQUE,
            experiment text NOT NULL,
            seed text NOT NULL,
            policy bytea NOT NULL,
            replay bool NOT NULL,
            created float8 NOT NULL
        );
        CREATE TABLE evolve.definition (
            run bigint NOT NULL REFERENCES evolve.run,
            position int NOT NULL,
            path text NOT NULL,
            sha256 text NOT NULL,
            bytes bytea NOT NULL,
            PRIMARY KEY (run, position)
        );
        CREATE TABLE evolve.call (
            run bigint NOT NULL REFERENCES evolve.run,
            slot bigint NOT NULL,
            attempt int NOT NULL,
            json text NOT NULL,
            PRIMARY KEY (run, slot, attempt)
        );
        CREATE TABLE evolve.answer (
            run bigint NOT NULL REFERENCES evolve.run,
            slot bigint NOT NULL,
            attempt int NOT NULL,
            model text NOT NULL,
            failure text,
            json text NOT NULL,
            PRIMARY KEY (run, slot, attempt)
        );
        CREATE TABLE evolve.slot (
            run bigint NOT NULL REFERENCES evolve.run,
            slot bigint NOT NULL,
            island text NOT NULL,
            variation text NOT NULL,
            verdict text NOT NULL,
            gain float8,
            cost float8,
            source text,
            fingerprint text,
            json text NOT NULL,
            chain text NOT NULL,
            accidents text NOT NULL,
            PRIMARY KEY (run, slot)
        );
        CREATE INDEX slot_of_behaviour ON evolve.slot (run, fingerprint, slot);
        CREATE TABLE evolve.verification (
            run bigint NOT NULL REFERENCES evolve.run,
            verification int NOT NULL,
            stage text NOT NULL,
            name text NOT NULL,
            verdict text NOT NULL,
            gain float8,
            json text NOT NULL,
            PRIMARY KEY (run, verification)
        );
        CREATE TABLE evolve.amendment (
            run bigint NOT NULL REFERENCES evolve.run,
            amendment int NOT NULL,
            slot bigint NOT NULL,
            json text NOT NULL,
            PRIMARY KEY (run, amendment)
        );
        CREATE TABLE evolve.worker (
            id bigserial PRIMARY KEY,
            run bigint NOT NULL REFERENCES evolve.run,
            card text NOT NULL,
            lease float8 NOT NULL,
            joined float8 NOT NULL,
            seen float8 NOT NULL,
            has_left bool NOT NULL DEFAULT false,
            done bigint NOT NULL DEFAULT 0
        ) WITH (fillfactor = 70);
        CREATE INDEX worker_of_run ON evolve.worker (run);
        CREATE TABLE evolve.task (
            run bigint NOT NULL REFERENCES evolve.run,
            kind text NOT NULL,
            number bigint NOT NULL,
            plan bytea NOT NULL,
            worker bigint,
            epoch int NOT NULL DEFAULT 0,
            claim text,
            fingerprint text,
            result bytea,
            PRIMARY KEY (run, kind, number)
        ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
        CREATE TABLE evolve.course (
            run bigint PRIMARY KEY REFERENCES evolve.run,
            leader bigint,
            epoch int NOT NULL DEFAULT 0,
            phase text NOT NULL DEFAULT 'searching',
            active float8 NOT NULL DEFAULT 0,
            beat float8 NOT NULL DEFAULT 0
        ) WITH (fillfactor = 50);
        CREATE TABLE evolve.mark (
            name text PRIMARY KEY,
            at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE evolve.snapshot (
            run bigint PRIMARY KEY REFERENCES evolve.run,
            slots bigint NOT NULL,
            chain text NOT NULL,
            version text NOT NULL,
            state bytea NOT NULL
        );
        """

    private static let v2 = """
        CREATE TABLE evolve.submission (
            id bigserial PRIMARY KEY,
            run bigint NOT NULL REFERENCES evolve.run,
            job text NOT NULL,
            json text NOT NULL
        );
        CREATE INDEX submission_of_run ON evolve.submission (run);
        """

    private static let v3 = Migration(
        statements: """
            CREATE TABLE evolve.answer_total (
                run bigint NOT NULL REFERENCES evolve.run,
                model text NOT NULL,
                shard int NOT NULL,
                json text NOT NULL,
                PRIMARY KEY (run, model, shard)
            ) WITH (fillfactor = 50);
            """
    ) { connection in
        let page =
            "SELECT json FROM evolve.answer WHERE run = $1 AND (slot, attempt) > ($2, $3) "
            + "ORDER BY slot, attempt LIMIT 500"
        for row in try connection.execute("SELECT id FROM evolve.run") {
            let run: Int = try row.value("id")
            var (slot, attempt) = (-1, -1)
            var totals: [String: AnswerTotal] = [:]
            while true {
                let rows = try connection.execute(page, [run, slot, attempt])
                for row in rows {
                    let answer = try PostgresRunStore.decode(AnswerRecord.self, row, "json")
                    (slot, attempt) = (answer.slot, answer.attempt)
                    totals[answer.model, default: AnswerTotal()].add(answer)
                }
                guard rows.count == 500 else { break }
            }
            for (model, total) in totals {
                try connection.execute(
                    "INSERT INTO evolve.answer_total VALUES ($1, $2, 0, $3)",
                    [run, model, try PostgresRunStore.json(total)])
            }
        }
    }
}
