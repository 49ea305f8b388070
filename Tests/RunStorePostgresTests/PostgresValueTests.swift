import Foundation
import Labs
import Testing

@testable import RunStorePostgres

extension PostgresServerTests {
    @Suite struct Values {
        private let connection: PostgresConnection

        init() throws { connection = try PostgresLab.shared().database().connect() }

        private func roundTrip<Value: PostgresValue>(_ value: Value, _ type: String) throws -> Value {
            try connection.execute("SELECT $1::\(type) AS value", [value]).only().value("value")
        }

        @Test("whole numbers", arguments: [0, -1, 42, .max, .min])
        func integers(value: Int) throws { #expect(try roundTrip(value, "bigint") == value) }

        @Test(
            "floating-point numbers, bit for bit",
            arguments: [
                0.0, -0.0, 0.1, 1 / 3.0, .pi, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
                -.greatestFiniteMagnitude, .infinity, -.infinity, 1.0.nextUp, 1e22, 123456789.12345678,
            ])
        func doubles(value: Double) throws {
            #expect(try roundTrip(value, "double precision").bitPattern == value.bitPattern)
        }

        @Test("random bit patterns of floating-point numbers")
        func randomDoubles() throws {
            for _ in 0..<500 {
                let value = Double(bitPattern: .random(in: 0 ... .max))
                let back = try roundTrip(value, "double precision")
                #expect(back.bitPattern == value.bitPattern || back.isNaN && value.isNaN)
            }
            #expect(try roundTrip(Double.nan, "double precision").isNaN)
        }

        @Test(
            "texts",
            arguments: [
                "", " ", "it's", #"a "quoted" \ back\\slash"#, "$1; DROP TABLE x; --", "ΦΩ 漢字 👩‍🔬 e\u{301}",
                "\n\r\t\u{1}\u{7F}",
                String(repeating: "x", count: 300_000),
            ])
        func texts(value: String) throws {
            let back = try roundTrip(value, "text")
            #expect(Array(back.utf8) == Array(value.utf8))
        }

        @Test(
            "bytes, zeros among them",
            arguments: [Data(), Data([0]), Data(0...255), Data(repeating: 0, count: 1_000_000)])
        func bytes(value: Data) throws { #expect(try roundTrip(value, "bytea") == value) }

        @Test("a slice of bytes, whose indices do not begin at 0")
        func slice() throws { #expect(try roundTrip(Data(0...9)[4...6], "bytea") == Data([4, 5, 6])) }

        @Test("truth values", arguments: [true, false])
        func truth(value: Bool) throws { #expect(try roundTrip(value, "boolean") == value) }

        @Test("null")
        func null() throws {
            let row = try connection.execute("SELECT $1::text AS a, $2::bigint AS b", [nil, 3]).only()
            #expect(try row.optional("a", as: String.self) == nil)
            #expect(try row.optional("b", as: Int.self) == 3)
            #expect(try row.optional(at: 0, as: Int.self) == nil)
            #expect(throws: PostgresFailure(.other, "column a is null", at: connection.place)) {
                try row.value("a", as: String.self)
            }
        }

        @Test("a row says what it has not")
        func rowErrors() throws {
            let rows = try connection.execute("SELECT 'x' AS a, 1 AS b UNION ALL SELECT 'y', 2")
            #expect(rows.columns == ["a", "b"])
            #expect(rows.affected == 2)
            #expect(try rows.map { try $0.value(at: 0, as: String.self) } == ["x", "y"])
            func reason(_ body: () throws -> Void) -> String? {
                #expect(throws: PostgresFailure.self) { try body() }?.reason
            }
            #expect(reason { _ = try rows[0].value("c", as: Int.self) } == "there is no column c, only a, b")
            #expect(reason { _ = try rows[0].value(at: 2, as: Int.self) } == "there is no column 2 of 2")
            #expect(reason { _ = try rows[0].value("a", as: Int.self) } == "column a is no Int: x")
            #expect(reason { _ = try rows.only() } == "one row was expected, 2 came")
        }

        @Test("a text with a NUL is refused, not cut")
        func nul() throws {
            #expect(kind { _ = try connection.execute("SELECT $1::text", ["a\0b"]) } == .other)
            #expect(try roundTrip("after", "text") == "after")
        }

        @Test("the number of rows that a statement changed")
        func affected() throws {
            try connection.script("CREATE TABLE t (a bigint); INSERT INTO t VALUES (1), (2), (3)")
            #expect(try connection.execute("UPDATE t SET a = a + $1 WHERE a > $2", [10, 1]).affected == 2)
            #expect(try connection.execute("DELETE FROM t WHERE a = $1", [99]).affected == 0)
        }
    }
}
