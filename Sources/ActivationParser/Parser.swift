/// Tokens → `TranslationUnit`, by recursive descent.
///
/// A syntax error is reported where it is found, then parsing resumes at the next statement. Names in the text that was
/// skipped are `tainted`: later stages say nothing about them, so that one error is one diagnostic.
struct Parser {
    /// Thrown after the error was reported; caught where parsing can resume.
    struct Resume: Error {}

    let tokens: [Token]
    let limits: ParserLimits
    var report: DiagnosticReport
    var tainted: Set<String> = []
    var places = MarkedPlaces()
    var index = 0
    private(set) var depth = 0
    /// Assignments that the expressions of the current statement hold, like `i++`; nil where there can be none.
    var effects: [Statement]?
    /// Where the current statement begins.
    var statementStart = 0
    /// Open `(` and `[` of the current expression.
    var openBrackets = 0
    /// Statements that `switch` has copied so far, and its cases.
    var copiedStatements = 0
    var switchCases = 0

    init(tokens: [Token], limits: ParserLimits, report: DiagnosticReport) {
        self.tokens = tokens
        self.limits = limits
        self.report = report
    }

    // MARK: Looking at tokens

    var current: Token { tokens[index] }

    func ahead(_ count: Int) -> Token { tokens[min(index + count, tokens.count - 1)] }

    var isAtEnd: Bool { current.kind == .end }

    /// Whether the current token is this punctuator or keyword.
    func at(_ text: String) -> Bool { current.text == text && current.kind != .quoted }

    mutating func advance() { if !isAtEnd { index += 1 } }

    mutating func accept(_ text: String) -> Bool {
        guard at(text) else { return false }
        advance()
        return true
    }

    /// Where the token before the current one ends.
    var previousEnd: SourcePosition { index > 0 ? tokens[index - 1].endPosition : current.position }

    // MARK: Errors

    /// Words that begin a statement.
    static let statementWords: Set<String> = ["if", "for", "while", "do", "return", "break", "continue", "switch"]

    mutating func fail(_ position: SourcePosition, _ message: String) -> Resume {
        report.error(position, message)
        return Resume()
    }

    /// Reports that something else was expected at the current token.
    mutating func unexpected(_ expected: String) -> Resume {
        if current.kind == .stray { return Resume() }
        if case .identifier = current.kind, let message = UnsupportedSyntax.keywords[current.text] {
            return fail(current.position, message)
        }
        if let message = UnsupportedSyntax.punctuators[current.text], current.kind == .punctuator {
            return fail(current.position, message)
        }
        if current.kind == .quoted { return fail(current.position, UnsupportedSyntax.text) }
        return fail(current.position, "expected \(expected), found \(current.described)\(hint(expected))")
    }

    /// What to write instead, where the found token tells what was meant.
    private func hint(_ expected: String) -> String {
        let endsStatement = expected.hasPrefix("';'")
        switch current.text {
        case "if" where endsStatement: return "; write condition ? a : b"
        case "," where endsStatement: return "; the comma operator is not available, write two statements"
        case "=" where endsStatement: return "; assign in a statement of its own"
        case ":" where expected == "a value" && index > 0 && tokens[index - 1].text == "?":
            return "; write both values, like a ? a : b"
        default: return ""
        }
    }

    mutating func expect(_ text: String, _ context: String) throws {
        if !accept(text) { throw unexpected("'\(text)' \(context)") }
    }

    /// A missing semicolon at the end of a line or block needs no skipping: what follows is a statement.
    mutating func expectSemicolon(after what: String) throws {
        if accept(";") { return }
        let resumesCleanly = current.startsLine || at("}") || isAtEnd
        guard resumesCleanly, UnsupportedSyntax.punctuators[current.text] == nil else {
            throw unexpected("';' after \(what)")
        }
        report.error(previousEnd, "expected ';' after \(what)")
    }

    mutating func name(_ context: String) throws -> String {
        guard case .identifier = current.kind, !UnsupportedSyntax.isReserved(current.text) else {
            throw unexpected(context)
        }
        defer { advance() }
        return current.text
    }

    // MARK: Resuming

    /// Runs `body`; after an error skips the rest of the statement that began at the current token.
    mutating func recovering<Value>(_ body: (inout Parser) throws -> Value) -> Value? {
        let start = index
        let before = (depth, openBrackets, effects)
        do {
            return try body(&self)
        } catch {
            (depth, openBrackets, effects) = before
            skipStatement(from: start)
            taint(from: start)
            return nil
        }
    }

    private mutating func taint(from start: Int) {
        for token in tokens[start..<index] where token.kind == .identifier { tainted.insert(token.text) }
    }

    /// To just after the next `;` or balanced block, or to the `}` that ends the enclosing block. What was read of the
    /// statement may have opened braces: they are closed first.
    private mutating func skipStatement(from start: Int) {
        var braces = 0
        for token in tokens[start..<index] { braces += token.text == "{" ? 1 : token.text == "}" ? -1 : 0 }
        var parentheses = 0
        for token in tokens[start..<index] { parentheses += token.text == "(" ? 1 : token.text == ")" ? -1 : 0 }
        // What follows the braces of a struct are names of it.
        let namesFollow = ["struct", "union", "enum", "typedef"].contains(tokens[start].text)
        while !isAtEnd {
            if at("{") {
                skipBraces()
                if braces <= 0, !namesFollow, !at("else"), !at(";"), !at(")"), !at(",") { return }
            } else if at("}") {
                if braces <= 0 { return }
                advance()
                braces -= 1
                if braces == 0, !at(";"), !at(","), !at("else") { return }
            } else if at(";"), braces <= 0, parentheses <= 0 || ahead(1).startsLine {
                advance()
                return
            } else {
                parentheses += at("(") ? 1 : at(")") ? -1 : 0
                advance()
            }
        }
    }

    /// Past a balanced `{ … }`, or to the end of the text.
    mutating func skipBraces() {
        var open = 0
        repeat {
            open += at("{") ? 1 : at("}") ? -1 : 0
            advance()
        } while open > 0 && !isAtEnd
    }

    /// Runs `body` one level deeper, within the limit that keeps the stack from overflowing.
    mutating func nested<Value>(_ body: (inout Parser) throws -> Value) throws -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.nesting else {
            throw fail(
                current.position,
                "nested more than \(limits.nesting) deep; compute parts into variables of their own first")
        }
        return try body(&self)
    }
}
