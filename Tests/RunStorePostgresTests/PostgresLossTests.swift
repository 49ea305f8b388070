import Foundation
import Labs
import Testing

@testable import RunStorePostgres

extension PostgresServerTests {
    /// The connection goes away: restart, crash, kill, cut cable, frozen server.
    @Suite struct Losses {
        private let lab: PostgresLab
        private let database: PostgresLab.Database

        init() throws {
            lab = try PostgresLab.shared()
            database = try lab.database()
        }

        private func relayed(_ relay: Relay) throws -> PostgresAddress {
            let address = database.addressOverTCP.replacing(":\(lab.port)/", with: ":\(relay.port)/")
            return try PostgresAddress(address + "?sslmode=disable")
        }

        @Test("killed between two calls, and within one: lost, and it stays lost")
        func killedBackend() throws {
            let connection = try database.connect()
            try lab.killBackends(of: database)
            #expect(kind { try connection.execute("SELECT 1") } == .connectionLost)
            #expect(kind { try connection.execute("SELECT 1") } == .connectionLost)

            let other = try database.connect()
            let failure = #expect(throws: PostgresFailure.self) {
                try other.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            }
            #expect(failure?.kind == .connectionLost)
            #expect(failure?.sqlState == "57P01")
        }

        @Test(
            "a session lives through a restart and a crash: waits are told, work is done once",
            arguments: [true, false])
        func restart(orderly: Bool) throws {
            let session = PostgresSession(try PostgresAddress(database.addressOverTCP))
            try session(.live(), for: 10) { try $0.script("CREATE TABLE t (a bigint PRIMARY KEY)") }
            var events = [Retrying.Event]()
            var attempts = 0
            let retrying = Retrying.live { events.append($0) }
            let count = try session(retrying, for: 60) { connection in
                try connection.transaction {
                    attempts += 1
                    try connection.execute("INSERT INTO t VALUES ($1)", [1])
                    if attempts == 1 { try orderly ? lab.restart() : lab.crash() }
                    // Only the first attempt of a connection's life meets the stopped server.
                    if attempts == 1, !orderly { startSoon() }
                    return try connection.execute("SELECT count(*) FROM t").only().value(at: 0, as: Int.self)
                }
            }
            #expect(count == 1)
            #expect(attempts == 2)
            guard case .waiting(let failure, 1, _, _) = events.first else {
                Issue.record("\(events)")
                return
            }
            #expect(failure.kind == .connectionLost)
            guard case .recovered = events.last else {
                Issue.record("\(events)")
                return
            }
            #expect(orderly || events.count > 2)
        }

        private func startSoon() {
            Thread.detachNewThread {
                Thread.sleep(forTimeInterval: 1)
                try? lab.start()
            }
        }

        @Test("a connection that dies while it commits, before the server did it: unknown, and not there")
        func commitKilled() throws {
            let connection = try database.connect()
            try connection.script(
                """
                CREATE TABLE t (a bigint);
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
                CREATE CONSTRAINT TRIGGER die AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION die();
                """)
            #expect(
                kind { _ = try connection.transaction { try connection.execute("INSERT INTO t VALUES (1)") } }
                    == .commitUnknown)
            #expect(try lab.sql("SELECT count(*) FROM t", in: database.name) == "0\n")
        }

        @Test("a commit whose answer is lost: unknown, never tried again, and there")
        func commitAnswerLost() throws {
            let relay = try Relay(to: try #require(UInt16(lab.port)))
            let session = PostgresSession(try relayed(relay))
            try session(.live(), for: 10) { try $0.script("CREATE TABLE t (a bigint)") }
            // With the text's end, or READ COMMITTED would be meant too.
            relay.setFault(.answerLost(to: "COMMIT\0"))
            #expect(
                kind {
                    try session(.live(), for: 10) { connection in
                        try connection.transaction { _ = try connection.execute("INSERT INTO t VALUES (1)") }
                    }
                } == .commitUnknown)
            relay.setFault(.none)
            let rows = try session(.live(), for: 10) { try $0.execute("SELECT a FROM t") }
            #expect(rows.count == 1)
        }

        @Test("a cut cable ends every wait: for a log-in, for an answer, for notifications")
        func silence() throws {
            let relay = try Relay(to: try #require(UInt16(lab.port)))
            let settings = PostgresSettings(connectTimeout: 0.3, statementTimeout: 0.2, answerGrace: 0.2)
            let connection = try PostgresConnection(try relayed(relay), settings)
            relay.setFault(.silent)
            let start = Date()
            #expect(try connection.wait(seconds: 0.2).isEmpty)
            let failure = #expect(throws: PostgresFailure.self) { try connection.execute("SELECT 1") }
            #expect(failure?.kind == .connectionLost)
            #expect(failure?.reason == "no answer for 0.4 s")
            let address = try relayed(relay)
            #expect(kind { _ = try PostgresConnection(address, settings) } == .connectionLost)
            #expect(Date().timeIntervalSince(start) < 3)
        }
    }
}
