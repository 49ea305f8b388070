/// Builds the rules of `Grammar`.
///
/// A body is up to four declarations, named a, b, c, d in this order, then a return. There is a set of rules for each
/// history of declarations, so that an expression uses only what is declared, and always what was declared last: a
/// trained scalar enters the next expression, a value is built upon. So no declaration is idle, and the result depends
/// on x because each value does.
struct GrammarRules {
    /// What is declared at a point of the body.
    private struct Scope: Hashable {
        /// x and the variables whose values depend on x; the last is the newest.
        var values = ["x"]
        /// Trained scalars that the next expression has to use.
        var pending: [String] = []
        /// Trained scalars used before.
        var used: [String] = []

        var count: Int { values.count - 1 + trained }
        var trained: Int { pending.count + used.count }

        /// Part of the names of the scope's rules.
        var suffix: String {
            values.joined() + (pending.isEmpty ? "" : "-p" + pending.joined())
                + (used.isEmpty ? "" : "-u" + used.joined())
        }
    }

    private typealias Symbol = Grammar.Symbol

    private let ideaLength: Int
    private let declarations: Int
    private var grammar = Grammar()

    init(ideaLength: Int, declarations: Int) {
        self.ideaLength = max(ideaLength, 8)
        self.declarations = declarations
    }

    mutating func build() -> Grammar {
        let head = Symbol.text("\nfloat activation(float x)\n{\n")
        grammar.add(Grammar.root, .sequence([.text("// "), .rule("idea"), head, .rule(bodyName(Scope()))]))
        grammar.add("idea", idea)
        addNumbers()
        addFunctions()
        for name in ["x"] + Self.names.prefix(declarations) { addApplications(to: name) }
        addBody(Scope())
        return grammar
    }

    private static let names = ["a", "b", "c", "d"]

    private var idea: Symbol {
        let small = "abcdefghijklmnopqrstuvwxyz"
        return .sequence([
            .characters(of: small.uppercased(), least: 1, most: 1), .characters(of: small, least: 2, most: 12),
            .characters(of: small + small.uppercased() + " ,-", least: 4, most: ideaLength - 13),
        ])
    }

    // MARK: Numbers and functions

    private mutating func addNumbers() {
        // Never 1: it would scale nothing.
        let whole = Symbol.sequence([.characters(of: "23", least: 1, most: 1), .text(".0f")])
        let half = Symbol.sequence([.characters(of: "123", least: 1, most: 1), .text(".5f")])
        let small = Symbol.sequence([.text("0."), .characters(of: "123456789", least: 1, most: 1), .text("f")])
        grammar.add("small", small)
        grammar.add("number", .choice([.rule("small"), half, whole]))
        grammar.add("initial", .choice(["0.1f", "0.2f", "0.5f", "1.0f", "1.5f", "2.0f"].map { .text($0) }))
        grammar.add("threshold", .choice(["0.0f", "1.0f", "-1.0f"].map { .text($0) }))
    }

    private mutating func addFunctions() {
        // Of functions that are nearly the same one is enough.
        let left: Set<String> = ["gelu_tanh", "erfcf"]
        grammar.add("function", .choice(BuiltinTable.tameUnary.filter { !left.contains($0) }.map { .text($0) }))
        // Bounded, so that a product with them keeps the other factor's growth.
        grammar.add("gate", .choice(["sigmoid", "tanhf", "erff", "sinf", "cosf", "sinc"].map { .text($0) }))
    }

    /// Functions of one variable: `fun-v` is a call that reads v.
    private mutating func addApplications(to name: String) {
        let v = Symbol.text(name)
        grammar.add(
            "argument-\(name)",
            .choice([
                v, .sequence([.rule("number"), .text(" * "), v]), .sequence([v, .text(" + "), .rule("number")]),
                .sequence([v, .text(" - "), .rule("number")]), .sequence([v, .text(" * "), v]), .text("-\(name)"),
                call(.rule("function"), v),
            ]))
        grammar.add(
            "fun-\(name)",
            .choice([
                call(.rule("function"), .rule("argument-\(name)")), call(.rule("function"), .rule("argument-\(name)")),
                .sequence([.text("expf(-"), .rule("number"), .text(" * \(name) * \(name))")]),
                .text("expf(-fabsf(\(name)))"), .text("log1pf(fabsf(\(name)))"),
                .text("sqrtf(1.0f + \(name) * \(name))"),
            ]))
    }

    private func call(_ function: Symbol, _ argument: Symbol) -> Symbol {
        .sequence([function, .text("("), argument, .text(")")])
    }

    // MARK: Bodies

    private func bodyName(_ scope: Scope) -> String { "body-\(scope.suffix)" }

