import ActivationParser
import EvolveTypes

/// Python tokens → `PythonModule`. The first mistake ends it.
struct PythonParser {
    private let tokens: [PythonLexer.Located]
    private var place = 0
    private var depth = 0
    private(set) var module = PythonModule()

    private static let deepest = 200
    /// Links of a chain a + a + …, each of which makes the tree deeper.
    private static let longest = 500

    init(_ tokens: [PythonLexer.Located]) throws(PythonProblem) {
        self.tokens = tokens
        while !takes(.end) {
            if takes(.newline) { continue }
            if let statement = try statement() { module.statements.append(statement) }
        }
    }

    // MARK: Tokens

    private var token: PythonLexer.Token { tokens[place].token }
    private var position: SourcePosition { tokens[place].position }

    private mutating func takes(_ wanted: PythonLexer.Token) -> Bool {
        guard token == wanted else { return false }
        if place + 1 < tokens.count { place += 1 }
        return true
    }

    private mutating func takes(_ sign: String) -> Bool { takes(.sign(sign)) }
    private mutating func takesWord(_ word: String) -> Bool { takes(.name(word)) }

    private mutating func expect(_ sign: String) throws(PythonProblem) {
        guard takes(sign) else { throw problem("expected '\(sign)', found \(token.shown)") }
    }

    private mutating func word() throws(PythonProblem) -> String {
        guard case .name(let word) = token else { throw problem("expected a name, found \(token.shown)") }
        place += 1
        return word
    }

    private func problem(_ text: String, at position: SourcePosition? = nil) -> PythonProblem {
        PythonProblem(text, position ?? self.position)
    }

