/// A place in the text: 1-based line and column; columns count Unicode scalars. (0, 0) is the text as a whole.
package struct SourcePosition: Hashable, Sendable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Of nodes that no text holds: those a tree operator made.
    package static let none = SourcePosition(line: 0, column: 0)
}

struct Token {
    enum Kind: Hashable {
        case identifier
        case integer(Double)
        case real(Double)
        case punctuator
        /// A string or character constant.
        case quoted
        /// Already reported by the lexer; the statement it stands in is lost.
        case stray
        case end
    }

    var kind: Kind
    /// The spelling; empty at the end of the text.
    var text: String
    var position: SourcePosition
    /// Column just after the last character.
    var endColumn: Int
    /// True for the first token of a line; a preprocessor directive ends before the next of them.
    var startsLine: Bool
    /// Where a macro was used, for the last token of its text.
    var end: SourcePosition?

    var endPosition: SourcePosition { end ?? SourcePosition(line: position.line, column: endColumn) }

    init(kind: Kind, text: String, position: SourcePosition, endColumn: Int, startsLine: Bool) {
        self.kind = kind
        self.text = text
        self.position = position
        self.endColumn = endColumn
        self.startsLine = startsLine
    }

    /// Another token at the place of `other`.
    init(kind: Kind, text: String, like other: Token) {
        self = other
        self.kind = kind
        self.text = text
    }

    /// How diagnostics name the token.
    var described: String { kind == .end ? "the end of the text" : "'\(text)'" }
}
