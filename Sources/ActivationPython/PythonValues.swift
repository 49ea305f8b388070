import ActivationParser

/// Expressions of Python as expressions of C.
extension PythonTranslator {
    /// As a number of C's float.
    func real(_ value: Value) -> Expression {
        if case .integer(let number) = value.expression.kind { return Expression(.real(number)) }
        if case .unary(.minus, let inner) = value.expression.kind, case .integer(let number) = inner.kind {
            return Expression(.unary(.minus, Expression(.real(number))))
        }
        return value.kind == .whole ? Expression(.cast(.float, value.expression)) : value.expression
    }

    mutating func realValue(_ node: PythonNode) throws(PythonProblem) -> Expression { try real(value(node)) }

    mutating func whole(_ node: PythonNode) throws(PythonProblem) -> Expression {
        if case .name(let name) = node.kind, let constant = constants[name], variables[name] == nil {
            return try whole(constant)
        }
        let value = try value(node)
        guard value.kind == .whole else { throw PythonProblem("this has to be a whole number", node.position) }
        return value.expression
    }

    mutating func truth(_ node: PythonNode) throws(PythonProblem) -> Expression {
        let value = try value(node)
        if value.kind == .boolean { return value.expression }
        return Expression(.binary(.notEqual, real(value), Expression(.real(0))))
    }

    static func number(_ value: Double) -> Expression {
        value < 0 ? Expression(.unary(.minus, Expression(.real(-value)))) : Expression(.real(value))
    }

    mutating func value(_ node: PythonNode) throws(PythonProblem) -> Value {
        func made(_ kind: Expression.Kind, _ type: Kind = .real) -> Value {
            Value(expression: Expression(kind), kind: type)
        }
        switch node.kind {
        case .number(let number, let isWhole): return isWhole ? made(.integer(number), .whole) : made(.real(number))
        case .text: throw PythonProblem("a string is no value of a function", node.position)
        case .name(let name): return try named(name, node.position)
        case .attribute: return try constant(node)
        case .unary(let sign, let operand):
            if sign == "not" || sign == "~" { return made(.unary(.not, try truth(operand)), .boolean) }
            let inner = try value(operand)
            if sign == "+" { return inner }
            return inner.kind == .whole
                ? made(.unary(.minus, inner.expression), .whole) : made(.unary(.minus, real(inner)))
        case .binary(let sign, let a, let b): return try binary(sign, a, b, node.position)
        case .comparison(let first, let rest):
            var (left, result): (Value, Expression?) = (try value(first), nil)
            for (sign, node) in rest {
                let right = try value(node)
                guard let op = BinaryOperator(rawValue: sign) else {
                    throw PythonProblem("'\(sign)' is not read here", node.position)
                }
                let areWhole = left.kind == .whole && right.kind == .whole
                let part = Expression(
                    .binary(op, areWhole ? left.expression : real(left), areWhole ? right.expression : real(right)))
                result = result.map { Expression(.binary(.and, $0, part)) } ?? part
                left = right
            }
            return Value(expression: result ?? left.expression, kind: .boolean)
        case .conditional(let then, let condition, let otherwise):
            let test = try truth(condition)
            let first = try realValue(then)
            return made(.conditional(test, first, try realValue(otherwise)))
        case .tuple: throw PythonProblem("a list is no value of a function of one element", node.position)
        case .element:
            throw PythonProblem(
                "x[…] takes elements out of an array; a function is written for one element", node.position)
        case .lambda: throw PythonProblem("a lambda has to be given a name outside of functions", node.position)
        case .call(let function, let arguments, let options):
            return try call(function, arguments, options, node.position)
        }
    }

    private mutating func named(_ name: String, _ position: SourcePosition) throws(PythonProblem) -> Value {
        if let kind = variables[name] { return Value(expression: Expression(.name(cName(name))), kind: kind) }
        if name == "True" || name == "False" {
            return Value(expression: Expression(.integer(name == "True" ? 1 : 0)), kind: .boolean)
        }
        if constants[name] != nil {
            try need(name, position)
            return Value(expression: Expression(.name(cName(name))), kind: .real)
        }
        if let path = module.imports[name], let value = Self.constants[String(path.split(separator: ".").last ?? "")] {
            return Value(expression: Self.number(value), kind: .real)
        }
        throw PythonProblem("'\(name)' is not known here; give it a value first", position)
    }

    private static let constants: [String: Double] = [
        "pi": .pi, "e": 2.718281828459045, "tau": 2 * .pi, "inf": .infinity, "euler_gamma": 0.5772156649015329,
    ]

    private func constant(_ node: PythonNode) throws(PythonProblem) -> Value {
        if let path = path(of: node), let value = Self.constants[String(path.split(separator: ".").last ?? "")] {
            // The language has no infinity: the largest float serves bounds as well.
            return Value(expression: Self.number(min(value, 3.4028235e38)), kind: .real)
        }
        throw PythonProblem("this is not known here", node.position)
    }

