import ActivationParser
import EvolveTypes

/// Expressions, loosest first.
extension PythonParser {
    /// One, or several with commas between.
    mutating func expressions() throws(PythonProblem) -> PythonNode {
        let first = try expression()
        guard token == .sign(",") else { return first }
        var all = [first]
        while takes(",") {
            if [.newline, .sign("="), .sign(")"), .sign("]")].contains(token) { break }
            all.append(try expression())
        }
        return PythonNode(kind: .tuple(all), position: first.position)
    }

    mutating func expression() throws(PythonProblem) -> PythonNode {
        try deeper { parser throws(PythonProblem) in
            if parser.token == .name("lambda") { return try parser.lambda() }
            if case .name(let name) = parser.token, parser.tokens[parser.place + 1].token == .sign(":=") {
                let start = parser.position
                parser.place += 2
                return PythonNode(kind: .walrus(name, try parser.expression()), position: start)
            }
            let value = try parser.either()
            guard parser.takesWord("if") else { return value }
            let condition = try parser.either()
            guard parser.takesWord("else") else { throw parser.problem("expected 'else', found \(parser.token.shown)") }
            return PythonNode(
                kind: .conditional(then: value, condition: condition, otherwise: try parser.expression()),
                position: value.position)
        }
    }

    private mutating func lambda() throws(PythonProblem) -> PythonNode {
        let start = position
        place += 1
        let parameters = try parameters(until: ":")
        try expect(":")
        return PythonNode(kind: .lambda(parameters: parameters, try expression()), position: start)
    }

    private mutating func either() throws(PythonProblem) -> PythonNode {
        var (left, links) = (try both(), 0)
        while takesWord("or") {
            try link(&links)
            left = PythonNode(kind: .binary("or", left, try both()), position: left.position)
        }
        return left
    }

    private mutating func both() throws(PythonProblem) -> PythonNode {
        var (left, links) = (try negation(), 0)
        while takesWord("and") {
            try link(&links)
            left = PythonNode(kind: .binary("and", left, try negation()), position: left.position)
        }
        return left
    }

    private mutating func negation() throws(PythonProblem) -> PythonNode {
        let start = position
        guard takesWord("not") else { return try comparison() }
        return try deeper { parser throws(PythonProblem) in
            PythonNode(kind: .unary("not", try parser.negation()), position: start)
        }
    }

    private static let comparisons: Set<String> = ["<", "<=", ">", ">=", "==", "!="]

    private mutating func comparison() throws(PythonProblem) -> PythonNode {
        let left = try infix(0)
        var rest: [(sign: String, right: PythonNode)] = []
        while true {
            if case .sign(let sign) = token, Self.comparisons.contains(sign) {
                place += 1
                rest.append((sign, try infix(0)))
            } else if takesWord("is") {
                rest.append((takesWord("not") ? "is not" : "is", try infix(0)))
            } else if takesWord("in") {
                rest.append(("in", try infix(0)))
            } else if token == .name("not"), tokens[place + 1].token == .name("in") {
                place += 2
                rest.append(("not in", try infix(0)))
            } else {
                break
            }
        }
        return rest.isEmpty ? left : PythonNode(kind: .comparison(left, rest), position: left.position)
    }

    private static let levels: [Set<String>] = [["|"], ["^"], ["&"], ["+", "-"], ["*", "/", "//", "%", "@"]]

    private mutating func infix(_ level: Int) throws(PythonProblem) -> PythonNode {
        guard level < Self.levels.count else { return try prefix() }
        var (left, links) = (try infix(level + 1), 0)
        while case .sign(let sign) = token, Self.levels[level].contains(sign) {
            try link(&links)
            place += 1
            left = PythonNode(kind: .binary(sign, left, try infix(level + 1)), position: left.position)
        }
        return left
    }

