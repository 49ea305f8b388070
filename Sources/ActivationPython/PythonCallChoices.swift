import ActivationParser

/// One of several values.
extension PythonCall {
    mutating func choice(_ translator: inout PythonTranslator) throws(PythonProblem) -> Value? {
        switch name {
        case "where":
            // x.where(condition, other) is of torch.
            if library == .method {
                let x = try translator.value(try need(0, "x"))
                let test = try translator.truth(try need(1, "condition"))
                return Self.either(test, x, try translator.value(try need(2, "other")))
            }
            let test = try translator.truth(try need(0, "condition", "cond"))
            let first = try translator.value(try need(1, "x", "x1", "input"))
            return Self.either(test, first, try translator.value(try need(2, "y", "x2", "other")))
        case "select" where path.hasPrefix("jax.lax"), "select_n", "cond":
            return try branch(&translator)
        case "select":
            let conditions = try list(try need(0, "condlist"), translator)
            let choices = try list(try need(1, "choicelist"), translator)
            guard conditions.count == choices.count, !choices.isEmpty else {
                throw problem("'select' needs as many choices as conditions")
            }
            var result = try number(2, "default", or: 0, in: &translator)
            // The first that holds.
            for (test, value) in zip(conditions, choices).reversed() {
                result = choice(try translator.truth(test), try translator.realValue(value), result)
            }
            return Value(expression: result, kind: .real)
        case "piecewise": return try pieces(&translator)
        case "masked_fill":
            let x = try need(0, "input", in: &translator)
            let mask = try translator.truth(try need(1, "mask"))
            return Value(expression: choice(mask, try need(2, "value", in: &translator), x), kind: .real)
        default: return nil
        }
    }

    static func either(_ test: Expression, _ a: Value, _ b: Value) -> Value {
        if a.kind == .boolean, b.kind == .boolean {
            return Value(expression: Expression(.conditional(test, a.expression, b.expression)), kind: .boolean)
        }
        return Value(
            expression: Expression(.conditional(test, PythonTranslator.real(a), PythonTranslator.real(b))), kind: .real)
    }

    private func list(_ node: PythonNode, _ translator: PythonTranslator) throws(PythonProblem) -> [PythonNode] {
        if case .tuple(let parts) = node.kind { return parts }
        if let name = node.name, translator.variables[name] == nil,
            case .tuple(let parts)? = translator.constants[name]?.kind
        {
            return parts
        }
        throw problem("'\(shown)' is read with its lists written out", at: node.position)
    }

    /// lax.cond(test, f, g, x), tf.cond(test, f, g), lax.select(test, a, b), lax.select_n(test, b, a).
    private mutating func branch(_ translator: inout PythonTranslator) throws(PythonProblem) -> Value {
        let test = try translator.truth(try need(0, "pred", "which"))
        var first = try need(1, "true_fun", "true_fn", "on_true")
        var second = try need(2, "false_fun", "false_fn", "on_false")
        if name == "select_n" { swap(&first, &second) }
        if name == "cond" {
            let operands = arguments.takeAll()
            try PythonTranslator.checkRepeated(operands)
            first = PythonNode(kind: .call(first, operands, []), position: first.position)
            second = PythonNode(kind: .call(second, operands, []), position: second.position)
        }
        let value = try translator.value(first)
        return Self.either(test, value, try translator.value(second))
    }

    /// np.piecewise(x, [c, d], [f, g, otherwise]): where several hold, the last.
    private mutating func pieces(_ translator: inout PythonTranslator) throws(PythonProblem) -> Value {
        let x = try need(0, "x")
        try PythonTranslator.checkRepeated([x])
        let conditions = try list(try need(1, "condlist"), translator)
        var functions = try list(try need(2, "funclist"), translator)
        func piece(_ node: PythonNode, _ translator: inout PythonTranslator) throws(PythonProblem) -> Expression {
            guard translator.isFunction(node) else { return try translator.realValue(node) }
            return try translator.realValue(PythonNode(kind: .call(node, [x], []), position: node.position))
        }
        var result = real(0)
        if functions.count == conditions.count + 1 { result = try piece(functions.removeLast(), &translator) }
        guard functions.count == conditions.count else {
            throw problem("'piecewise' needs as many functions as conditions, or one more")
        }
        for (test, function) in zip(conditions, functions) {
            result = choice(try translator.truth(test), try piece(function, &translator), result)
        }
        return Value(expression: result, kind: .real)
    }
}
