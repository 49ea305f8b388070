/// Text → tokens. Comments are trivia, but the first one is kept: it is the candidate's idea.
struct Lexer {
    struct Output {
        /// Ends with one `end` token.
        var tokens: [Token]
        var idea: String?
    }

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var column = 1
    private var startsLine = true
    private var tokens: [Token] = []
    private var idea: String?

    static func run(_ text: String, report: inout DiagnosticReport) -> Output {
        var lexer = Lexer(bytes: Array(text.utf8))
        lexer.scan(&report)
        return Output(tokens: lexer.tokens, idea: lexer.idea)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var position: SourcePosition { SourcePosition(line: line, column: column) }

    private func peek(_ offset: Int = 0) -> UInt8? {
        index + offset < bytes.count ? bytes[index + offset] : nil
    }

    private func text(from start: Int) -> String { String(decoding: bytes[start..<index], as: UTF8.self) }

    private mutating func advance() {
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
            startsLine = true
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    private mutating func scan(_ report: inout DiagnosticReport) {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0x0B, 0x0C: advance()
            case UInt8(ascii: "\\") where isLineContinuation: continueLine()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"): lineComment()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): blockComment(&report)
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quoted(byte)
            case _ where byte.startsName: word()
            case _ where byte.isDigit || byte == UInt8(ascii: ".") && peek(1)?.isDigit == true: number(&report)
            default: punctuator(&report)
            }
        }
        append(.end, "", at: position)
    }

    private mutating func append(_ kind: Token.Kind, _ text: String, at start: SourcePosition) {
        let endColumn = line == start.line ? column : start.column + 1
        tokens.append(Token(kind: kind, text: text, position: start, endColumn: endColumn, startsLine: startsLine))
        startsLine = false
    }

    private var isLineContinuation: Bool {
        peek(1) == UInt8(ascii: "\n") || peek(1) == UInt8(ascii: "\r") && peek(2) == UInt8(ascii: "\n")
    }

    private mutating func continueLine() {
        let before = startsLine
        while peek() != UInt8(ascii: "\n") { advance() }
        advance()
        startsLine = before
    }

    private mutating func lineComment() {
        let start = index + 2
        while let byte = peek(), byte != UInt8(ascii: "\n") { advance() }
        keepIdea(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func blockComment(_ report: inout DiagnosticReport) {
        let start = index
        let opening = position
        let before = startsLine
        advance()
        advance()
        while index < bytes.count, !(peek() == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/")) { advance() }
        keepIdea(String(decoding: bytes[min(start + 2, index)..<index], as: UTF8.self))
        if index < bytes.count {
            advance()
            advance()
        } else {
            report.error(opening, "this comment is never closed; end it with */")
        }
        if line == opening.line { startsLine = before }
    }

    /// The first comment, on one line, without the stars that frame a block.
    private mutating func keepIdea(_ comment: String) {
        guard idea == nil else { return }
        let words = comment.split { $0.isWhitespace }.filter { !$0.allSatisfy { $0 == "*" || $0 == "/" } }
        if !words.isEmpty { idea = words.joined(separator: " ") }
    }

    private mutating func quoted(_ quote: UInt8) {
        let start = index
        let opening = position
        advance()
        while let byte = peek(), byte != quote, byte != UInt8(ascii: "\n") {
            advance()
            if byte == UInt8(ascii: "\\"), let next = peek(), next != UInt8(ascii: "\n") { advance() }
        }
        if peek() == quote { advance() }
        append(.quoted, text(from: start), at: opening)
    }

    private mutating func word() {
        let start = index
        let opening = position
        while let byte = peek(), byte.continuesName { advance() }
        append(.identifier, text(from: start), at: opening)
    }

    private mutating func number(_ report: inout DiagnosticReport) {
        let start = index
        let opening = position
        while let byte = peek(), byte.continuesName || byte == UInt8(ascii: ".") || isExponentSign(at: start) {
            advance()
        }
        let spelling = text(from: start)
        switch NumberSpelling.read(spelling) {
        case .success(let kind): append(kind, spelling, at: opening)
        case .failure(let problem):
            report.error(opening, problem.message)
            append(.real(1), spelling, at: opening)
        }
    }

    /// Whether the current byte is the sign of an exponent: 1e-3, 0x1p+4.
    private func isExponentSign(at start: Int) -> Bool {
        guard let byte = peek(), byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), index > start else {
            return false
        }
        let previous = bytes[index - 1] | 0x20
        let isHexadecimal = start + 1 < index && bytes[start + 1] | 0x20 == UInt8(ascii: "x")
        return previous == UInt8(ascii: isHexadecimal ? "p" : "e")
    }

    private mutating func punctuator(_ report: inout DiagnosticReport) {
        let start = index
        let opening = position
        for length in [3, 2, 1] where index + length <= bytes.count {
            let candidate = String(decoding: bytes[index..<index + length], as: UTF8.self)
            guard Self.punctuators.contains(candidate) else { continue }
            for _ in 0..<length { advance() }
            append(.punctuator, candidate, at: opening)
            return
        }
        advance()
        while let byte = peek(), byte & 0xC0 == 0x80 { advance() }
        let found = text(from: start).unicodeScalars.first.map { scalar in
            scalar.properties.generalCategory == .control ? "a control character" : "'\(scalar)'"
        }
        report.error(opening, "\(found ?? "a stray byte") is no part of C; write plain ASCII operators and names")
        append(.stray, text(from: start), at: opening)
    }

    private static let punctuators: Set<String> = [
        "<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=",
        "%=", "&=", "|=", "^=", "::", "[", "]", "(", ")", "{", "}", ".", "&", "*", "+", "-", "~", "!", "/", "%", "<",
        ">", "^", "|", "?", ":", ";", "=", ",", "#",
    ]
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    fileprivate var startsName: Bool {
        let lower = self | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z") || self == UInt8(ascii: "_")
    }

    fileprivate var continuesName: Bool { startsName || isDigit }
}
