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
                statements += parser.recovering { try $0.statement() } ?? []
            }
            parser.advance()
            return statements
        }
    }

    /// A block, or one statement as the body of if and loops.
    private mutating func body() throws -> [Statement] {
        if at("{") { return try block() }
        if accept(";") { return [] }
        return try statement()
    }

    /// More than one where C writes several in one: `a = b = c;`, `y = c[i++];`.
    mutating func statement() throws -> [Statement] {
        try nested { parser in
            let position = parser.current.position
            if let type = parser.unknownType { throw type }
            let outer = parser.effects
            parser.effects = []
            defer { parser.effects = outer }
            if parser.at("switch") { return try parser.switchStatement() }
            if !parser.startsDeclaration, !Self.statementWords.contains(parser.current.text), !parser.at("{"),
                !parser.at("void")
            {
                let statements = try parser.simpleList(until: ";")
                try parser.expectSemicolon(after: "the statement")
                return statements
            }
            let kind = try parser.statementKind(position)
            return parser.takeEffects() + [Statement(kind, position: position)]
        }
    }

    /// Two names in a row are a declaration of a type that is not there.
    private var unknownType: Resume? {
        mutating get {
            guard case .identifier = current.kind, case .identifier = ahead(1).kind,
                !UnsupportedSyntax.isReserved(current.text), !UnsupportedSyntax.isReserved(ahead(1).text),
                current.text != "void", UnsupportedSyntax.words[ahead(1).text] == nil,
                UnsupportedSyntax.words[current.text] == nil
            else { return nil }
            if tainted.contains(current.text) { return Resume() }
            return fail(current.position, "unknown type '\(current.text)'; use float, int or bool")
        }
    }

    /// The assignments that the expressions read since the statement began hold.
    mutating func takeEffects() -> [Statement] {
        defer { effects = effects == nil ? nil : [] }
        return effects ?? []
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
        default: throw fail(position, "functions inside functions are not available; write the helper above")
        }
    }

    mutating func parenthesised(after keyword: String) throws -> Expression {
        try expect("(", "after \(keyword)")
        let condition = try bracketed()
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
        let changes = takeEffects()
        // `while (k-- > 0)` is `for (k--; k + 1 > 0; k--)`.
        return .loop(
            .init(
                form: changes.isEmpty ? .whileLoop : .forLoop, initial: changes, condition: condition, step: changes,
                body: try body()))
    }

    private mutating func doWhile() throws -> Statement.Kind {
        advance()
        var body = try self.body()
        try expect("while", "after the body of do")
        let condition = try parenthesised(after: "while")
        let changes = takeEffects()
        if let change = changes.first {
            if body.contains(where: { $0.endsEarly { $0 == .next } }) {
                throw fail(
                    change.position, "with continue in the body, write the change of the counter as a statement in it")
            }
            body = [Statement(.block(body), position: change.position)] + changes
        }
        try expectSemicolon(after: "do … while (…)")
        return .loop(.init(form: .doWhile, initial: [], condition: condition, step: [], body: body))
    }

    private mutating func forLoop() throws -> Statement.Kind {
        advance()
        try expect("(", "after for")
        var initial: [Statement] = []
        let position = current.position
        if startsDeclaration {
            let declared = Statement.Kind.declaration(try declaration(specifiers(), position))
            initial = takeEffects() + [Statement(declared, position: position)]
        } else {
            initial = try simpleList(until: ";")
            try expect(";", "after the start of for")
        }
        let condition = at(";") ? nil : try expression()
        let changes = takeEffects()
        try expect(";", "after the condition of for")
        let step = try simpleList(until: ")") + changes
        try expect(")", "after the step of for")
        // What C cannot write between the parentheses stands before the loop.
        let isSimple = initial.count == 1 && changes.isEmpty || !initial.contains(where: \.isDeclaration)
        let loop = Statement.Kind.loop(
            .init(
                form: .forLoop, initial: isSimple ? initial + changes : changes, condition: condition, step: step,
                body: try body()))
        return isSimple ? loop : .block(initial + [Statement(loop, position: position)])
    }

    private mutating func simpleList(until end: String) throws -> [Statement] {
        var statements: [Statement] = []
        if at(end) { return statements }
        repeat {
            statements += try simple()
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

    /// An assignment, `++`, `--` or an expression, without its semicolon; after the changes it holds.
    private mutating func simple() throws -> [Statement] {
        let position = current.position
        statementStart = index
        let last = try simpleKind()
        return takeEffects() + [Statement(last, position: position)]
    }

    private mutating func simpleKind() throws -> Statement.Kind {
        if at("*"), !isBrokenPointer { throw fail(current.position, UnsupportedSyntax.pointer) }
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
        return try assignment(to: value, position)
    }

    /// `a = b = c` is `b = c; a = b;`: all but the last are changes before the statement.
    private mutating func assignment(to value: Expression, _ position: SourcePosition) throws -> Statement.Kind {
        let target = try target(value, position)
        let change = Self.compoundAssignments[current.text]
        advance()
        return .assignment(target: target, operator: change, value: try chained(expression()))
    }

    /// The value of an expression that may itself be assigned to.
    mutating func chained(_ value: Expression) throws -> Expression {
        guard atAssignment else { return value }
        guard effects != nil else {
            throw fail(current.position, "one assignment for each statement; write a = c; b = c;")
        }
        let position = value.position
        let inner = try nested { try $0.assignment(to: value, position) }
        effects?.append(Statement(inner, position: position))
        return value
    }

    mutating func target(_ expression: Expression, _ position: SourcePosition) throws -> Statement.Target {
        switch expression.kind {
        case .name(let name): return .init(name: name, index: nil)
        case .element(let array, let index): return .init(name: array, index: index)
        default: throw fail(position, "only a variable or an array element can be assigned")
        }
    }
}
