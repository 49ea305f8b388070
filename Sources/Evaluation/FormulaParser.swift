import EvolveTypes

/// Reads a formula with Python's rules: `**` binds tightest and to the right, then signs, then `*` and `/`, then
/// `+` and `-`, each to the left. So -x**2 is -(x**2), and 2**-1 is one half.
struct FormulaParser {
    private let characters: [Character]
    private let variables: [String]
    private var position = 0
    private var depth = 0

    /// Deeper nesting is refused instead of overflowing the stack.
    private static let deepest = 200

    init(text: String, variables: [String]) {
        characters = Array(text)
        self.variables = variables
    }

    mutating func parse() throws -> Formula.Expression {
        let expression = try sum()
        skipSpaces()
        guard position == characters.count else { throw unexpected("an operator or the end") }
        return expression
    }

    private mutating func sum() throws -> Formula.Expression {
        var left = try term()
        while true {
            if take("+") {
                left = .binary(.add, left, try term())
            } else if take("-") {
                left = .binary(.subtract, left, try term())
            } else {
                return left
            }
        }
    }

    private mutating func term() throws -> Formula.Expression {
        var left = try signed()
        while true {
            // "**" is consumed by power() before this is reached.
            if take("*") {
                left = .binary(.multiply, left, try signed())
            } else if take("/") {
                left = .binary(.divide, left, try signed())
            } else {
                return left
            }
        }
    }

    private mutating func signed() throws -> Formula.Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw failure("nested deeper than \(Self.deepest) levels") }
        if take("-") { return .negative(try signed()) }
        if take("+") { return try signed() }
        return try power()
    }

    private mutating func power() throws -> Formula.Expression {
        let base = try atom()
        guard take("**") else { return base }
        return .binary(.power, base, try signed())
    }

    private mutating func atom() throws -> Formula.Expression {
        if take("(") {
            let inner = try sum()
            guard take(")") else { throw unexpected("')'") }
            return inner
        }
        guard let first = peek() else { throw unexpected("a number, a name or '('") }
        if first.isASCIIDigit || first == "." { return try number() }
        guard first.isNameStart else { throw unexpected("a number, a name or '('") }
        let start = position
        let name = word { $0.isNameStart || $0.isASCIIDigit }
        if let index = variables.firstIndex(of: name) { return .variable(index) }
        if name == "pi" { return .number(.pi) }
        guard let function = Formula.Function(rawValue: name) else {
            position = start
            let functions = Formula.Function.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure(
                "unknown name '\(name)'; known: \((variables + ["pi"]).joined(separator: ", ")), \(functions)")
        }
        guard take("(") else { throw unexpected("'(' after \(name)") }
        let argument = try sum()
        guard take(")") else { throw unexpected("')'") }
        return .call(function, argument)
    }

    private mutating func number() throws -> Formula.Expression {
        let start = position
        let text = word { $0.isASCIIDigit || $0 == "." }
        guard let value = Double(text) else {
            position = start
            throw failure("'\(text)' is not a number")
        }
        return .number(value)
    }

    private mutating func word(of belongs: (Character) -> Bool) -> String {
        let start = position
        while position < characters.count, belongs(characters[position]) { position += 1 }
        return String(characters[start..<position])
    }

    private mutating func skipSpaces() {
        while position < characters.count, characters[position] == " " { position += 1 }
    }

    private mutating func peek() -> Character? {
        skipSpaces()
        return position < characters.count ? characters[position] : nil
    }

    private mutating func take(_ symbol: String) -> Bool {
        skipSpaces()
        guard characters[position...].starts(with: symbol) else { return false }
        position += symbol.count
        return true
    }

    private func unexpected(_ wanted: String) -> Failure {
        let found = position < characters.count ? "'\(characters[position])'" : "the end"
        return failure("expected \(wanted), found \(found)")
    }

    private func failure(_ what: String) -> Failure {
        Failure(.badInput, "formula '\(String(characters))', column \(position + 1): \(what)")
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
    fileprivate var isNameStart: Bool { isASCII && (isLetter || self == "_") }
}