    /// "numpy.exp" of `np.exp`; nil of what is no path from a module.
    func path(of node: PythonNode) -> String? {
        switch node.kind {
        case .name(let name): variables[name] == nil ? module.imports[name] ?? Self.modules[name] : nil
        case .attribute(let base, let name): path(of: base).map { $0 + "." + name }
        default: nil
        }
    }

    /// By their usual names, for a text that does not import them.
    private static let modules = [
        "math": "math", "np": "numpy", "numpy": "numpy", "jnp": "jax.numpy", "jax": "jax", "torch": "torch",
        "F": "torch.nn.functional",
        "tf": "tensorflow", "scipy": "scipy", "nn": "torch.nn", "special": "scipy.special",
    ]

    private mutating func binary(
        _ sign: String, _ a: PythonNode, _ b: PythonNode, _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        switch sign {
        case "and", "&":
            return Value(expression: Expression(.binary(.and, try truth(a), try truth(b))), kind: .boolean)
        case "or", "|":
            return Value(expression: Expression(.binary(.or, try truth(a), try truth(b))), kind: .boolean)
        case "^", "@": throw PythonProblem("'\(sign)' is not read here", position)
        default: break
        }
        let (left, right) = (try value(a), try value(b))
        let areWhole = left.kind == .whole && right.kind == .whole
        let (x, y) = (real(left), real(right))
        func made(_ kind: Expression.Kind) -> Value { Value(expression: Expression(kind), kind: .real) }
        switch sign {
        case "+", "-", "*":
            guard let op = BinaryOperator(rawValue: sign) else { break }
            return areWhole
                ? Value(expression: Expression(.binary(op, left.expression, right.expression)), kind: .whole)
                : made(.binary(op, x, y))
        case "/": return made(.binary(.divide, x, y))
        case "//": return made(.call("floorf", [Expression(.binary(.divide, x, y))]))
        case "%":
            if areWhole {
                return Value(
                    expression: Expression(.binary(.remainder, left.expression, right.expression)), kind: .whole)
            }
            return made(Self.modulo(x, y))
        case "**": return made(Self.power(x, y))
        default: break
        }
        throw PythonProblem("'\(sign)' is not read here", position)
    }

    /// With the sign of the divisor, as Python has it.
    static func modulo(_ a: Expression, _ b: Expression) -> Expression.Kind {
        .binary(
            .subtract, a,
            Expression(.binary(.multiply, b, Expression(.call("floorf", [Expression(.binary(.divide, a, b))])))))
    }

    static func power(_ a: Expression, _ b: Expression) -> Expression.Kind {
        if case .real(0.5) = b.kind { return .call("sqrtf", [a]) }
        return .call("powf", [a, b])
    }

    // MARK: Calls

    private mutating func call(
        _ function: PythonNode, _ arguments: [PythonNode], _ options: [(name: String, value: PythonNode)],
        _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        if case .name(let name) = function.kind, let own = functions[name], variables[name] == nil {
            return try call(own, arguments, options, position)
        }
        if let path = path(of: function) {
            return try PythonCall(path: path, arguments: arguments, options: options, position: position).value(&self)
        }
        switch function.kind {
        case .name(let name):
            return try PythonCall(path: "builtins." + name, arguments: arguments, options: options, position: position)
                .value(&self)
        // x.exp()
        case .attribute(let receiver, let name):
            return try PythonCall(
                path: "method." + name, arguments: [receiver] + arguments, options: options, position: position
            )
            .value(&self)
        // F.gelu()(x), nn.GELU()(x)
        case .call(let module, let settings, let named) where arguments.count == 1:
            guard let path = path(of: module), let name = path.split(separator: ".").last else { break }
            return try PythonCall(
                path: "torch.nn.functional." + name.lowercased(), arguments: arguments + settings, options: named,
                position: position
            ).value(&self)
        default: break
        }
        throw PythonProblem("this call is not read here", position)
    }

    private mutating func call(
        _ function: PythonFunction, _ arguments: [PythonNode], _ options: [(name: String, value: PythonNode)],
        _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        guard arguments.count <= function.parameters.count else {
            throw PythonProblem("'\(function.name)' takes \(function.parameters.count) arguments", position)
        }
        var values: [Expression] = []
        for (place, parameter) in function.parameters.enumerated() {
            let given =
                place < arguments.count
                ? arguments[place] : options.first { $0.name == parameter.name }?.value ?? parameter.value
            guard let given else { throw PythonProblem("'\(function.name)' needs '\(parameter.name)'", position) }
            values.append(try realValue(given))
        }
        for option in options where !function.parameters.contains(where: { $0.name == option.name }) {
            throw PythonProblem("'\(function.name)' has no argument '\(option.name)'", position)
        }
        try need(function.name, position)
        return Value(expression: Expression(.call(cName(function.name), values)), kind: .real)
    }
}
