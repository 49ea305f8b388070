import Evaluation
import EvolveTypes

/// Which rows of a table are out of distribution, as a person writes it: `COLUMN:FROM..TO`, `COLUMN:FROM..`,
/// `COLUMN:..TO` (both ends belong to it) or `COLUMN=TEXT`.
package struct CSVRegion: Hashable, Sendable {
    /// As it was written.
    package let text: String
    let column: String
    let rows: Rows

    enum Rows: Hashable, Sendable {
        case range(from: Double?, to: Double?)
        case text(String)
    }

    /// - Throws: `Failure(.misuse)` with one line that says what to write.
    package init(_ text: String) throws(Failure) {
        self.text = text
        if let colon = text.lastIndex(of: ":"), let range = try Self.range(text[text.index(after: colon)...], of: text)
        {
            column = String(text[..<colon])
            rows = range
        } else if let equals = text.firstIndex(of: "=") {
            column = String(text[..<equals])
            rows = .text(String(text[text.index(after: equals)...]))
        } else {
            throw Self.misuse(text, "write COLUMN:FROM..TO, COLUMN:FROM.., COLUMN:..TO or COLUMN=TEXT")
        }
        if column.isEmpty { throw Self.misuse(text, "the column's name is missing") }
        if rows == .text("") { throw Self.misuse(text, "the text after = is missing") }
    }

    /// nil when it is none, which has no two points.
    private static func range(_ text: Substring, of whole: String) throws(Failure) -> Rows? {
        guard let points = text.firstRange(of: "..") else { return nil }
        let ends = [text[..<points.lowerBound], text[points.upperBound...]]
        var numbers: [Double?] = []
        for end in ends {
            guard !end.isEmpty else {
                numbers.append(nil)
                continue
            }
            guard let number = Double(end), abs(number) <= 1e300, end.allSatisfy({ "0123456789.+-eE".contains($0) })
            else {
                throw misuse(whole, "'\(end)' is not a number; a range is written 2..5, 2.. or ..5")
            }
            numbers.append(number)
        }
        switch (numbers[0], numbers[1]) {
        case (nil, nil): throw misuse(whole, "a range needs at least one end: 2..5, 2.. or ..5")
        case (let from?, let to?) where from > to: throw misuse(whole, "its first end is above its last")
        case (let from, let to): return .range(from: from, to: to)
        }
    }

    private static func misuse(_ text: String, _ what: String) -> Failure {
        Failure(.misuse, "--ood \(text): \(what)")
    }
}