    private mutating func addBody(_ scope: Scope) {
        guard grammar[bodyName(scope)] == nil else { return }
        let expression = addExpression(scope)
        var choices: [Symbol] = [.sequence([.text("    return "), expression, .text(";\n}\n")])]
        var later: [Scope] = []
        if scope.count < declarations {
            let name = Self.names[scope.count]
            var next = scope
            next.values.append(name)
            next.used += next.pending
            next.pending = []
            // One call alone is known or only scaled, so it is returned only as a part of something; but it is a good part.
            let isPlain = scope.pending.isEmpty
            let part =
                isPlain
                ? Symbol.choice([.rule("fun-\(scope.values[scope.values.count - 1])"), expression]) : expression
            choices.append(.sequence([.text("    float \(name) = "), part, .text(";\n"), .rule(bodyName(next))]))
            later.append(next)
            if scope.trained < 2 {
                var next = scope
                next.pending.append(name)
                choices.append(
                    .sequence([
                        .text("    float \(name) = trainable("), .rule("initial"), .text(");\n"), .rule(bodyName(next)),
                    ]))
                later.append(next)
            }
        }
        grammar.add(bodyName(scope), .choice(choices))
        for next in later { addBody(next) }
    }

    /// Adds the rules of the expressions at this point.
    private mutating func addExpression(_ scope: Scope) -> Symbol {
        let key = scope.values[scope.values.count - 1]
        let values = scope.values.joined()
        grammar.add("fun-any-\(values)", .choice(scope.values.map { .rule("fun-\($0)") }))
        let any = Symbol.rule("fun-any-\(values)")
        let factors = Symbol.choice([.rule("number")] + scope.used.map { .text($0) })
        let name = "expression-\(scope.suffix)"
        switch scope.pending.count {
        case 0: grammar.add(name, plain(key, scope.values, any, factors, suffix: scope.suffix))
        case 1: grammar.add(name, trained(key, scope.pending[0], any, factors))
        default: grammar.add(name, trainedTwice(key, scope.pending[0], scope.pending[1], any))
        }
        return .rule(name)
    }

    private mutating func plain(
        _ key: String, _ values: [String], _ any: Symbol, _ factors: Symbol, suffix: String
    ) -> Symbol {
        let fun = Symbol.rule("fun-\(key)")
        let k = Symbol.text(key)
        // A declared value is already a function of x: adding or scaling another value with it is new, x alone is not.
        let others = values.dropLast().map { Symbol.text($0) }
        let gates = others + [call(.rule("gate"), .rule("argument-\(key)")), any]
        grammar.add(
            "product-\(suffix)",
            .choice([
                .sequence([k, .text(" * "), .choice(gates)]), .sequence([fun, .text(" * "), any]),
                .sequence([k, .text(" / (1.0f + fabsf("), .choice(values.map { .text($0) }), .text("))")]),
            ]))
        let product = Symbol.rule("product-\(suffix)")
        let term = Symbol.choice([product, fun, .sequence([.rule("number"), .text(" * "), fun])])
        let addend = Symbol.sequence([factors, .text(" * "), .choice([any] + values.map { .text($0) })])
        // The factors of the two sides differ, so that a difference cannot be 0 by construction.
        let subtrahend = Symbol.sequence([.rule("small"), .text(" * "), .choice([any] + values.map { .text($0) })])
        return .choice([
            product, .sequence([term, .text(" + "), addend]),
            .sequence([.choice([product, fun]), .text(" - "), subtrahend]),
            .sequence([k, .text(" + "), factors, .text(" * "), any]),
            .sequence([.text("fmaxf("), fun, .text(", "), addend, .text(")")]),
            .sequence([
                k, .text(" > "), .rule("threshold"), .text(" ? "), .choice([k, fun]), .text(" : "), factors,
                .text(" * "),
                .choice([k, fun]),
            ]),
        ])
    }

    private func trained(_ key: String, _ p: String, _ any: Symbol, _ factors: Symbol) -> Symbol {
        let fun = Symbol.rule("fun-\(key)")
        let k = Symbol.text(key)
        let scaled = Symbol.text("(\(p) * \(key))")
        return .choice([
            .sequence([fun, .text(" + \(p) * "), any]), .sequence([k, .text(" + \(p) * "), any]),
            .sequence([k, .text(" * "), .rule("gate"), scaled]),
            .sequence([.rule("function"), scaled, .text(" + "), factors, .text(" * "), .choice([k, any])]),
            .sequence([k, .text(" > 0.0f ? "), .choice([k, fun]), .text(" : \(p) * "), .choice([k, fun])]),
            .sequence([fun, .text(" * "), .rule("gate"), scaled]),
        ])
    }

    private func trainedTwice(_ key: String, _ p: String, _ q: String, _ any: Symbol) -> Symbol {
        let fun = Symbol.rule("fun-\(key)")
        let k = Symbol.text(key)
        let scaled = Symbol.text("(\(p) * \(key))")
        return .choice([
            .sequence([.text("\(p) * "), fun, .text(" + \(q) * "), any]),
            .sequence([k, .text(" * "), .rule("gate"), scaled, .text(" + \(q) * "), any]),
            .sequence([k, .text(" + \(p) * "), .rule("gate"), .text("(\(q) * \(key))")]),
            .sequence([.rule("function"), scaled, .text(" + \(q) * "), .choice([k, any])]),
            .sequence([k, .text(" > 0.0f ? \(p) * "), .choice([k, fun]), .text(" : \(q) * "), .choice([k, fun])]),
        ])
    }
}