    private mutating func prefix() throws(PythonProblem) -> PythonNode {
        let start = position
        if case .sign(let sign) = token, ["-", "+", "~"].contains(sign) {
            place += 1
            return try deeper { parser throws(PythonProblem) in
                PythonNode(kind: .unary(sign, try parser.prefix()), position: start)
            }
        }
        let base = try postfix()
        guard takes("**") else { return base }
        return try deeper { parser throws(PythonProblem) in
            PythonNode(kind: .binary("**", base, try parser.prefix()), position: start)
        }
    }

    private mutating func postfix() throws(PythonProblem) -> PythonNode {
        var (value, links) = (try atom(), 0)
        while true {
            try link(&links)
            if takes(".") {
                value = PythonNode(kind: .attribute(value, try word()), position: value.position)
            } else if takes("(") {
                value = try call(value)
            } else if takes("[") {
                if token == .sign(":") { throw problem(Self.slices) }
                let index = try expressions()
                if token == .sign(":") { throw problem(Self.slices) }
                try expect("]")
                value = PythonNode(kind: .element(value, index), position: value.position)
            } else {
                return value
            }
        }
    }

    private static let slices = "x[a:b] takes a part of an array; a function is written for one element"

    /// Behind the opening bracket.
    mutating func call(_ function: PythonNode) throws(PythonProblem) -> PythonNode {
        var (arguments, named): ([PythonNode], [(name: String, value: PythonNode)]) = ([], [])
        while token != .sign(")") {
            if takes("**") || takes("*") {
                // super().__init__(**kwargs)
                named.append(("*", try expression()))
            } else if case .name(let name) = token, tokens[place + 1].token == .sign("=") {
                place += 2
                named.append((name, try expression()))
            } else {
                arguments.append(try comprehended(try expression()))
            }
            guard takes(",") else { break }
        }
        try expect(")")
        return PythonNode(kind: .call(function, arguments, named), position: function.position)
    }

    private mutating func atom() throws(PythonProblem) -> PythonNode {
        let start = position
        switch token {
        case .number(let value, let isWhole):
            place += 1
            return PythonNode(kind: .number(value, isWhole: isWhole), position: start)
        case .text(let words):
            place += 1
            return PythonNode(kind: .text(words), position: start)
        case .name(let word):
            place += 1
            return PythonNode(kind: .name(word), position: start)
        case .sign("("):
            place += 1
            if takes(")") { return PythonNode(kind: .tuple([]), position: start) }
            let inner = try comprehended(try expressions())
            try expect(")")
            return inner
        case .sign("["):
            place += 1
            if takes("]") { return PythonNode(kind: .tuple([]), position: start) }
            let inner = try comprehended(try expressions())
            try expect("]")
            if case .comprehension = inner.kind { return inner }
            if case .tuple = inner.kind { return inner }
            return PythonNode(kind: .tuple([inner]), position: start)
        case .sign("{"):
            try skipBraces()
            return PythonNode(kind: .name("{}"), position: start)
        default: throw problem("expected a value, found \(token.shown)")
        }
    }

    /// `value for name in list`, behind the value.
    private mutating func comprehended(_ value: PythonNode) throws(PythonProblem) -> PythonNode {
        guard takesWord("for") else { return value }
        let variable = try word()
        guard takesWord("in") else { throw problem("expected 'in', found \(token.shown)") }
        let list = try either()
        guard token == .sign(")") || token == .sign("]") else {
            throw problem("expected the end of the list, found \(token.shown)")
        }
        return PythonNode(kind: .comprehension(value, variable: variable, over: list), position: value.position)
    }

    /// Dictionaries and sets are no values of a function.
    private mutating func skipBraces() throws(PythonProblem) {
        var depth = 0
        repeat {
            if token == .sign("{") { depth += 1 }
            if token == .sign("}") { depth -= 1 }
            guard token != .end else { throw problem("expected '}', found \(token.shown)") }
            place += 1
        } while depth > 0
    }
}
