/// The expressions of `GrammarRules`, by what is declared where they stand.
extension GrammarRules {
    /// Adds the rules of the expressions at this point.
    mutating func addExpression(_ scope: Scope) -> Symbol {
        let key = scope.key
        let values = scope.values.joined()
        grammar.add("fun-any-\(values)", .choice(scope.values.map { .rule("fun-\($0)") }))
        let any = Symbol.rule("fun-any-\(values)")
        let factors = Symbol.choice([.rule("number")] + scope.used.map { .text($0) })
        let name = "expression-\(scope.suffix)"
        switch scope.pending.count {
        case 0: grammar.add(name, plain(scope, any, factors))
        case 1: grammar.add(name, trained(key, scope.pending[0], any, factors))
        default: grammar.add(name, trainedTwice(key, scope.pending[0], scope.pending[1], any))
        }
        return .rule(name)
    }

    private mutating func plain(_ scope: Scope, _ any: Symbol, _ factors: Symbol) -> Symbol {
        let key = scope.key
        let fun = Symbol.rule("fun-\(key)")
        let k = Symbol.text(key)
        let texts = scope.values.map { Symbol.text($0) }
        // A declared value is already a function of x: adding or scaling another value with it is new, x alone is not.
        let gates = texts.dropLast() + [call(.rule("gate"), .rule("argument-\(key)")), any]
        grammar.add(
            "product-\(scope.suffix)",
            .choice([
                .sequence([k, .text(" * "), .choice(Array(gates))]), .sequence([fun, .text(" * "), any]),
                .sequence([k, .text(" / (1.0f + fabsf("), .choice(texts), .text("))")]),
            ]))
        let product = Symbol.rule("product-\(scope.suffix)")
        let term = Symbol.choice([product, fun, .sequence([.rule("number"), .text(" * "), fun])])
        let addend = Symbol.sequence([factors, .text(" * "), .choice([any] + texts)])
        // The factors of the two sides differ, so that a difference cannot be 0 by construction.
        let subtrahend = Symbol.sequence([.rule("small"), .text(" * "), .choice([any] + texts)])
        return .choice(
            offer.forms.map { form in
                switch form {
                case .product: product
                case .sum: .sequence([term, .text(" + "), addend])
                case .difference: .sequence([.choice([product, fun]), .text(" - "), subtrahend])
                case .residual: .sequence([k, .text(" + "), factors, .text(" * "), any])
                case .extremum:
                    .sequence([
                        .choice([.text("fmaxf("), .text("fminf(")]), fun, .text(", "), addend, .text(")"),
                    ])
                case .choice:
                    .sequence([
                        k, .text(" > "), .rule("threshold"), .text(" ? "), .choice([k, fun]), .text(" : "), factors,
                        .text(" * "), .choice([k, fun]),
                    ])
                }
            })
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
