/// Expressions, by precedence climbing.
extension Parser {
    mutating func expression() throws -> Expression {
        try nested { parser in
            let condition = try parser.binary(1)
            guard parser.at("?") else { return condition }
            parser.advance()
            let then = try parser.withoutEffects { try $0.expression() }
            try parser.expect(":", "between the two values of ?:")
            let otherwise = try parser.withoutEffects { try $0.expression() }
            return try parser.node(.conditional(condition, then, otherwise), condition.position)
        }
    }

    /// Every tree this parser makes is built here, so none grows too high for the recursive stages after it.
    private mutating func node(_ kind: Expression.Kind, _ position: SourcePosition) throws -> Expression {
        let expression = Expression(kind, position: position)
        guard expression.height <= limits.nesting else {
            throw fail(
                position,
                "this expression is more than \(limits.nesting) operators deep; compute parts into variables first")
        }
        return expression
    }

    private mutating func binary(_ least: Int) throws -> Expression {
        var left = try unary()
        while current.kind == .punctuator, let op = BinaryOperator(rawValue: current.text), op.precedence >= least {
            let position = current.position
            advance()
            if at("=") {
                throw fail(position, "'\(op.rawValue) =' is no operator; write '\(op.rawValue)=' without a space")
            }
            let isShortCircuit = op == .and || op == .or
            let right =
                isShortCircuit
                ? try withoutEffects { try $0.binary(op.precedence + 1) } : try binary(op.precedence + 1)
            left = try node(.binary(op, left, right), position)
        }
        if at("&") || at("|") || at("^") || at("<<") || at(">>") {
            if at("&") { throw fail(current.position, UnsupportedSyntax.bits) }
            throw unexpected("an operator")
        }
        return left
    }

    private mutating func unary() throws -> Expression {
        let position = current.position
        if isBrokenPointer { advance() }
        if at("*") {
            let follows = index > 0 && tokens[index - 1].text == "*" && tokens[index - 1].endPosition == position
            let power = "'**' is no operator in C; write powf(x, 2.0f) or x * x"
            throw fail(position, follows ? power : UnsupportedSyntax.pointer)
        }
        if at("++") || at("--") {
            let word = current.text
            advance()
            let value = try nested { try $0.unary() }
            return try changed(value, word, position, after: false)
        }
        if current.kind == .punctuator, let op = UnaryOperator(rawValue: current.text) {
            advance()
            return try nested { parser in try parser.node(.unary(op, parser.unary()), position) }
        }
        if at("("), SpecifierWords.all.contains(ahead(1).text) || ahead(1).text == "void" { return try cast(position) }
        return try postfix()
    }

    private mutating func cast(_ position: SourcePosition) throws -> Expression {
        advance()
        // `(void)x;` is how C says that a value is not used.
        if at("void"), ahead(1).text == ")" {
            advance()
            advance()
            return try nested { try $0.unary() }
        }
        if at("void") { throw fail(current.position, UnsupportedSyntax.pointer) }
        let type = try specifiers().type
        try expect(")", "after the type of the cast")
        return try nested { parser in try parser.node(.cast(type, parser.unary()), position) }
    }

    /// `*x` of a parameter whose type was already refused.
    var isBrokenPointer: Bool {
        at("*") && current.kind == .punctuator && places.parameters.contains { _ in tainted.contains(ahead(1).text) }
    }

    private mutating func postfix() throws -> Expression {
        let start = index
        let position = current.position
        let value = try element(position)
        guard at("++") || at("--") else { return value }
        // The statement `k++;` is an assignment, no value.
        if start == statementStart, [";", ")", ","].contains(ahead(1).text) { return value }
        let place = current.position
        let word = current.text
        advance()
        return try changed(value, word, place, after: true)
    }

    /// `++k` inside an expression: the change becomes a statement before this one. The value of `k++` is then `k - 1`.
    private mutating func changed(
        _ value: Expression, _ word: String, _ position: SourcePosition, after: Bool
    ) throws -> Expression {
        guard effects != nil else {
            throw fail(position, "'\(word)' is a statement of its own; write it before or after this one")
        }
        let target = try self.target(value, value.position)
        let one = Expression(.integer(1))
        let change: BinaryOperator = word == "++" ? .add : .subtract
        effects?.append(
            Statement(.assignment(target: target, operator: change, value: one), position: value.position))
        guard after else { return value }
        places.counters.insert(position)
        return try node(.binary(change == .add ? .subtract : .add, value, one), position)
    }

    /// Runs `body` where an expression may change nothing: what C may not evaluate, or evaluates elsewhere.
    mutating func withoutEffects<Value>(_ body: (inout Parser) throws -> Value) throws -> Value {
        let outer = effects
        effects = nil
        defer { effects = outer }
        return try body(&self)
    }

    /// Runs `body` inside brackets.
    mutating func bracketed<Value>(_ body: (inout Parser) throws -> Value) throws -> Value {
        openBrackets += 1
        defer { openBrackets -= 1 }
        return try body(&self)
    }

    private mutating func element(_ position: SourcePosition) throws -> Expression {
        let value = try primary()
        if at("[") {
            guard case .name(let array) = value.kind else { throw unexpected("an operator") }
            advance()
            let index = try bracketed { try $0.expression() }
            try expect("]", "after the index")
            if at("[") { throw fail(current.position, "arrays have one dimension; index it as row * columns + column") }
            return try node(.element(array: array, index: index), position)
        }
        if at("("), current.kind == .punctuator {
            throw fail(current.position, "only a function's name can be called; write * to multiply")
        }
        if at(".") || at("->") { throw unexpected("an operator") }
        return value
    }

    private mutating func primary() throws -> Expression {
        let token = current
        switch token.kind {
        case .integer(let value):
            advance()
            return Expression(.integer(value), position: token.position)
        case .real(let value):
            advance()
            return Expression(.real(value), position: token.position)
        case .identifier where token.text == "true" || token.text == "false":
            advance()
            return Expression(.name(token.text), position: token.position)
        case .identifier where SpecifierWords.types.contains(token.text) && ahead(1).text == "(":
            throw fail(token.position, "a cast is written (\(token.text))value")
        case .identifier:
            let name = try self.name("a value")
            guard accept("(") else { return Expression(.name(name), position: token.position) }
            return try call(name, token.position)
        case .punctuator where token.text == "(":
            advance()
            let value = try bracketed { try $0.expression() }
            if at(",") { throw fail(current.position, "the comma operator is not available; write two statements") }
            if at("=") {
                throw fail(current.position, "assign in a statement of its own (to compare, write ==)")
            }
            try expect(")", "to close the '(' in line \(token.position.line)")
            return value
        default:
            // A value that is missing where the expression plainly ends is no reason to lose the statement.
            guard at(";") || openBrackets > 0 && (at(")") || at("]") || at(",")) else { throw unexpected("a value") }
            _ = unexpected("a value")
            tainted.insert("")
            return Expression(.name(""), position: token.position)
        }
    }

    private mutating func call(_ name: String, _ position: SourcePosition) throws -> Expression {
        // What is refused whatever its arguments are is said here, before a pointer or text among them.
        if let message = RefusedNames.functions[name] { throw fail(position, message) }
        if accept(")") { return Expression(.call(name, []), position: position) }
        var arguments: [Expression] = []
        repeat {
            arguments.append(try bracketed { try $0.expression() })
        } while accept(",")
        try expect(")", "after the arguments of '\(name)'")
        return try node(.call(name, arguments), position)
    }
}
