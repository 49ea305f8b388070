/// Statements.
extension Parser {
    /// `{ … }`; a broken statement inside is left out.
    mutating func block() throws -> [Statement] {
        try nested { parser in
            let opening = parser.current.position
            parser.advance()
            var statements: [Statement] = []
            while !parser.at("}") {
                if parser.isAtEnd {
                    throw parser.fail(opening, "this '{' is never closed; add the missing '}'")
                }
                if parser.at("#") {
                    throw parser.fail(parser.current.position, "write # lines before the function, not inside it")
                }
                if parser.accept(";") { continue }
                if let statement = parser.recovering({ try $0.statement() }) { statements.append(statement) }
            }
            parser.advance()
            return statements
        }
    }

    /// A block, or one statement as the body of if and loops.
    private mutating func body() throws -> [Statement] {
        if at("{") { return try block() }
        if accept(";") { return [] }
        return [try statement()]
    }

    private mutating func statement() throws -> Statement {
        try nested { parser in
            let position = parser.current.position
            return Statement(try parser.statementKind(position), position: position)
        }
    }

    private mutating func statementKind(_ position: SourcePosition) throws -> Statement.Kind {
        if startsDeclaration { return .declaration(try declaration(specifiers(), position)) }
        switch current.text {
        case "{": return .block(try block())
        case "if": return try conditional()
        case "for": return try forLoop()
        case "while": return try whileLoop()
        case "do": return try doWhile()
        case "return": return try result()
        case "break":
            advance()
            try expectSemicolon(after: "break")
            return .leave
        case "continue":
            advance()
            try expectSemicolon(after: "continue")
            return .next
        case "void":
            throw fail(position, "functions inside functions are not available; write the helper above")
        default:
            let kind = try simple()
            try expectSemicolon(after: "the statement")
            return kind
        }
    }

    private mutating func parenthesised(after keyword: String) throws -> Expression {
        try expect("(", "after \(keyword)")
        let condition = try expression()
        try expect(")", "after the condition")
        return condition
    }

    private mutating func conditional() throws -> Statement.Kind {
        advance()
        let condition = try parenthesised(after: "if")
        let then = try body()
        guard accept("else") else { return .conditional(condition, then: then, otherwise: nil) }
        return .conditional(condition, then: then, otherwise: try body())
    }

    private mutating func whileLoop() throws -> Statement.Kind {
        advance()
        let condition = try parenthesised(after: "while")
        return .loop(.init(form: .whileLoop, initial: [], condition: condition, step: [], body: try body()))
    }

    private mutating func doWhile() throws -> Statement.Kind {
        advance()
        let body = try self.body()
        try expect("while", "after the body of do")
        let condition = try parenthesised(after: "while")
        try expectSemicolon(after: "do … while (…)")
        return .loop(.init(form: .doWhile, initial: [], condition: condition, step: [], body: body))
    }

    private mutating func forLoop() throws -> Statement.Kind {
        advance()
        try expect("(", "after for")
        var initial: [Statement] = []
        let position = current.position
        if startsDeclaration {
            initial = [Statement(.declaration(try declaration(specifiers(), position)), position: position)]
        } else {
            initial = try simpleList(until: ";")
            try expect(";", "after the start of for")
        }
        let condition = at(";") ? nil : try expression()
        try expect(";", "after the condition of for")
        let step = try simpleList(until: ")")
        try expect(")", "after the step of for")
        return .loop(.init(form: .forLoop, initial: initial, condition: condition, step: step, body: try body()))
    }

    private mutating func simpleList(until end: String) throws -> [Statement] {
        var statements: [Statement] = []
        if at(end) { return statements }
        repeat {
            let position = current.position
            statements.append(Statement(try simple(), position: position))
        } while accept(",")
        return statements
    }

    private mutating func result() throws -> Statement.Kind {
        advance()
        if at(";") { throw fail(current.position, "return needs a value, like return x;") }
        let value = try expression()
        try expectSemicolon(after: "the returned value")
        return .result(value)
    }

    // MARK: Assignments

    private static let compoundAssignments: [String: BinaryOperator] = [
        "+=": .add, "-=": .subtract, "*=": .multiply, "/=": .divide, "%=": .remainder,
    ]

    private var atAssignment: Bool {
        current.kind == .punctuator && (at("=") || Self.compoundAssignments[current.text] != nil)
    }

    /// An assignment, `++`, `--` or an expression, without its semicolon.
    private mutating func simple() throws -> Statement.Kind {
        if at("*") { throw fail(current.position, UnsupportedSyntax.pointer) }
        if at("++") || at("--") {
            let change: BinaryOperator = at("++") ? .add : .subtract
            advance()
            let position = current.position
            return .assignment(
                target: try target(expression(), position), operator: change, value: Expression(.integer(1)))
        }
        let position = current.position
        if case .identifier = current.kind, ahead(1).text == ":" {
            throw fail(ahead(1).position, "labels are not available; use if / else, or a for loop with break")
        }
        let value = try expression()
        if at("++") || at("--") {
            let change: BinaryOperator = at("++") ? .add : .subtract
            let target = try target(value, position)
            advance()
            return .assignment(target: target, operator: change, value: Expression(.integer(1)))
        }
        guard atAssignment else { return .expression(value) }
        let target = try target(value, position)
        let change = Self.compoundAssignments[current.text]
        advance()
        let assigned = try expression()
        if atAssignment {
            throw fail(current.position, "one assignment for each statement; write a = c; b = c;")
        }
        return .assignment(target: target, operator: change, value: assigned)
    }

    private mutating func target(_ expression: Expression, _ position: SourcePosition) throws -> Statement.Target {
        switch expression.kind {
        case .name(let name): return .init(name: name, index: nil)
        case .element(let array, let index): return .init(name: array, index: index)
        default: throw fail(position, "only a variable or an array element can be assigned")
        }
    }
}
