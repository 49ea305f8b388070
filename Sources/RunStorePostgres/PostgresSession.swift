import Foundation

/// A connection that is opened when it is first needed, and again after it was lost.
///
/// Any thread may call: calls queue for the one connection, also while it is being waited for.
///
/// Unchecked Sendable: `connection` is touched only by whoever holds `lock`. (A `Mutex` would not lend the connection, which
/// is not Sendable, to a closure of the caller's.)
final class PostgresSession: @unchecked Sendable {
    let address: PostgresAddress
    let settings: PostgresSettings
    private let lock = NSLock()
    private var connection: PostgresConnection?

    init(_ address: PostgresAddress, _ settings: PostgresSettings = PostgresSettings()) {
        self.address = address
        self.settings = settings
    }

    /// Runs `body` with the connection, again by the rules of `retrying` for `seconds` (nil: for ever). Before the first use
    /// of each new connection runs `prepare`, for example to listen.
    @discardableResult
    func callAsFunction<Result: Sendable>(
        _ retrying: Retrying, for seconds: Double?, prepare: (PostgresConnection) throws -> Void = { _ in },
        _ body: (PostgresConnection) throws -> Result
    ) throws -> Result {
        try lock.withLock {
            try retrying(for: seconds) {
                if let connection, connection.isOpen { return try body(connection) }
                connection = nil
                let fresh = try PostgresConnection(address, settings)
                try prepare(fresh)
                connection = fresh
                return try body(fresh)
            }
        }
    }

    /// Ends the connection; a later call opens another one.
    func close() {
        lock.withLock {
            connection?.close()
            connection = nil
        }
    }
}
