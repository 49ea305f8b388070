import ActivationParser
import EvolveTypes

/// Python text as tokens: names, numbers, texts, signs, and the beginning and end of indented blocks.
struct PythonLexer {
    enum Token: Hashable {
        case name(String)
        case number(Double, isWhole: Bool)
        case text(String)
        case sign(String)
        case newline, indent, dedent, end

        /// As a message shows it.
        var shown: String {
            switch self {
            case .name(let word): word
            case .number(let value, _): "\(value)"
            case .text: "a string"
            case .sign(let sign): sign
            case .newline: "the end of the line"
            case .indent: "an indented line"
            case .dedent: "the end of the block"
            case .end: "the end of the text"
            }
        }
    }

    struct Located {
        var token: Token
        var position: SourcePosition
    }

    private(set) var tokens: [Located] = []
    /// What the first comment says.
    private(set) var comment: String?
    private(set) var problem: Diagnostic?

    private let text: [Character]
    private var place = 0
    private var line = 1
    private var lineStart = 0
    private var indents = [0]
    private var depth = 0
    /// How the text writes each name.
    private var spellings: [String: String] = [:]

    static let limit = 100_000

    init(_ source: String) {
        text = Array(source.replacing("\r\n", with: "\n").replacing("\t", with: "    "))
        guard source.utf8.count <= Self.limit else {
            problem = Diagnostic(
                line: 0, column: 0, "the text has \(source.utf8.count) bytes; write at most \(Self.limit)")
            return
        }
        run()
    }

    private var here: SourcePosition { SourcePosition(line: line, column: place - lineStart + 1) }

    private func at(_ offset: Int) -> Character? { place + offset < text.count ? text[place + offset] : nil }

    private mutating func add(_ token: Token, _ position: SourcePosition) {
        tokens.append(Located(token: token, position: position))
    }

    private mutating func run() {
        var isLineStart = true
        while place < text.count, problem == nil {
            if isLineStart, depth == 0 {
                isLineStart = false
                if indentation() { continue }
            }
            let character = text[place]
            switch character {
            case "\n":
                if depth == 0, let last = tokens.last, last.token != .newline { add(.newline, here) }
                nextLine()
                isLineStart = true
            case " ": place += 1
            case "\\" where at(1) == "\n":
                place += 1
                nextLine()
            case "#": skipComment()
            case "\"", "'": string()
            case _ where character.isASCII && (character.isNumber || (character == "." && at(1)?.isNumber == true)):
                number()
            case _ where character.isLetter || character == "_": name()
            default: sign()
            }
        }
        if let last = tokens.last, last.token != .newline { add(.newline, here) }
        for _ in indents.dropFirst() { add(.dedent, here) }
        add(.end, here)
    }

    private mutating func nextLine() {
        place += 1
        line += 1
        lineStart = place
    }

    /// - Returns: whether the line is empty, and what is left of it need not be looked at.
    private mutating func indentation() -> Bool {
        var width = 0
        while at(width) == " " { width += 1 }
        while at(width) == nil || at(width) == "\n" || at(width) == "#" {
            place += width
            if at(0) == "#" { skipComment() }
            guard at(0) == "\n" else { return true }
            nextLine()
            width = 0
            while at(width) == " " { width += 1 }
        }
        place += width
        let own = indents.last ?? 0
        if width > own {
            indents.append(width)
            add(.indent, here)
        }
        while width < indents.last ?? 0 {
            indents.removeLast()
            add(.dedent, here)
        }
        if width != indents.last {
            problem = Diagnostic(
                line: line, column: width + 1,
                "this line is indented by \(width) characters, as no line before it; line it up")
        }
        return false
    }

    private mutating func skipComment() {
        var words = ""
        while place < text.count, text[place] != "\n" {
            words.append(text[place])
            place += 1
        }
        let own = words.drop { $0 == "#" || $0 == " " }
        if comment == nil, !own.isEmpty, !words.hasPrefix("#!") { comment = String(own) }
    }

