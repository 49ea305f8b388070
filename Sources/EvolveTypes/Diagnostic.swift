/// What is wrong with a text (a candidate's C or a definition file), and where.
package struct Diagnostic: Codable, Hashable, Sendable {
    package enum Severity: String, Codable, Sendable { case error, warning }

    package var severity: Severity
    /// 1-based line in the text as given; 0 when the whole text is meant.
    package var line: Int
    /// 1-based column, counted in characters; 0 when the whole line is meant.
    package var column: Int
    /// One sentence: what was found, and what to write instead.
    package var message: String

    package init(_ severity: Severity = .error, line: Int, column: Int, _ message: String) {
        self.severity = severity
        self.line = line
        self.column = column
        self.message = message
    }
}
