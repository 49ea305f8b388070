import EvolveTypes
import Foundation
import Labs
import Testing

@testable import RunStorePostgres

extension PostgresServerTests {
    /// Every class of failure, from the real server.
    @Suite struct Failures {
        private let lab: PostgresLab
        private let database: PostgresLab.Database

        init() throws {
            lab = try PostgresLab.shared()
            database = try lab.database()
        }

        private func refusal(_ address: String) throws -> PostgresFailure {
            let address = try PostgresAddress(address)
            return try #require(#expect(throws: PostgresFailure.self) { try PostgresConnection(address) })
        }

        @Test("a wrong password, which no text of ours shows")
        func wrongPassword() throws {
            let failure = try refusal("postgresql://evolve:w-r-o-n-g@127.0.0.1:\(lab.port)/\(database.name)")
            #expect(failure.kind == .authentication)
            #expect(failure.sqlState == "28P01")
            #expect(
                failure.failure
                    == Failure(
                        .unavailable,
                        "database \(database.name) on 127.0.0.1:\(lab.port) does not let us in (password authentication failed "
                            + "for user \"evolve\"): check user, PGPASSWORD or PGPASSFILE, and PGSSLMODE"))
        }

        @Test("no password, and a user that does not exist")
        func noPassword() throws {
            let failure = try refusal("postgresql://evolve@127.0.0.1:\(lab.port)/\(database.name)")
            #expect(failure.kind == .authentication)
            #expect(failure.sqlState == nil)
            #expect(failure.reason == "fe_sendauth: no password supplied")
            let stranger = database.address.replacing("//evolve@", with: "//stranger@")
            #expect(try refusal(stranger).kind == .authentication)
        }

        @Test("TLS: the certificate is checked when asked for")
        func tls() throws {
            let secured = database.addressOverTCP + "?sslmode=verify-full&sslrootcert="
            let connection = try PostgresConnection(try PostgresAddress(secured + lab.certificate))
            let row = try connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").only()
            #expect(try row.value("ssl", as: Bool.self))
            #expect(try refusal(secured + "/etc/ssl/certs/ca-certificates.crt").kind == .authentication)
            #expect(try refusal(secured + "/nowhere").kind == .authentication)
            #expect(try refusal(database.address + "&sslmode=bogus").kind == .authentication)
        }

        @Test("a database that does not exist")
        func noDatabase() throws {
            let failure = try refusal("postgresql://evolve:\(lab.password)@127.0.0.1:\(lab.port)/absent")
            #expect(failure.kind == .noDatabase)
            #expect(failure.failure.kind == .badInput)
            #expect("\(failure)".hasPrefix("there is no database absent on 127.0.0.1:\(lab.port) ("))
        }

        @Test("nobody listens, on TCP, on a socket, or under the name")
        func unreachable() throws {
            for place in ["127.0.0.1:1/d", "/d?host=/nowhere", "absent.invalid/d"] {
                let failure = try refusal("postgresql://\(place)")
                #expect(failure.kind == .connectionLost, "\(failure)")
                #expect("\(failure)".hasPrefix("database d on "))
            }
        }

        @Test("of several hosts the first that answers is taken")
        func severalHosts() throws {
            let address = "postgresql://evolve:\(lab.password)@127.0.0.1:1,127.0.0.1:\(lab.port)/\(database.name)"
            #expect(try PostgresConnection(try PostgresAddress(address)).execute("SELECT 1").count == 1)
        }

        @Test("a duplicate key, with the constraint's name; the connection goes on")
        func uniqueViolation() throws {
            let connection = try database.connect()
            try connection.script("CREATE TABLE t (a bigint CONSTRAINT a_once PRIMARY KEY); INSERT INTO t VALUES (1)")
            #expect(
                kind { try connection.execute("INSERT INTO t VALUES ($1)", [1]) }
                    == .uniqueViolation(constraint: "a_once"))
            #expect(try connection.execute("INSERT INTO t VALUES ($1)", [2]).affected == 1)
        }

        @Test("no right, no more connections for a user, writes on a standby")
        func rights() throws {
            let owner = try database.connect()
            try owner.script(
                """
                CREATE TABLE t (a bigint);
                DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN CONNECTION LIMIT 1;
                """)
            let address = try PostgresAddress(database.address.replacing("//evolve@", with: "//guest@"))
            let guest = try PostgresConnection(address)
            #expect(kind { try guest.execute("SELECT * FROM t") } == .permission)
            #expect(kind { _ = try PostgresConnection(address) } == .tooManyConnections)
            try owner.script("SET default_transaction_read_only = on")
            #expect(kind { try owner.execute("INSERT INTO t VALUES (1)") } == .readOnly)
        }

        @Test(
            "codes that are hard to provoke, raised by the server",
            arguments: [("53100", PostgresFailure.Kind.diskFull), ("53300", .tooManyConnections), ("22012", .other)])
        func raised(code: String, kind expected: PostgresFailure.Kind) throws {
            let connection = try database.connect()
            let failure = #expect(throws: PostgresFailure.self) {
                try connection.script(
                    "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '\(code)', MESSAGE = E'a\\nb'; END $$")
            }
            #expect(failure?.kind == expected)
            #expect(failure?.sqlState == code)
            #expect(failure?.reason == "a; b")
        }

        @Test("statements and locks that take too long are ended by the server")
        func timeouts() throws {
            let slow = try database.connect(PostgresSettings(statementTimeout: 0.2))
            #expect(kind { try slow.execute("SELECT pg_sleep(10)") } == .timedOut)
            let holder = try database.connect()
            try holder.script("CREATE TABLE t (a bigint)")
            let waiter = try database.connect(PostgresSettings(lockTimeout: 0.2))
            try holder.transaction {
                try holder.script("LOCK TABLE t")
                #expect(kind { try waiter.execute("SELECT * FROM t") } == .timedOut)
            }
            #expect(try waiter.execute("SELECT * FROM t").isEmpty)
        }

        @Test("a session that idles in a transaction is ended")
        func idleInTransaction() throws {
            let idle = try database.connect(PostgresSettings(idleInTransactionTimeout: 0.1))
            #expect(
                kind {
                    try idle.transaction {
                        Thread.sleep(forTimeInterval: 0.5)
                        try idle.execute("SELECT 1")
                    }
                } == .connectionLost)
        }

        @Test("notices are not printed, and do not disturb")
        func notices() throws {
            let connection = try database.connect()
            try connection.script("DO $$ BEGIN RAISE WARNING 'this must not be seen'; END $$")
            #expect(try connection.execute("DROP TABLE IF EXISTS absent").isEmpty)
        }
    }
}
