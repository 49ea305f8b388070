import CLibPQ
import Foundation

/// How a connection comes into being: libpq's non-blocking way, because only that one lets the error's SQLSTATE be seen
/// and a wait be ended.
extension PostgresConnection {
    static func connect(
        _ address: PostgresAddress, _ settings: PostgresSettings
    ) throws -> (handle: OpaquePointer, place: String) {
        // Where a keyword comes twice, libpq takes the later one.
        let parameters = settings.parameters + address.parameters.map { ($0.keyword, $0.value) }
        guard let handle = start(parameters) else {
            throw PostgresFailure(.connectionLost, "out of memory", at: address.description)
        }
        let place = place(of: handle, address)
        do {
            // By default libpq prints notices to standard error.
            PQsetNoticeReceiver(handle, { _, _ in }, nil)
            PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
            try finish(handle, Deadline(seconds: settings.connectTimeout), place)
            PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
            guard PQsetnonblocking(handle, 1) == 0 else {
                throw PostgresFailure(.connectionLost, message(handle), at: place)
            }
            return (handle, place)
        } catch {
            PQfinish(handle)
            throw error
        }
    }

    private static func start(_ parameters: [(keyword: String, value: String)]) -> OpaquePointer? {
        let keywords = parameters.map { strdup($0.keyword) }
        let values = parameters.map { strdup($0.value) }
        defer { (keywords + values).forEach { free($0) } }
        return PQconnectStartParams(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 0)
    }

    private static func finish(_ handle: OpaquePointer, _ deadline: Deadline, _ place: String) throws {
        var status = PQstatus(handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            guard status != PGRES_POLLING_FAILED else {
                throw refusal(message(handle), needsPassword: PQconnectionNeedsPassword(handle) == 1, at: place)
            }
            guard waitForSocket(PQsocket(handle), toWrite: status == PGRES_POLLING_WRITING, deadline) else {
                throw PostgresFailure(.connectionLost, deadline.passed, at: place)
            }
            status = PQconnectPoll(handle)
        }
    }

    /// What libpq says of an attempt that failed, which is a text and nothing else:
    ///
    ///     connection to server at "h" (10.0.0.7), port 5432 failed: FATAL:  28P01: password authentication failed for …
    ///     LOCATION:  auth_failed, auth.c:331
    ///
    /// The code is there because the errors are verbose. Of several hosts, the first one's reason counts that has a code.
    static func refusal(_ message: String, needsPassword: Bool, at place: String) -> PostgresFailure {
        if let match = message.firstMatch(of: /:  ([0-9A-Z]{5}): ([^\n]*)/) {
            return PostgresFailure(
                sqlState: String(match.1), reason: String(match.2), constraint: nil, at: place)
        }
        let first = message.split(separator: "\n").first.map(String.init) ?? "no reason given"
        let reason = first.range(of: " failed: ").map { String(first[$0.upperBound...]) } ?? first
        // A certificate or a rule that is wrong stays wrong; "SSL SYSCALL error" is a connection that broke.
        let isTLS = ["certificate", "SSL error:", "support SSL", "SSL negotiation", "sslmode"].contains {
            message.contains($0)
        }
        return PostgresFailure(needsPassword || isTLS ? .authentication : .connectionLost, reason, at: place)
    }

    private static func place(of handle: OpaquePointer, _ address: PostgresAddress) -> String {
        func text(_ pointer: UnsafePointer<CChar>?) -> String? {
            pointer.map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let database = text(PQdb(handle)) else { return "database \(address)" }
        // Of several hosts, all: which one it will be is not known yet.
        guard let host = address["host"] ?? text(PQhost(handle)) else { return "database \(database)" }
        return "database \(database) on \(host)" + (host.hasPrefix("/") ? "" : ":\(text(PQport(handle)) ?? "")")
    }
}
