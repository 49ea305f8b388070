/// `switch` is read as if / else if over its cases.
///
/// A case that falls through has the statements of the next copied behind its own; a `break` inside an `if` leaves a
/// loop that runs once.
extension Parser {
    private struct Arm {
        var labels: [Expression] = []
        var isDefault = false
        var body: [Statement] = []
    }

    mutating func switchStatement() throws -> [Statement] {
        let position = current.position
        advance()
        let subject = try parenthesised(after: "switch")
        let changes = takeEffects()
        guard at("{") else { throw unexpected("'{' to begin the cases of switch") }
        let arms = try nested { try $0.arms() }
        places.switches.insert(position)
        try reportRepeated(arms)

        var result: [Statement] = []
        var others: [Statement]?
        for index in arms.indices.reversed() {
            let body = try reached(arms, from: index, position)
            if arms[index].isDefault {
                others = body
                continue
            }
            result = try conditional(subject, arms[index].labels, body, result, position)
        }
        result = Self.appending(others ?? [], to: result)
        guard result.contains(where: { $0.endsEarly { $0 == .leave } }) else { return changes + result }
        guard !result.contains(where: { $0.endsEarly { $0 == .next } }) else {
            throw fail(position, "continue and a break under if in one switch; write if / else if instead")
        }
        let once = Statement.Loop(
            form: .doWhile, initial: [], condition: Expression(.integer(0)), step: [], body: result)
        return changes + [Statement(.loop(once), position: position)]
    }

    private mutating func arms() throws -> [Arm] {
        let opening = current.position
        advance()
        var arms: [Arm] = []
        while !at("}") {
            if isAtEnd { throw fail(opening, "this '{' is never closed; add the missing '}'") }
            if at("case") || at("default") {
                switchCases += 1
                guard switchCases <= limits.nesting else {
                    throw fail(current.position, "at most \(limits.nesting) cases; use a constant array instead")
                }
                if arms.last?.body.isEmpty != true { arms.append(Arm()) }
                if accept("default") {
                    arms[arms.count - 1].isDefault = true
                } else {
                    advance()
                    arms[arms.count - 1].labels.append(try withoutEffects { try $0.expression() })
                }
                if at("...") { throw fail(current.position, "a range of cases is not C; write if / else if") }
                try expect(":", "after the case")
            } else if accept(";") {
                continue
            } else if arms.isEmpty {
                throw unexpected("'case' or 'default'")
            } else if let statements = recovering({ try $0.statement() }) {
                arms[arms.count - 1].body += statements
            }
        }
        advance()
        return arms
    }

    private mutating func reportRepeated(_ arms: [Arm]) throws {
        var seen: Set<Expression.Kind> = []
        for label in arms.flatMap(\.labels) where !seen.insert(label.kind).inserted {
            throw fail(label.position, "this case stands twice in one switch; remove one")
        }
        if arms.count(where: \.isDefault) > 1 {
            throw fail(current.position, "a switch has one default")
        }
    }

    /// What runs from this case on: to a break, or to the end of the switch.
    private mutating func reached(_ arms: [Arm], from start: Int, _ position: SourcePosition) throws -> [Statement] {
        var statements: [Statement] = []
        for arm in arms[start...] {
            for statement in arm.body {
                if statement.kind == .leave { return statements }
                statements.append(statement)
                if statement.isReturnOrContinue { return statements }
            }
            copiedStatements += arm.body.reduce(0) { $0 + $1.size }
            guard copiedStatements <= limits.tokens else {
                throw fail(position, "cases fall through into too many others; end each with break")
            }
        }
        return statements
    }

    private mutating func conditional(
        _ subject: Expression, _ labels: [Expression], _ body: [Statement], _ rest: [Statement],
        _ position: SourcePosition
    ) throws -> [Statement] {
        var condition: Expression?
        for label in labels {
            let test = Expression(.binary(.equal, subject, label), position: position)
            condition = condition.map { Expression(.binary(.or, $0, test), position: position) } ?? test
        }
        guard let condition else { return rest }
        guard condition.height <= limits.nesting else {
            throw fail(position, "too many cases for one body; write if with < and >")
        }
        let otherwise = rest.isEmpty ? nil : rest
        return [Statement(.conditional(condition, then: body, otherwise: otherwise), position: position)]
    }

    /// The innermost else of the chain is where default stands.
    private static func appending(_ others: [Statement], to chain: [Statement]) -> [Statement] {
        guard let first = chain.first, case .conditional(let condition, let then, let otherwise) = first.kind else {
            return others
        }
        let rest = appending(others, to: otherwise ?? [])
        return [
            Statement(
                .conditional(condition, then: then, otherwise: rest.isEmpty ? nil : rest), position: first.position)
        ]
    }
}

extension Statement {
    var isDeclaration: Bool { if case .declaration = kind { true } else { false } }

    fileprivate var isReturnOrContinue: Bool {
        switch kind {
        case .result, .next: true
        default: false
        }
    }

    /// Whether a `break` or `continue` of the enclosing loop stands here, at any depth.
    func endsEarly(_ isEnd: (Kind) -> Bool) -> Bool {
        switch kind {
        case .leave, .next: isEnd(kind)
        case .conditional(_, let then, let otherwise):
            (then + (otherwise ?? [])).contains { $0.endsEarly(isEnd) }
        case .block(let statements): statements.contains { $0.endsEarly(isEnd) }
        // A break in an inner loop is that loop's.
        case .declaration, .assignment, .expression, .loop, .result: false
        }
    }

    /// Statements in it, itself included.
    var size: Int {
        switch kind {
        case .conditional(_, let then, let otherwise): (then + (otherwise ?? [])).reduce(1) { $0 + $1.size }
        case .block(let statements): statements.reduce(1) { $0 + $1.size }
        case .loop(let loop): loop.body.reduce(1) { $0 + $1.size }
        case .declaration, .assignment, .expression, .result, .leave, .next: 1
        }
    }
}
