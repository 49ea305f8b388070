import ActivationParser
import EvolveTypes

/// Python tokens → `PythonModule`. The first mistake ends it.
struct PythonParser {
    let tokens: [PythonLexer.Located]
    var place = 0
    private var depth = 0
    var module = PythonModule()

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

    var token: PythonLexer.Token { tokens[place].token }
    var position: SourcePosition { tokens[place].position }

    mutating func takes(_ wanted: PythonLexer.Token) -> Bool {
        guard token == wanted else { return false }
        if place + 1 < tokens.count { place += 1 }
        return true
    }

    mutating func takes(_ sign: String) -> Bool { takes(.sign(sign)) }
    mutating func takesWord(_ word: String) -> Bool { takes(.name(word)) }

    mutating func expect(_ sign: String) throws(PythonProblem) {
        guard takes(sign) else { throw problem("expected '\(sign)', found \(token.shown)") }
    }

    mutating func word() throws(PythonProblem) -> String {
        guard case .name(let word) = token else { throw problem("expected a name, found \(token.shown)") }
        place += 1
        return word
    }

    func problem(_ text: String, at position: SourcePosition? = nil) -> PythonProblem {
        PythonProblem(text, position ?? self.position)
    }

    mutating func deeper<T>(_ body: (inout PythonParser) throws(PythonProblem) -> T) throws(PythonProblem) -> T {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw problem("this is nested too deeply") }
        return try body(&self)
    }

    func link(_ count: inout Int) throws(PythonProblem) {
        count += 1
        guard count < Self.longest else { throw problem("this expression is too long") }
    }

    // MARK: Statements

    private mutating func statement() throws(PythonProblem) -> PythonStatement? {
        let start = position
        func made(_ kind: PythonStatement.Kind) -> PythonStatement { PythonStatement(kind: kind, position: start) }
        var decorators: [PythonNode] = []
        while takes("@") {
            decorators.append(try expression())
            try ended(())
        }
        switch token {
        case .name("import"), .name("from"):
            try importing()
            return nil
        case .name("def"):
            var function = try function()
            function.decorators = decorators
            return made(.function(function))
        case .name("class"): return made(.type(try type()))
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
        case .name("with"):
            place += 1
            return made(try context())
        case .name("try"):
            place += 1
            return made(try attempt())
        case .name("return"):
            place += 1
            let value = [.newline, .sign(";"), .end].contains(token) ? nil : try expressions()
            return made(.result(try ended(value)))
        case .name("pass"), .name("assert"), .name("del"):
            try skipStatement()
            return made(.nothing)
        case .name("raise"):
            try skipStatement()
            return made(.failure)
        case .name("global"), .name("nonlocal"):
            place += 1
            var names = [try word()]
            while takes(",") { names.append(try word()) }
            return made(.outer(try ended(names)))
        case .name("break"):
            place += 1
            return made(try ended(.leave))
        case .name("continue"):
            place += 1
            return made(try ended(.next))
        case .name("async"), .name("yield"), .name("match"):
            guard token != .name("match") || isMatch else { return made(try simple()) }
            throw problem(
                "'\(token.shown)' is not read here; write def activation(x): … with assignments, if, for and return")
        case .indent: throw problem("this line is indented without a reason")
        default: return made(try simple())
        }
    }

    /// match is a name like any other, but before another name.
    private var isMatch: Bool { if case .name? = tokens.dropFirst(place + 1).first?.token { true } else { false } }

    private mutating func context() throws(PythonProblem) -> PythonStatement.Kind {
        var nodes: [PythonNode] = []
        repeat {
            nodes.append(try expression())
            if takesWord("as") { _ = try expression() }
        } while takes(",")
        return .context(nodes, body: try block())
    }

    /// Handlers are for what does not happen here.
    private mutating func attempt() throws(PythonProblem) -> PythonStatement.Kind {
        var body = try block()
        while token == .name("except") || token == .name("else") || token == .name("finally") {
            let isHandler = token == .name("except")
            place += 1
            if token != .sign(":") { _ = try expressions() }
            if takesWord("as") { _ = try word() }
            let imports = module.imports
            let other = try block()
            if isHandler {
                module.imports.merge(imports) { $1 }
            } else {
                body += other
            }
        }
        return .attempt(body)
    }

    @discardableResult
    mutating func ended<T>(_ value: T) throws(PythonProblem) -> T {
        guard takes(";") || takes(.newline) || token == .end || token == .dedent else {
            throw problem("expected the end of the line, found \(token.shown)")
        }
        return value
    }

    private mutating func skipStatement() throws(PythonProblem) {
        while token != .newline, token != .end, token != .sign(";") { place += 1 }
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

    private mutating func type() throws(PythonProblem) -> PythonClass {
        let start = position
        place += 1
        let name = try word()
        // What it is derived from says nothing: the methods do.
        if takes("(") { _ = try call(PythonNode(kind: .name(name), position: start)) }
        return PythonClass(name: name, body: try block(), position: start)
    }

    mutating func parameters(until end: String) throws(PythonProblem) -> [PythonParameter] {
        var parameters: [PythonParameter] = []
        while token != .sign(end) {
            // *args and **kwargs may stay empty.
            let takesMore = token == .sign("**") || token == .sign("*")
            if takes("*") || takes("/") || takes("**") {
                if takes(",") { continue }
                if token == .sign(end) { break }
                if takesMore {
                    _ = try word()
                    if end == ")", takes(":") { _ = try expression() }
                    guard takes(",") else { break }
                    continue
                }
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
            // if x: a = 1; b = 2
            guard parser.takes(.newline) else {
                var statements: [PythonStatement] = []
                repeat {
                    if let statement = try parser.statement() { statements.append(statement) }
                } while parser.tokens[parser.place - 1].token == .sign(";") && !parser.takes(.newline)
                return statements
            }
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
            place += 1
            return try ended(.augmented(target: left, sign: String(sign.dropLast()), value: try expressions()))
        }
        // An annotation says nothing.
        if takes(":") {
            _ = try expression()
            if token != .sign("=") { return try ended(.nothing) }
        }
        guard takes("=") else { return try ended(.expression(left)) }
        var (targets, value) = ([left], try expressions())
        while takes("=") {
            targets.append(value)
            value = try expressions()
        }
        return try ended(.assignment(targets: targets, value: value))
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

    /// With a place, where it has none.
    func placed(_ place: SourcePosition) -> PythonProblem {
        position == .none ? PythonProblem(text, place) : self
    }
}
