/// An error a person has to act on: one line that says what is wrong, where, and what to do next.
///
/// Thrown only for bad input and broken machines, never for a bad candidate.
package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Exit status of the command that ends with this failure (sysexits where one fits).
    package enum Kind: Int32, Sendable {
        case misuse = 64
        case badInput = 65
        case unavailable = 69
        case internalError = 70
        case stoppedEarly = 75
    }

    package var kind: Kind
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }
}