    private mutating func deeper<T>(_ body: (inout PythonParser) throws(PythonProblem) -> T) throws(PythonProblem) -> T
    {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw problem("this is nested too deeply") }
        return try body(&self)
    }

    private func link(_ count: inout Int) throws(PythonProblem) {
        count += 1
        guard count < Self.longest else { throw problem("this expression is too long") }
    }

    // MARK: Statements

    private mutating func statement() throws(PythonProblem) -> PythonStatement? {
        let start = position
        func made(_ kind: PythonStatement.Kind) -> PythonStatement { PythonStatement(kind: kind, position: start) }
        // Decorators (jax.jit, torch.compile) change nothing of what is computed.
        while takes("@") { try skipLine() }
        switch token {
        case .name("import"), .name("from"):
            try importing()
            return nil
        case .name("def"): return made(.function(try function()))
        case .name("if"): return made(try condition())
        case .name("for"):
            place += 1
            let variable = try word()
            guard takesWord("in") else { throw problem("expected 'in', found \(token.shown)") }
            let range = try expression()
            return made(.loop(variable: variable, over: range, body: try block()))
        case .name("while"):
            place += 1
            let test = try expression()
            return made(.repetition(test, body: try block()))
        case .name("return"):
            place += 1
            let value = token == .newline ? nil : try expressions()
            return made(.result(try ended(value)))
        case .name("pass"), .name("global"), .name("nonlocal"), .name("assert"), .name("del"):
            try skipLine()
            return made(.nothing)
        case .name("break"):
            place += 1
            return made(try ended(.leave))
        case .name("continue"):
            place += 1
            return made(try ended(.next))
        case .name("class"), .name("with"), .name("try"), .name("async"), .name("raise"), .name("match"),
            .name("yield"):
            throw problem(
                "'\(token.shown)' is not read here; write def activation(x): … with assignments, if, for and return")
        case .indent: throw problem("this line is indented without a reason")
        default: return made(try simple())
        }
    }

    private mutating func ended<T>(_ value: T) throws(PythonProblem) -> T {
        guard takes(";") || takes(.newline) || token == .end || token == .dedent else {
            throw problem("expected the end of the line, found \(token.shown)")
        }
        return value
    }

    private mutating func skipLine() throws(PythonProblem) {
        while token != .newline, token != .end { place += 1 }
        _ = takes(.newline)
    }

    private mutating func importing() throws(PythonProblem) {
        let isFrom = takesWord("from")
        if !isFrom { place += 1 }
        func dotted(_ parser: inout PythonParser) throws(PythonProblem) -> String {
            var name = try parser.word()
            while parser.takes(".") { name += "." + (try parser.word()) }
            return name
        }
        let source = try dotted(&self)
        if isFrom {
            guard takesWord("import") else { throw problem("expected 'import', found \(token.shown)") }
            if takes("*") { return try ended(()) }
            let isGrouped = takes("(")
            repeat {
                if token == .sign(")") { break }
                let name = try word()
                let own = takesWord("as") ? try word() : name
                module.imports[own] = source + "." + name
            } while takes(",")
            if isGrouped { try expect(")") }
        } else {
            module.imports[takesWord("as") ? try word() : String(source.prefix { $0 != "." })] = source
            while takes(",") {
                let next = try dotted(&self)
                module.imports[takesWord("as") ? try word() : String(next.prefix { $0 != "." })] = next
            }
        }
        try ended(())
    }

    private mutating func function() throws(PythonProblem) -> PythonFunction {
        let start = position
        place += 1
        let name = try word()
        try expect("(")
        let parameters = try parameters(until: ")")
        try expect(")")
        if takes("->") { _ = try expression() }
        var body = try block()
        var text: String?
        if case .expression(let node)? = body.first?.kind, case .text(let words) = node.kind {
            text = words
            body.removeFirst()
        }
        return PythonFunction(name: name, parameters: parameters, text: text, body: body, position: start)
    }

    private mutating func parameters(until end: String) throws(PythonProblem) -> [PythonParameter] {
        var parameters: [PythonParameter] = []
        while token != .sign(end) {
            if takes("*") || takes("/") {
                if takes(",") { continue }
                if token == .sign(end) { break }
            }
            let start = position
            let name = try word()
            // Not in a lambda, whose colon ends them.
            if end == ")", takes(":") { _ = try expression() }
            let value = takes("=") ? try expression() : nil
            parameters.append(PythonParameter(name: name, value: value, position: start))
            guard takes(",") else { break }
        }
        return parameters
    }

    private mutating func block() throws(PythonProblem) -> [PythonStatement] {
        try deeper { parser throws(PythonProblem) in
            try parser.expect(":")
            guard parser.takes(.newline) else { return try parser.statement().map { [$0] } ?? [] }
            guard parser.takes(.indent) else { throw parser.problem("expected an indented line") }
            var statements: [PythonStatement] = []
            while !parser.takes(.dedent), parser.token != .end {
                if parser.takes(.newline) { continue }
                if let statement = try parser.statement() { statements.append(statement) }
            }
            return statements
        }
    }

    private mutating func condition() throws(PythonProblem) -> PythonStatement.Kind {
        place += 1
        let test = try expression()
        let then = try block()
        let start = position
        if token == .name("elif") {
            let other = try deeper { parser throws(PythonProblem) in try parser.condition() }
            return .conditional(test, then: then, otherwise: [PythonStatement(kind: other, position: start)])
        }
        return .conditional(test, then: then, otherwise: takesWord("else") ? try block() : [])
    }

    private static let augmented: Set<String> = ["+=", "-=", "*=", "/=", "%=", "**=", "//="]

    private mutating func simple() throws(PythonProblem) -> PythonStatement.Kind {
        let left = try expressions()
        if case .sign(let sign) = token, Self.augmented.contains(sign) {
            guard case .name(let name) = left.kind else {
                throw problem("only a name can be changed", at: left.position)
            }
            place += 1
            return try ended(.augmented(target: name, sign: String(sign.dropLast()), value: try expressions()))
        }
        // An annotation says nothing.
        if takes(":") { _ = try expression() }
        guard takes("=") else { return try ended(.expression(left)) }
        var (targets, value) = ([left], try expressions())
        while takes("=") {
            targets.append(value)
            value = try expressions()
        }
        return try ended(.assignment(targets: targets, value: value))
    }

    // MARK: Expressions, loosest first

    /// One, or several with commas between.
    private mutating func expressions() throws(PythonProblem) -> PythonNode {
        let first = try expression()
        guard token == .sign(",") else { return first }
        var all = [first]
        while takes(",") {
            if [.newline, .sign("="), .sign(")")].contains(token) { break }
            all.append(try expression())
        }
        return PythonNode(kind: .tuple(all), position: first.position)
    }

    private mutating func expression() throws(PythonProblem) -> PythonNode {
        try deeper { parser throws(PythonProblem) in
            if parser.token == .name("lambda") { return try parser.lambda() }
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
        while case .sign(let sign) = token, Self.comparisons.contains(sign) {
            place += 1
            rest.append((sign, try infix(0)))
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
                let index = try expressions()
                try expect("]")
                value = PythonNode(kind: .element(value, index), position: value.position)
            } else {
                return value
            }
        }
    }

    private mutating func call(_ function: PythonNode) throws(PythonProblem) -> PythonNode {
        var (arguments, named): ([PythonNode], [(name: String, value: PythonNode)]) = ([], [])
        while token != .sign(")") {
            if case .name(let name) = token, tokens[place + 1].token == .sign("=") {
                place += 2
                named.append((name, try expression()))
            } else {
                arguments.append(try expression())
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
            let inner = try expressions()
            try expect(")")
            return inner
        case .sign("["):
            place += 1
            if takes("]") { return PythonNode(kind: .tuple([]), position: start) }
            let inner = try expressions()
            try expect("]")
            if case .tuple = inner.kind { return inner }
            return PythonNode(kind: .tuple([inner]), position: start)
        default: throw problem("expected a value, found \(token.shown)")
        }
    }
}

/// What is wrong with a Python text, and where.
struct PythonProblem: Error {
    var text: String
    var position: SourcePosition

    init(_ text: String, _ position: SourcePosition) {
        self.text = text
        self.position = position
    }
}
