import Foundation
import Labs
import Testing

@testable import RunStorePostgres

extension PostgresServerTests {
    @Suite struct Transactions {
        private let database: PostgresLab.Database
        private let connection: PostgresConnection

        init() throws {
            database = try PostgresLab.shared().database()
            connection = try database.connect()
            try connection.script(
                "CREATE TABLE t (id bigint PRIMARY KEY, n bigint); INSERT INTO t VALUES (1, 0), (2, 0)")
        }

        private func total() throws -> Int {
            try connection.execute("SELECT sum(n)::bigint FROM t").only().value(at: 0, as: Int.self)
        }

        @Test("what the body throws undoes all, and the connection goes on")
        func rollback() throws {
            struct Stop: Error {}
            #expect(throws: Stop.self) {
                try connection.transaction {
                    try connection.execute("UPDATE t SET n = 5")
                    throw Stop()
                }
            }
            #expect(try total() == 0)
            let result = try connection.transaction { try connection.execute("UPDATE t SET n = 5").affected }
            #expect(result == 2)
            #expect(try total() == 10)
        }

        @Test("a body that passes over a failed statement does not commit in silence")
        func swallowedError() throws {
            #expect(
                kind {
                    try connection.transaction {
                        try connection.execute("UPDATE t SET n = 5")
                        _ = try? connection.execute("SELECT 1 / 0")
                    }
                } == .other)
            #expect(try total() == 0)
        }

        @Test("two writers of one row: the later is told to try again")
        func serialization() throws {
            let other = try database.connect()
            #expect(
                kind {
                    try connection.transaction(.repeatableRead) {
                        _ = try total()
                        try other.execute("UPDATE t SET n = 1 WHERE id = 1")
                        try connection.execute("UPDATE t SET n = 2 WHERE id = 1")
                    }
                } == .serialization)
            #expect(try total() == 1)
        }

        @Test("two that wait for each other: one is told to try again, and then both have written")
        func deadlock() async throws {
            let sessions = [
                PostgresSession(try PostgresAddress(database.address)),
                PostgresSession(try PostgresAddress(database.address)),
            ]
            let failures = try await withThrowingTaskGroup(of: Int.self) { group in
                for (index, session) in sessions.enumerated() {
                    group.addTask {
                        var failures = 0
                        try session(.live { if case .waiting = $0 { failures += 1 } }, for: 20) { connection in
                            try connection.transaction {
                                try connection.execute("UPDATE t SET n = n + 1 WHERE id = $1", [1 + index])
                                Thread.sleep(forTimeInterval: 0.2)
                                try connection.execute("UPDATE t SET n = n + 1 WHERE id = $1", [2 - index])
                            }
                        }
                        return failures
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(failures >= 1)
            #expect(try total() == 4)
        }

        @Test("a statement is parsed once a session, also when its transaction was undone")
        func preparedOnce() throws {
            for fails in [true, false, false] {
                _ = try? connection.transaction {
                    try connection.execute("SELECT n FROM t WHERE id = $1", [1])
                    if fails { try connection.script("SELECT 1 / 0") }
                }
            }
            let rows = try connection.execute(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT n %'")
            #expect(try rows.only().value(at: 0, as: Int.self) == 1)
        }
    }

    @Suite struct Notifications {
        @Test("they arrive in order, wake the waiter, and a rolled back one never")
        func order() throws {
            let database = try PostgresLab.shared().database()
            let (listener, sender) = (try database.connect(), try database.connect())
            try listener.listen(#"slots "of" run"#)
            #expect(try listener.wait(seconds: 0.05).isEmpty)
            let channel = #"slots "of" run"#
            struct Stop: Error {}
            _ = try? sender.transaction {
                try sender.notify(channel, "never")
                throw Stop()
            }
            try sender.notify("other", "not for us")
            try sender.transaction { for index in 1...3 { try sender.notify(channel, "\(index) ü") } }
            var received = [PostgresNotification]()
            let start = Date()
            while received.count < 3, Date().timeIntervalSince(start) < 10 { received += try listener.wait(seconds: 1) }
            #expect(received == (1...3).map { PostgresNotification(channel: channel, payload: "\($0) ü") })
            #expect(Date().timeIntervalSince(start) < 0.9)
        }

        @Test("one that came with another statement's answer is not lost")
        func duringStatement() throws {
            let connection = try PostgresLab.shared().database().connect()
            try connection.listen("c")
            try connection.notify("c", "x")
            _ = try connection.execute("SELECT 1")
            #expect(try connection.wait(seconds: 0) == [PostgresNotification(channel: "c", payload: "x")])
        }
    }
}
