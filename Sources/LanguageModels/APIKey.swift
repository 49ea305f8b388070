/// A secret that goes to one server. It prints as `[key]`, cannot be encoded, and is taken out of whatever comes back: a
/// server that repeats it, in an error or in an answer, gets it into no journal.
package struct APIKey: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// For the header of a request, and nothing else.
    let secret: String

    /// - Returns: nil for a text that cannot be sent in a header: empty, or with spaces or control characters.
    package init?(_ secret: String) {
        guard !secret.isEmpty, secret.utf8.allSatisfy({ (33...126).contains($0) }) else { return nil }
        self.secret = secret
    }

    package static let mark = "[key]"

    package var description: String { Self.mark }
    package var debugDescription: String { Self.mark }
    package var customMirror: Mirror { Mirror(self, children: []) }

    package func removed(from text: String) -> String {
        text.contains(secret) ? text.replacing(secret, with: Self.mark) : text
    }
}
