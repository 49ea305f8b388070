import CLibPQ

/// What a statement gave: its rows, or how many it changed.
package struct PostgresRows: RandomAccessCollection, Sendable {
    package let columns: [String]
    /// Rows inserted, updated, deleted or selected.
    package let affected: Int
    private let values: [[String?]]
    private let place: String

    package var startIndex: Int { 0 }
    package var endIndex: Int { values.count }
    package subscript(position: Int) -> PostgresRow {
        PostgresRow(columns: columns, values: values[position], place: place)
    }

    /// The one row of a statement that gives exactly one.
    package func only() throws -> PostgresRow {
        guard count == 1, let row = first else {
            throw PostgresFailure(.other, "one row was expected, \(count) came", at: place)
        }
        return row
    }

    /// Copies what `result` holds; the caller frees it.
    init(_ result: OpaquePointer, place: String) {
        self.place = place
        columns = (0..<PQnfields(result)).map { String(cString: PQfname(result, $0)) }
        affected = Int(String(cString: PQcmdTuples(result))) ?? 0
        let width = PQnfields(result)
        values = (0..<PQntuples(result)).map { row in
            (0..<width).map { column in
                PQgetisnull(result, row, column) == 1 ? nil : String(cString: PQgetvalue(result, row, column))
            }
        }
    }
}

package struct PostgresRow: Sendable {
    let columns: [String]
    let values: [String?]
    let place: String

    /// Throws `PostgresFailure(.other)` when there is no such column, it is null, or its text is no `Value`.
    package func value<Value: PostgresValue>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
        try value(at: try index(of: column), as: type)
    }

    /// The same, nil where the column is null.
    package func optional<Value: PostgresValue>(_ column: String, as type: Value.Type = Value.self) throws -> Value? {
        try optional(at: try index(of: column), as: type)
    }

    package func value<Value: PostgresValue>(at index: Int, as type: Value.Type = Value.self) throws -> Value {
        guard let value = try optional(at: index, as: type) else { throw failure("\(name(index)) is null") }
        return value
    }

    package func optional<Value: PostgresValue>(at index: Int, as type: Value.Type = Value.self) throws -> Value? {
        guard values.indices.contains(index) else { throw failure("there is no column \(index) of \(values.count)") }
        guard let text = values[index] else { return nil }
        guard let value = Value(postgresText: text) else {
            throw failure("\(name(index)) is no \(Value.self): \(text.prefix(40))")
        }
        return value
    }

    private func index(of column: String) throws -> Int {
        guard let index = columns.firstIndex(of: column) else {
            throw failure("there is no column \(column), only \(columns.joined(separator: ", "))")
        }
        return index
    }

    private func name(_ index: Int) -> String { "column \(columns[index])" }
    private func failure(_ reason: String) -> PostgresFailure { PostgresFailure(.other, reason, at: place) }
}
