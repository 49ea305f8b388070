/// Builds the rules of `Grammar` for one offer.
///
/// A body is a few steps (see `GrammarOffer.Step`), whose names are a, b, c, d in this order, then a return. There is a
/// set of rules for each history of steps, so that an expression uses only what is declared, and always what was declared
/// last: a trained scalar enters the next expression, a value is built upon. So no declaration is idle, and the result
/// depends on x because each value does.
struct GrammarRules {
    /// What is declared at a point of the body.
    struct Scope: Hashable {
        /// x and the variables whose values depend on x; the last is the newest.
        var values = ["x"]
        /// Trained scalars that the next expression has to use.
        var pending: [String] = []
        /// Trained scalars used before.
        var used: [String] = []
        var hasBranched = false
        /// Steps behind it.
        var steps = 0

        var declared: Int { values.count - 1 + trained }
        var trained: Int { pending.count + used.count }
        /// What the next expression is built upon.
        var key: String { values[values.count - 1] }

        /// Part of the names of the scope's rules.
        var suffix: String {
            values.joined() + (pending.isEmpty ? "" : "-p" + pending.joined())
                + (used.isEmpty ? "" : "-u" + used.joined()) + (hasBranched ? "-r" : "")
        }
    }

    typealias Symbol = Grammar.Symbol

    let offer: GrammarOffer
    var grammar: Grammar

    init(offer: GrammarOffer, head: String) {
        self.offer = offer
        grammar = Grammar(head: head)
    }

    mutating func build() -> Grammar {
        let start = Scope()
        grammar.add(Grammar.root, .rule(bodyName(start)))
        addNumbers()
        addFunctions()
        for name in ["x"] + Self.names { addApplications(to: name) }
        addBody(start)
        return grammar.withoutIdleRules()
    }

    /// The rules of one expression, which may build upon what stood there.
    mutating func buildEdit(variables: [String], old: String) -> Grammar {
        grammar.add(Grammar.root, .rule("edit"))
        addNumbers()
        addFunctions()
        // The newest are the likeliest to matter; each brings rules.
        let names = variables.count > 3 ? [variables[0]] + variables.suffix(2) : variables
        for name in names { addApplications(to: name) }
        let scope = Scope(values: names)
        let other = addExpression(scope)
        let any = Symbol.rule("fun-any-\(names.joined())")
        let trained = Symbol.sequence([.text("trainable("), .rule("initial"), .text(")")])
        guard Float(old.replacing("f", with: "")) == nil else {
            grammar.add("edit", .choice([.rule("number"), trained, other]))
            return grammar.withoutIdleRules()
        }
        let kept = Symbol.text("(\(old))")
        let isName = names.contains(old)
        grammar.add(
            "edit",
            .choice([
                other, .sequence([trained, .text(" * "), kept]),
                .sequence([kept, .text(" + "), .rule("small"), .text(" * "), any]),
                .sequence([kept, .text(" - "), .rule("small"), .text(" * "), any]),
                .sequence([kept, .text(" * "), .rule("gate"), .text("("), .rule("argument-\(scope.key)"), .text(")")]),
                .sequence([.rule("number"), .text(" * "), kept]),
                call(.rule("function"), isName ? .text(old) : kept),
            ]))
        return grammar.withoutIdleRules()
    }

    private static let names = ["a", "b", "c", "d"]

    // MARK: Numbers and functions

    private mutating func addNumbers() {
        let texts = offer.numbers.map { Symbol.text($0) }
        grammar.add("number", .choice(texts))
        grammar.add("small", .choice(offer.numbers.filter(GrammarOffer.isSmall).map { .text($0) }))
        grammar.add("initial", .choice(texts + [.text("1.0f")]))
        grammar.add("threshold", .choice(["0.0f", "1.0f", "-1.0f"].map { .text($0) }))
    }

    private mutating func addFunctions() {
        let tame = offer.functions.filter { BuiltinTable.tameUnary.contains($0) }
        grammar.add("function", .choice(tame.map { .text($0) }))
        grammar.add("gate", .choice(offer.gates.map { .text($0) }))
    }