    private mutating func string() {
        let (start, quote) = (here, text[place])
        let isLong = at(1) == quote && at(2) == quote
        place += isLong ? 3 : 1
        var words = ""
        while place < text.count {
            if text[place] == "\\", at(1) != nil {
                words.append(text[place + 1])
                place += 2
            } else if text[place] == quote, !isLong || (at(1) == quote && at(2) == quote) {
                place += isLong ? 3 : 1
                return add(.text(words), start)
            } else if text[place] == "\n" {
                guard isLong else { break }
                words.append(" ")
                nextLine()
            } else {
                words.append(text[place])
                place += 1
            }
        }
        problem = Diagnostic(line: start.line, column: start.column, "this string does not end")
    }

    private mutating func number() {
        let start = here
        if at(0) == "0", let base = at(1).flatMap({ Self.bases[$0] }) { return wholeNumber(base, start) }
        var digits = ""
        var isWhole = true
        while let next = at(0) {
            if next.isNumber || next == "_" {
                if next != "_" { digits.append(next) }
            } else if next == "." {
                isWhole = false
                digits.append(next)
            } else if next == "e" || next == "E" {
                isWhole = false
                digits.append(next)
                if at(1) == "-" || at(1) == "+" {
                    place += 1
                    digits.append(text[place])
                }
            } else {
                break
            }
            place += 1
        }
        guard let value = Double(digits.hasSuffix(".") ? digits + "0" : digits.replacing(".e", with: ".0e")),
            value.isFinite,
            at(0).map({ !($0.isLetter || $0 == "_") }) ?? true
        else {
            problem = Diagnostic(
                line: start.line, column: start.column,
                "'\(digits)\(at(0).map(String.init) ?? "")' is no number that can be read")
            return
        }
        add(.number(value, isWhole: isWhole), start)
    }

    private static let bases: [Character: Int] = ["x": 16, "X": 16, "o": 8, "O": 8, "b": 2, "B": 2]

    /// 0x10, 0b101.
    private mutating func wholeNumber(_ base: Int, _ start: SourcePosition) {
        let spelling = String(text[place...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        guard let value = Int(spelling.dropFirst(2).replacing("_", with: ""), radix: base) else {
            problem = Diagnostic(
                line: start.line, column: start.column, "'\(spelling)' is no number that can be read")
            return
        }
        place += spelling.count
        add(.number(Double(value), isWhole: true), start)
    }

    private mutating func name() {
        let start = here
        var word = ""
        while let next = at(0), next.isLetter || next.isNumber || next == "_" {
            word.append(next)
            place += 1
        }
        // f"…" and the like say nothing that a function needs.
        if word.count <= 2, let quote = at(0), quote == "\"" || quote == "'",
            word.lowercased().allSatisfy({ "rbfu".contains($0) })
        {
            return string()
        }
        let spelled = GreekNames.spelled(word)
        if let other = spellings.updateValue(word, forKey: spelled), other != word {
            problem = Diagnostic(
                line: start.line, column: start.column,
                "'\(other)' and '\(word)' have the same name in C; rename one of them")
        }
        add(.name(spelled), start)
    }

    private static let signs = [
        "**=", "//=", "->", "**", "//", "<=", ">=", "==", "!=", "+=", "-=", "*=", "/=", "%=", ":=", "(", ")", "[", "]",
        "{", "}",
        ",", ":", ".", ";", "=", "+", "-", "*", "/", "%", "<", ">", "&", "|", "~", "^", "@",
    ]

    private mutating func sign() {
        guard
            let sign = Self.signs.first(where: { sign in
                zip(sign, text[place...]).allSatisfy { $0 == $1 } && text.count - place >= sign.count
            })
        else {
            problem = Diagnostic(
                line: line, column: here.column, "'\(text[place])' is no part of Python that can be read here")
            return
        }
        if "([{".contains(sign) { depth += 1 }
        if ")]}".contains(sign) { depth = max(0, depth - 1) }
        add(.sign(sign), here)
        place += sign.count
    }
}
