import EvolveTypes

/// What PostgreSQL or the way to it refused, by what a caller can do about it.
package struct PostgresFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// There is no connection, or none any more. What was not committed is undone.
        case connectionLost
        /// The connection was lost while a commit was under way: whether it happened, only a look at the data says.
        case commitUnknown
        /// A row with the same key is there.
        case uniqueViolation(constraint: String)
        /// Another transaction was in the way (40001, or 40P01 a deadlock): the same transaction may succeed now.
        case serialization
        case readOnly
        case diskFull
        case tooManyConnections
        /// Password, user, access rules or TLS.
        case authentication
        case noDatabase
        case permission
        /// The server gave up on a statement, or on a lock, after the session's time limit.
        case timedOut
        case other
    }

    package var kind: Kind
    /// PostgreSQL's five characters; nil when the fault was found on our side of the connection.
    package var sqlState: String?
    /// What was said, in one line.
    package var reason: String
    /// "database NAME on HOST"; never a password.
    package var place: String

    init(_ kind: Kind, sqlState: String? = nil, _ reason: String, at place: String) {
        self.kind = kind
        self.sqlState = sqlState
        self.reason = PostgresFailure.oneLine(reason)
        self.place = place
    }

    /// What the server said, by its SQLSTATE (PostgreSQL's manual, appendix A).
    init(sqlState: String, reason: String, constraint: String?, at place: String) {
        self.init(
            PostgresFailure.kind(sqlState: sqlState, constraint: constraint), sqlState: sqlState, reason, at: place)
    }

    /// Whether the same transaction may succeed when it is tried again, with nothing changed by a person.
    package var isTransient: Bool { [.connectionLost, .serialization, .tooManyConnections].contains(kind) }

    package var description: String { failure.message }

    private static func kind(sqlState: String, constraint: String?) -> Kind {
        switch sqlState {
        case "23505": .uniqueViolation(constraint: constraint ?? "")
        case "40001", "40P01": .serialization
        case "25006": .readOnly
        case "53100": .diskFull
        case "53300": .tooManyConnections
        case "3D000": .noDatabase
        case "42501": .permission
        case "55P03", "57014": .timedOut
        // Shut down, crashed, starting up, database dropped, idle for too long (in a transaction or outside).
        case "57P01", "57P02", "57P03", "57P04", "57P05", "25P03": .connectionLost
        case _ where sqlState.hasPrefix("08"): .connectionLost
        case _ where sqlState.hasPrefix("28"): .authentication
        default: .other
        }
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }.joined(separator: "; ")
    }
}

extension PostgresFailure {
    /// The same for a person: what is wrong, where, what to do.
    package var failure: Failure {
        let (kind, problem, advice): (Failure.Kind, String, String) =
            switch kind {
            case .connectionLost:
                (
                    .unavailable, "\(place) cannot be reached",
                    "see that the server runs, and that this machine may reach it"
                )
            case .commitUnknown:
                (
                    .unavailable, "\(place) went away while it was writing",
                    "start this worker again; it looks what was written"
                )
            case .uniqueViolation(let constraint):
                (
                    .internalError, "\(place) holds such a row already (\(constraint))",
                    "this is a fault of evolve: report it"
                )
            case .serialization:
                (.unavailable, "\(place) is too busy with other workers", "start this worker again")
            case .readOnly:
                (.unavailable, "\(place) takes no writes", "connect to the primary server, not to a standby")
            case .diskFull:
                (.unavailable, "the disk of \(place) is full", "free some space there; nothing committed is lost")
            case .tooManyConnections:
                (.unavailable, "\(place) has no connection left", "raise max_connections there, or start fewer workers")
            case .authentication:
                (.unavailable, "\(place) does not let us in", "check user, PGPASSWORD or PGPASSFILE, and PGSSLMODE")
            case .noDatabase:
                (.badInput, "there is no \(place)", "check its name, or make it with createdb")
            case .permission:
                (.unavailable, "\(place) does not allow this", "have its owner grant what is missing")
            case .timedOut:
                (
                    .unavailable, "\(place) took too long",
                    "see whether it is overloaded, or whether someone holds a lock"
                )
            case .other:
                (
                    .internalError, "\(place) failed",
                    "see the server's log\(sqlState.map { " for SQLSTATE \($0)" } ?? "")"
                )
            }
        return Failure(kind, "\(problem) (\(reason)): \(advice)")
    }
}
