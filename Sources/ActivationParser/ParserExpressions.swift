/// Expressions, by precedence climbing.
extension Parser {
    mutating func expression() throws -> Expression {
        try nested { parser in
            let condition = try parser.binary(1)
            guard parser.at("?") else { return condition }
            parser.advance()
            // What C may not evaluate can change nothing.
            let outer = parser.effects
            parser.effects = nil
            let then = try parser.expression()
            try parser.expect(":", "between the two values of ?:")
            let otherwise = try parser.expression()
            parser.effects = outer
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
            let outer = effects
            if op == .and || op == .or { effects = nil }
            let right = try binary(op.precedence + 1)
            if op == .and || op == .or { effects = outer }
            left = try node(.binary(op, left, right), position)
        }
        try refuseAfterOperand()
        return left
    }

    private mutating func unary() throws -> Expression {
        let position = current.position
        try readPointerSigns(position)
        if at("++") || at("--") { return try changedBefore(position) }
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
        return try changedAfter(value, start)
    }

    // The recursive functions above are kept small: each of their frames counts up to 64 times.

    private mutating func refuseAfterOperand() throws {
        if let word = UnsupportedSyntax.words[current.text], current.text != "not" {
            throw fail(current.position, "write \(word) instead of '\(current.text)'")
        }
        if at("&") || at("|") || at("^") || at("<<") || at(">>") {
            if at("&") { throw fail(current.position, UnsupportedSyntax.bits) }
            throw unexpected("an operator")
        }
    }

    private mutating func readPointerSigns(_ position: SourcePosition) throws {
        if isBrokenPointer { advance() }
        if at("&"), current.kind == .punctuator, case .identifier = ahead(1).kind {
            // The rest of the statement may hold more to say.
            _ = unexpected("a value")
            advance()
        }
        if at("not"), case .identifier = ahead(1).kind { throw fail(position, "write ! instead of 'not'") }
        if at("*") {
            let follows = index > 0 && tokens[index - 1].text == "*" && tokens[index - 1].endPosition == position
            let power = "'**' is no operator in C; write powf(x, 2.0f) or x * x"
            throw fail(position, follows ? power : UnsupportedSyntax.pointer)
        }
    }

    private mutating func refuseAfterValue(_ value: Expression) throws {
        if (at(".") || at("::")), let spelling = functionBehindDots() {
            let what = at(".") ? "members" : "C++ names"
            throw fail(current.position, "\(what) are not available; write \(spelling)")
        }
        if let name = value.kind.ownName, tainted.contains(name), at("(") || at(".") || at("->") { throw Resume() }
        if at("("), current.kind == .punctuator {
            throw fail(current.position, "only a function's name can be called; write * to multiply")
        }
        if at("."), value.kind.ownName == "self" {
            throw fail(current.position, "members are not available; a trained number is trainable(0.1f)")
        }
        if at(".") || at("->") { throw unexpected("an operator") }
    }

    /// Of `.nn.relu(` after a library's name, or `.abs(` after a value, the function as it is written here.
    private func functionBehindDots() -> String? {
        var place = 0
        while [".", "::"].contains(ahead(place).text), case .identifier = ahead(place + 1).kind { place += 2 }
        guard place > 0, ahead(place).text == "(" else { return nil }
        let name = ahead(place - 1).text
        if let meaning = RefusedNames.memberMeanings[name] { return meaning }
        return (BuiltinTable[name]?.spelling ?? RefusedNames.functionMeanings[name]).map { $0 + "(…)" }
    }

    private mutating func changedBefore(_ position: SourcePosition) throws -> Expression {
        let word = current.text
        advance()
        let value = try nested { try $0.unary() }
        return try changed(value, word, position, after: false)
    }

    private mutating func changedAfter(_ value: Expression, _ start: Int) throws -> Expression {
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

    /// An expression inside brackets. After an error `recovering` sets the count back.
    mutating func bracketed() throws -> Expression {
        openBrackets += 1
        let value = try expression()
        openBrackets -= 1
        return value
    }

    private mutating func element(_ position: SourcePosition) throws -> Expression {
        let value = try primary()
        if at("[") {
            guard case .name(let array) = value.kind else { throw unexpected("an operator") }
            advance()
            let index = try bracketed()
            try expect("]", "after the index")
            if at("["), tainted.contains(array) { throw Resume() }
            if at("[") { throw fail(current.position, "arrays have one dimension; index it as row * columns + column") }
            return try node(.element(array: array, index: index), position)
        }
        try refuseAfterValue(value)
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
            let value = try bracketed()
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
            arguments.append(try bracketed())
        } while accept(",")
        if at("=") { throw fail(current.position, "arguments have no names in C; write the values in order") }
        try expect(")", "after the arguments of '\(name)'")
        return try node(.call(name, arguments), position)
    }
}

extension Expression.Kind {
    /// The name that a value or a call begins with.
    fileprivate var ownName: String? {
        switch self {
        case .name(let name), .call(let name, _), .element(let name, _): name
        default: nil
        }
    }
}
