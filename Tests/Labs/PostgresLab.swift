import Foundation
import Synchronization

/// A PostgreSQL server for tests (scripts/lab/postgres). Every test makes a database of its own.
package final class PostgresLab: Sendable {
    /// Whether tests that need a server run. `scripts/test` sets EVOLVE_REQUIRE_POSTGRES: then a missing one is a failure.
    package static let isUsable =
        ProcessInfo.processInfo.environment["EVOLVE_REQUIRE_POSTGRES"] == "1"
        || FileManager.default.fileExists(atPath: "/usr/lib/postgresql")

    private static let started = Result {
        PostgresLab(try LabScript.start("postgres", ["LAB_POSTGRES_OPTIONS": options]))
    }
    /// A killed process loses nothing without a flush, and tests end no machine. Less written is less to recover.
    private static let options =
        "-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 "
        + "-c autovacuum=off -c max_connections=60"

    package static let scriptPath = LabScript.folderOfScripts + "/postgres"

    /// The process's server.
    package static func shared() throws -> PostgresLab { try started.get() }

    private let script: LabScript
    private let databases = Mutex(0)

    private init(_ script: LabScript) { self.script = script }

    /// A database of this server.
    package struct Database: Sendable {
        package var name: String
        /// Through the socket, where everyone is trusted.
        package var address: String
        /// Over TCP, with the password.
        package var addressOverTCP: String
    }

    package var password: String { script.environment["PGPASSWORD"] ?? "" }
    package var port: String { script.environment["PGPORT"] ?? "" }
    /// Of the server, self-signed for localhost and 127.0.0.1.
    package var certificate: String { script.folder + "/data/server.crt" }
    private var socket: String { script.environment["PGHOST"] ?? "" }

    /// A fresh, empty database.
    package func database() throws -> Database {
        let number = databases.withLock { count in
            count += 1
            return count
        }
        let name = "test\(number)"
        _ = try sql("CREATE DATABASE \(name)")
        return Database(
            name: name, address: "postgresql://evolve@:\(port)/\(name)?host=\(socket)",
            addressOverTCP: "postgresql://evolve:\(password)@127.0.0.1:\(port)/\(name)")
    }

    /// Runs SQL as the server's owner, outside every test's own connection.
    package func sql(_ text: String, in database: String = "postgres") throws -> String {
        try script.run("psql", ["-XqtA", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text])
    }

    /// An orderly stop, which tells the clients, and start.
    package func restart() throws { try script("restart") }
    /// Every process of the server dies at once.
    package func crash() throws { try script("crash") }
    package func stop() throws { try script("down") }
    package func start() throws { try script("up") }
    /// Ends the sessions of one database; the server stays.
    package func killBackends(of database: Database) throws { try script("kill-backends", database.name) }
}
