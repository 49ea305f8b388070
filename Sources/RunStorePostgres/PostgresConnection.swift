import CLibPQ

/// One session with a PostgreSQL server, through libpq.
///
/// Rules:
/// 1. One thread at a time uses a connection. The class is not Sendable, so the compiler sees to it; `PostgresSession` is
///    the guarded one.
/// 2. No wait is without bound: the socket is never read blocking, the server ends what takes longer than
///    `PostgresSettings.statementTimeout`, and when not even that answer arrives the connection counts as lost. (Only the
///    resolver's look-up of a host name keeps its own time limits, seconds.)
/// 3. A lost connection stays lost: every further call throws `.connectionLost` at once. Open a new one.
/// 4. A single statement outside `transaction` commits by itself: when the connection is lost under it, nobody knows
///    whether it did. Write only in `transaction`, which tells the two apart.
/// 5. The session needs a server process of its own (prepared statements, settings): a pooler must pool sessions.
///
/// Errors are `PostgresFailure`.
final class PostgresConnection {
    let settings: PostgresSettings
    /// "database NAME on HOST".
    let place: String
    /// Nil once the connection is lost or closed.
    private(set) var handle: OpaquePointer?
    /// Names of the statements that the server has parsed for this session, by their text.
    private var prepared: [String: String] = [:]

    /// Connects; throws a `PostgresFailure` of any kind.
    init(_ address: PostgresAddress, _ settings: PostgresSettings = PostgresSettings()) throws {
        self.settings = settings
        (handle, place) = try PostgresConnection.connect(address, settings)
        do {
            try script(settings.statements)
        } catch {
            close()
            throw error
        }
    }

    deinit { if let handle { PQfinish(handle) } }

    var isOpen: Bool { handle != nil }

    /// Ends the session; an open transaction is undone.
    func close() {
        if let handle { PQfinish(handle) }
        handle = nil
    }

    /// Runs one statement, in which $1, $2, … stand for `parameters`.
    ///
    /// The server parses each text once per session, so `sql` must be a constant.
    @discardableResult
    func execute(_ sql: String, _ parameters: [(any PostgresValue)?] = []) throws -> PostgresRows {
        let texts = parameters.map { $0?.postgresText }
        if texts.contains(where: { $0?.utf8.contains(0) ?? false }) {
            throw PostgresFailure(.other, "a text with a NUL character cannot be stored", at: place)
        }
        let name = try prepare(sql)
        return try withCStrings(texts) { values in
            try answer { PQsendQueryPrepared($0, name, Int32(values.count), values, nil, nil, 0) }
        }
    }

    /// Runs one or more statements without parameters; several are one transaction unless they say otherwise.
    @discardableResult
    func script(_ sql: String) throws -> PostgresRows { try answer { PQsendQuery($0, sql) } }

    private func prepare(_ sql: String) throws -> String {
        if let name = prepared[sql] { return name }
        let name = "s\(prepared.count)"
        _ = try answer { PQsendPrepare($0, name, sql, 0, nil) }
        prepared[sql] = name
        return name
    }

    /// Sends by `send`, waits for the answer to its end, and gives the last statement's rows.
    private func answer(_ send: (OpaquePointer) -> Int32) throws -> PostgresRows {
        guard let handle else { throw lost("it was lost before") }
        guard send(handle) == 1 else { throw lost(PostgresConnection.message(handle)) }
        let deadline = Deadline(seconds: settings.statementTimeout + settings.answerGrace)
        var rows: PostgresRows?
        var failure: PostgresFailure?
        while let result = try nextResult(handle, deadline) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: rows = PostgresRows(result, place: place)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: throw lost("COPY is not spoken here")
            default: failure = failure ?? PostgresConnection.failure(of: result, handle, place)
            }
        }
        if PQstatus(handle) == CONNECTION_BAD {
            let lost = lost(PostgresConnection.message(handle))
            throw failure?.kind == .connectionLost ? failure ?? lost : lost
        }
        if let failure { throw failure }
        guard let rows else { throw lost("the server gave no answer") }
        return rows
    }

    private func nextResult(_ handle: OpaquePointer, _ deadline: Deadline) throws -> OpaquePointer? {
        while true {
            let unsent = PQflush(handle)
            // A connection that breaks here has its reason, and perhaps the server's last words, in the next result.
            if unsent < 0 || PQstatus(handle) == CONNECTION_BAD { break }
            if unsent == 0, PQisBusy(handle) == 0 { break }
            guard waitForSocket(PQsocket(handle), toWrite: unsent == 1, deadline) else {
                throw lost(deadline.passed)
            }
            if PQconsumeInput(handle) == 0 { break }
        }
        return PQgetResult(handle)
    }

    /// The connection is given up, for `reason`.
    func lost(_ reason: String) -> PostgresFailure {
        close()
        return PostgresFailure(.connectionLost, reason, at: place)
    }

    private static func failure(of result: OpaquePointer, _ handle: OpaquePointer, _ place: String) -> PostgresFailure {
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
        }
        let reason = field("M") ?? message(handle)  // PG_DIAG_MESSAGE_PRIMARY
        guard let sqlState = field("C") else { return PostgresFailure(.connectionLost, reason, at: place) }
        return PostgresFailure(sqlState: sqlState, reason: reason, constraint: field("n"), at: place)
    }

    static func message(_ handle: OpaquePointer) -> String { String(cString: PQerrorMessage(handle)) }
}

/// Runs `body` with C strings of `texts`, null for nil.
private func withCStrings<Result>(
    _ texts: [String?], _ body: ([UnsafePointer<CChar>?]) throws -> Result
) rethrows -> Result {
    // One buffer for all: no allocation for each parameter.
    var bytes = [CChar]()
    let offsets = texts.map { text -> Int? in
        guard let text else { return nil }
        defer {
            bytes += text.utf8.map { CChar(bitPattern: $0) }
            bytes.append(0)
        }
        return bytes.count
    }
    return try bytes.withUnsafeBufferPointer { buffer in
        try body(offsets.map { offset in offset.flatMap { buffer.baseAddress?.advanced(by: $0) } })
    }
}
