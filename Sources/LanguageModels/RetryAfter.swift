import Foundation

/// The header `Retry-After` (RFC 9110, 10.2.3): a number of seconds, or a date.
enum RetryAfter {
    /// - Parameters:
    ///   - date: the response's own `Date`: a date is read against the server's clock, so that ours does not matter.
    /// - Returns: nil when the text is neither; never negative.
    static func seconds(_ text: String, answeredAt date: String) -> Double? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if let seconds = Double(text) { return seconds.isFinite ? max(0, seconds) : nil }
        guard let until = parse(text), let now = parse(date.trimmingCharacters(in: .whitespaces)) else { return nil }
        return max(0, until.timeIntervalSince(now))
    }

    /// The one form that is still to be sent: "Sun, 06 Nov 1994 08:49:37 GMT".
    private static func parse(_ text: String) -> Date? {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.date(from: text)
    }
}
