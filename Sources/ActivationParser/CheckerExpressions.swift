/// Names and types in expressions.
extension Checker {
    func lookUp(_ name: String) -> Symbol? {
        for scope in scopes.reversed() {
            if let symbol = scope[name] { return symbol }
        }
        return tainted.contains(name) ? .unknown : nil
    }

    mutating func check(_ expression: Expression) -> Kind {
        switch expression.kind {
        case .real: return .scalar(.float)
        case .integer: return .scalar(.int)
        case .name(let name): return checkName(name, expression.position)
        case .element(let array, let index):
            checkIndex(index)
            return checkElement(array, expression.position)
        case .unary(let op, let a):
            let kind = check(a)
            return op == .not ? .scalar(.bool) : kind.scalar == .bool ? .scalar(.int) : kind
        case .cast(let type, let a):
            _ = check(a)
            return .scalar(type)
        case .conditional(let condition, let a, let b):
            _ = check(condition)
            return common(check(a), check(b))
        case .binary(let op, let a, let b): return checkBinary(op, a, b, expression.position)
        case .call(let name, let arguments): return checkCall(name, arguments, expression.position)
        }
    }

    private func common(_ a: Kind, _ b: Kind) -> Kind {
        guard let a = a.scalar, let b = b.scalar else { return .unknown }
        return .scalar(a == .float || b == .float ? .float : a == .bool && b == .bool ? .bool : .int)
    }

    private mutating func checkBinary(
        _ op: BinaryOperator, _ a: Expression, _ b: Expression, _ position: SourcePosition
    ) -> Kind {
        let kind = common(check(a), check(b))
        if op == .equal, places.switches.contains(position) { checkCase(a, b, kind, position) }
        if places.counters.contains(position), kind.scalar == .float {
            report.error(position, "'++' or '--' of a float inside an expression; write it as a statement of its own")
        }
        switch op {
        case .less, .greater, .lessEqual, .greaterEqual:
            if case .binary(let inner, _, _) = a.kind, inner.precedence == op.precedence {
                report.error(position, "a chain of comparisons compares a truth value; write a < b && b < c")
            }
            return .scalar(.bool)
        case .equal, .notEqual, .and, .or: return .scalar(.bool)
        case .remainder:
            if kind.scalar == .float { reportRemainder(position) }
            return kind
        case .divide:
            if case .integer(let dividend) = a.kind, case .integer(let divisor) = b.kind, divisor != 0,
                dividend.truncatingRemainder(dividingBy: divisor) != 0
            {
                let (top, bottom) = (Int(dividend), Int(divisor))
                report.warning(
                    position,
                    "\(top) / \(bottom) is \(top / bottom) in int; write \(top).0f / \(bottom).0f if that is not meant")
            }
            return kind.scalar == .bool ? .scalar(.int) : kind
        default: return kind.scalar == .bool ? .scalar(.int) : kind
        }
    }

    /// One case of a switch: int, and its label constant.
    private mutating func checkCase(
        _ subject: Expression, _ label: Expression, _ kind: Kind, _ position: SourcePosition
    ) {
        guard isConstant(label) else {
            return report.error(label.position, "a case needs a constant int; write if / else if")
        }
        if kind.scalar == .float {
            report.error(position, "switch works on int; write if / else if, or (int) before the value")
        }
    }

    private func isConstant(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .integer, .real: true
        case .name(let name):
            switch lookUp(name) {
            case .scalar(_, let isFixed)?: isFixed
            case .array?: false
            case .unknown?, nil: true
            }
        case .call, .element: false
        default: expression.kind.children.allSatisfy { isConstant($0) }
        }
    }

    mutating func reportRemainder(_ position: SourcePosition) {
        report.error(position, "'%' works on int only; write fmodf(a, b) for float")
    }

    // MARK: Names

    private mutating func noteRead(_ name: String) {
        for (scope, places) in zip(scopes, origins).reversed() where scope[name] != nil {
            if let place = places[name] { read.insert(place) }
            return
        }
    }

    private mutating func checkName(_ name: String, _ position: SourcePosition) -> Kind {
        noteRead(name)
        switch lookUp(name) {
        case .scalar(let type, _)?: return .scalar(type)
        case .array?:
            report.error(position, "'\(name)' is an array; read one element, like \(name)[0]")
            return .unknown
        case .unknown?: return .unknown
        case nil: break
        }
        if name == "true" || name == "false" { return .scalar(.bool) }
        if NamedConstants.value(name) != nil { return .scalar(.float) }
        if BuiltinTable[name] != nil || functions[name] != nil || name == BuiltinTable.trainable {
            report.error(position, "'\(name)' is a function; call it, like \(name)(x)")
        } else {
            reportUnknownVariable(name, position)
        }
        return .unknown
    }

    private mutating func checkElement(_ array: String, _ position: SourcePosition) -> Kind {
        noteRead(array)
        switch lookUp(array) {
        case .array(let type, _)?: return .scalar(type)
        case .scalar?:
            report.error(position, "'\(array)' is one number, not an array; remove the [ ]")
        case .unknown?: break
        case nil: reportUnknownVariable(array, position)
        }
        return .unknown
    }

    mutating func checkIndex(_ index: Expression) {
        if check(index).scalar == .float {
            report.error(index.position, "an index must be int; write (int) before it or declare it int")
        }
    }

    mutating func reportUnknownVariable(_ name: String, _ position: SourcePosition) {
        let visible = scopes.flatMap(\.keys) + NamedConstants.names
        let hint = NameSuggestion.hint(
            for: name, among: visible, otherwise: "; declare it first, like float \(name) = …;")
        report.error(position, RefusedNames.functions[name] ?? "unknown name '\(name)'" + hint)
        tainted.insert(name)
    }

    // MARK: Calls

    private mutating func checkCall(_ name: String, _ arguments: [Expression], _ position: SourcePosition) -> Kind {
        let kinds = arguments.map { check($0) }
        if let function = functions[name] {
            noteCall(name, position)
            checkArity(name, function.parameters.count, arguments.count, position)
            return .scalar(function.result)
        }
        if name == BuiltinTable.trainable {
            checkArity(name, 1, arguments.count, position)
            if isGlobal { report.error(position, "call trainable inside activation, like float a = trainable(0.1f);") }
            return .scalar(.float)
        }
        if let builtin = BuiltinTable[name] {
            checkArity(name, builtin.arity, arguments.count, position)
            if builtin.name == "abs", kinds.first?.scalar == .float {
                report.error(position, "abs works on int and cuts the fraction off; write fabsf")
            }
            return .scalar(builtin.result)
        }
        reportUnknownFunction(name, position)
        return .unknown
    }

    private mutating func checkArity(_ name: String, _ expected: Int, _ found: Int, _ position: SourcePosition) {
        guard expected != found else { return }
        let count = expected == 1 ? "1 argument" : "\(expected) arguments"
        report.error(position, "'\(name)' takes \(count), found \(found)")
    }

    private mutating func reportUnknownFunction(_ name: String, _ position: SourcePosition) {
        if leftOut.contains(name) { return noteCall(name, position) }
        guard !tainted.contains(name) else { return }
        guard lookUp(name) == nil else {
            report.error(position, "'\(name)' is a variable, not a function; write * to multiply")
            return
        }
        tainted.insert(name)
        let known = BuiltinTable.spellings + functions.keys
        report.error(
            position,
            "unknown function '\(name)'"
                + NameSuggestion.hint(
                    for: name, among: known, otherwise: "; use a function of <math.h>, or write it as a helper"))
    }
}