    /// Functions of one variable: `fun-v` is an expression that reads v.
    private mutating func addApplications(to name: String) {
        let v = Symbol.text(name)
        grammar.add(
            "argument-\(name)",
            .choice([
                v, .sequence([.rule("number"), .text(" * "), v]), .sequence([v, .text(" + "), .rule("number")]),
                .sequence([v, .text(" - "), .rule("number")]), .sequence([v, .text(" * "), v]), .text("-\(name)"),
                call(.rule("function"), v),
            ]))
        let patterns = offer.functions.compactMap { BuiltinTable[$0] }.flatMap { builtin in
            builtin.proposals.map { pattern($0, name: builtin.spelling, value: name) }
        }
        grammar.add("fun-\(name)", .choice([call(.rule("function"), .rule("argument-\(name)"))] + patterns))
    }

    /// A proposal of the table with its parts put in.
    private func pattern(_ text: String, name: String, value: String) -> Symbol {
        var parts: [Symbol] = []
        var plain = ""
        for character in text {
            switch character {
            case "@": plain += name
            case "#": plain += value
            case "$", "%":
                parts += [.text(plain), .rule(character == "$" ? "number" : "small")]
                plain = ""
            default: plain.append(character)
            }
        }
        return .sequence(parts + (plain.isEmpty ? [] : [.text(plain)]))
    }

    func call(_ function: Symbol, _ argument: Symbol) -> Symbol {
        .sequence([function, .text("("), argument, .text(")")])
    }

    // MARK: Bodies

    private func bodyName(_ scope: Scope) -> String { "body-\(scope.suffix)" }

    private mutating func addBody(_ scope: Scope) {
        guard grammar[bodyName(scope)] == nil else { return }
        var choices: [Symbol] = []
        var later: [Scope] = []
        for step in steps(at: scope) {
            guard let (text, next) = line(step, scope) else { continue }
            choices.append(.sequence(text + [.rule(bodyName(next))]))
            later.append(next)
        }
        if choices.isEmpty || offer.steps == nil {
            choices.insert(.sequence([.text("    return "), addExpression(scope), .text(";\n}\n")]), at: 0)
        }
        grammar.add(bodyName(scope), .choice(choices))
        for next in later { addBody(next) }
    }

    private func steps(at scope: Scope) -> [GrammarOffer.Step] {
        guard let wanted = offer.steps else { return scope.steps < 4 ? GrammarOffer.Step.allCases : [] }
        // A step that does not fit here gives way to the next one.
        return Array(wanted.dropFirst(scope.steps).prefix(1))
    }

    /// The text of a step and what is declared behind it; nil where it does not fit.
    private mutating func line(_ step: GrammarOffer.Step, _ scope: Scope) -> ([Symbol], Scope)? {
        var next = scope
        next.steps += 1
        let key = scope.key
        guard scope.declared < Self.names.count else { return nil }
        let name = Self.names[scope.declared]
        switch step {
        case .trained:
            guard scope.trained < 2 else { return line(.value, scope) }
            next.pending.append(name)
            return ([.text("    float \(name) = trainable("), .rule("initial"), .text(");\n")], next)
        case .value:
            next.values.append(name)
            next.used += next.pending
            next.pending = []
            let expression = addExpression(scope)
            // One call alone is known or only scaled, so it is returned only as a part of something; but it is a good
            // part.
            let part = scope.pending.isEmpty ? Symbol.choice([.rule("fun-\(key)"), expression]) : expression
            return ([.text("    float \(name) = "), part, .text(";\n")], next)
        case .loop:
            // A trained scalar has to be used before.
            guard scope.pending.isEmpty else { return line(.value, scope) }
            next.values.append(name)
            let head = "    float \(name) = \(key);\n    for (int i = 0; i < "
            let body = " * \(key);\n    }\n"
            return (
                [
                    .text(head), .choice([.text("2"), .text("3")]), .text("; i++) {\n        \(name) = "),
                    .rule("fun-\(name)"), .text(" + "), .rule("small"), .text(body),
                ], next
            )
        case .branch:
            guard !scope.hasBranched else { return line(.value, scope) }
            next.hasBranched = true
            return (
                [
                    .text("    if (\(key) > "), .rule("threshold"), .text(") {\n        return "),
                    .choice([.text(key), .rule("fun-\(key)")]), .text(";\n    }\n"),
                ], next
            )
        }
    }
}
