/// Writes other numbers into a candidate's text. Everything else of it stays as its author wrote it.
package enum LiteralText {
    /// - Parameters:
    ///   - text: was accepted.
    ///   - values: the new numbers, by the places of the old ones.
    /// - Returns: nil when no number stands at one of the places.
    package static func replacing(_ values: [SourcePosition: Double], in text: String) -> String? {
        var report = DiagnosticReport(limit: 1)
        let numbers = Lexer.run(text, report: &report).tokens.filter {
            if case .real = $0.kind { values[$0.position] != nil } else { false }
        }
        guard numbers.count == values.count else { return nil }
        var result = String.UnicodeScalarView()
        var (line, column, skipped) = (1, 1, 0)
        var next = numbers[...]
        for scalar in text.unicodeScalars {
            let place = SourcePosition(line: line, column: column)
            if let token = next.first, token.position == place, let value = values[place] {
                result.append(contentsOf: spelling(value).unicodeScalars)
                skipped = token.text.unicodeScalars.count
                next = next.dropFirst()
            }
            if skipped > 0 { skipped -= 1 } else { result.append(scalar) }
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        return String(result)
    }

    /// In parentheses when negative: the number may stand behind a minus.
    private static func spelling(_ value: Double) -> String {
        let digits = SourcePrinter.spelling(ofReal: value.magnitude)
        return value < 0 ? "(-\(digits))" : digits
    }

    /// Gives the text another first comment. A comment that has the first line to itself makes way for it.
    package static func replacingIdea(in text: String, with idea: String) -> String {
        let line = "// " + idea.split(whereSeparator: \.isNewline).joined(separator: " ")
        let first = text.prefix { !$0.isNewline }
        // What ends with a backslash goes on in the next line.
        guard first.hasPrefix("//"), !first.hasSuffix("\\") else { return line + "\n" + text }
        return line + text.dropFirst(first.count)
    }
}
