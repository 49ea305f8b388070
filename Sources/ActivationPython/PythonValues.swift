import ActivationParser

/// Expressions of Python as expressions of C.
extension PythonTranslator {
    /// As a number of C's float.
    func real(_ value: Value) -> Expression { Self.real(value) }

    static func real(_ value: Value) -> Expression {
        if case .integer(let number) = value.expression.kind { return Expression(.real(number)) }
        if case .unary(.minus, let inner) = value.expression.kind, case .integer(let number) = inner.kind {
            return Expression(.unary(.minus, Expression(.real(number))))
        }
        return value.kind == .whole ? Expression(.cast(.float, value.expression)) : value.expression
    }

    mutating func realValue(_ node: PythonNode) throws(PythonProblem) -> Expression { try real(value(node)) }

    mutating func whole(_ node: PythonNode) throws(PythonProblem) -> Expression {
        if case .number(let number, true)? = known.literal(node)?.kind {
            let size = Expression(.integer(abs(number)))
            return number < 0 ? Expression(.unary(.minus, size)) : size
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
        let value = try writtenOut(node)
        // What is used several times is written several times: nested, it would grow without end.
        guard value.expression.size <= Self.largest else {
            throw PythonProblem("this is too long when it is written out; give parts of it a name", node.position)
        }
        return value
    }

    private static let largest = 20_000

    private mutating func writtenOut(_ node: PythonNode) throws(PythonProblem) -> Value {
        func made(_ kind: Expression.Kind, _ type: Kind = .real) -> Value {
            Value(expression: Expression(kind), kind: type)
        }
        switch node.kind {
        case .number(let number, let isWhole): return isWhole ? made(.integer(number), .whole) : made(.real(number))
        case .text: throw PythonProblem("a string is no value of a function", node.position)
        case .name(let name): return try named(name, node.position)
        // torch.max(x, dim=-1).values
        case .attribute(let pair, "values") where pair.isExtreme(of: nil): return try value(pair)
        case .element(let pair, let index) where pair.isExtreme(of: "dim") && known.literal(index)?.isZero == true:
            return try value(pair)
        case .attribute: return try constant(node)
        case .unary(let sign, let operand):
            if sign == "not" { return made(.unary(.not, try truth(operand)), .boolean) }
            if sign == "~" || sign == "mask" {
                let inner = try value(operand)
                guard inner.kind == .boolean else {
                    throw PythonProblem(
                        sign == "~"
                            ? "'~' is read of truths only"
                            : "x[…] takes elements out of an array; a function is written for one element",
                        operand.position)
                }
                return sign == "~" ? made(.unary(.not, inner.expression), .boolean) : inner
            }
            let inner = try value(operand)
            if sign == "+" { return inner }
            return inner.kind == .whole
                ? made(.unary(.minus, inner.expression), .whole) : made(.unary(.minus, real(inner)))
        case .binary(let sign, let a, let b): return try binary(sign, a, b, node.position)
        case .comparison(let first, let rest):
            if rest.count == 1, let isNone = isNone(first, rest[0].sign, rest[0].right) {
                return made(.integer(isNone ? 1 : 0), .boolean)
            }
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
            if let isSo = known.truth(condition) { return try value(isSo ? then : otherwise) }
            let test = try truth(condition)
            let first = try value(then)
            return PythonCall.either(test, first, try value(otherwise))
        case .tuple: throw PythonProblem("a list is no value of a function of one element", node.position)
        case .element:
            throw PythonProblem(
                "x[…] takes elements out of an array; a function is written for one element", node.position)
        case .lambda: throw PythonProblem("a function is no value here; call it", node.position)
        case .comprehension: throw PythonProblem("a list is no value of a function of one element", node.position)
        case .walrus: throw PythonProblem("':=' is not read here", node.position)
        case .call(let function, let arguments, let options):
            return try call(function, arguments, options, node.position)
        }
    }

    /// `a is None`, where that is known: of what has a value it is not so; nil of other comparisons.
    private func isNone(_ node: PythonNode, _ sign: String, _ other: PythonNode) -> Bool? {
        guard sign.hasPrefix("is"), other.isNone else { return nil }
        // What has a value is not None.
        let isSo = known.literal(node)?.isNone ?? false
        return isSo == (sign == "is")
    }

    private mutating func named(_ name: String, _ position: SourcePosition) throws(PythonProblem) -> Value {
        if variables[name] != nil, truths.contains(name) {
            return Value(
                expression: Expression(.binary(.notEqual, Expression(.name(cName(name))), Expression(.real(0)))),
                kind: .boolean)
        }
        if let kind = variables[name] { return Value(expression: Expression(.name(cName(name))), kind: kind) }
        if name == "True" || name == "False" {
            return Value(expression: Expression(.integer(name == "True" ? 1 : 0)), kind: .boolean)
        }
        if constants[name] != nil {
            try need(name, position)
            return Value(expression: Expression(.name(cName(name))), kind: .real)
        }
        if let problem = unknown[name] { throw problem }
        if let path = path(of: PythonNode(kind: .name(name), position: position)),
            let value = Self.constants[String(path.split(separator: ".").last ?? "")]
        {
            return Value(expression: Self.number(min(value, 3.4028235e38)), kind: .real)
        }
        throw PythonProblem("'\(name)' is not known here; give it a value first", position)
    }

    static let constants: [String: Double] = [
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
        case .name(let name) where variables[name] == nil && !isTaken(name):
            module.imports[name] ?? Self.modules[name] ?? star(name)
        case .attribute(let base, let name): path(of: base).map { $0 + "." + name }
        default: nil
        }
    }

    /// By their usual names, for a text that does not import them.
    /// "math.exp" of `exp`, where everything of math is imported.
    private func star(_ name: String) -> String? {
        guard !Self.own.contains(name), !name.isEmpty else { return nil }
        return module.stars.last(where: PythonLibrary.isModule).map { $0 + "." + name }
    }

    /// Python's own functions, which the libraries leave alone.
    private static let own: Set<String> = ["abs", "max", "min", "round", "sum", "pow", "float", "int", "bool"]

    static let modules = [
        "math": "math", "np": "numpy", "numpy": "numpy", "jnp": "jax.numpy", "jax": "jax", "torch": "torch",
        "F": "torch.nn.functional",
        "tf": "tensorflow", "scipy": "scipy", "nn": "torch.nn", "special": "scipy.special",
    ]

    private mutating func binary(
        _ sign: String, _ a: PythonNode, _ b: PythonNode, _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        switch sign {
        case "and", "or", "&", "|": return try connected(sign, a, b, position)
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
            if left.kind == .boolean, right.kind == .boolean, sign != "*", libraries.usesArrays {
                throw PythonProblem(
                    "of two arrays of truths '\(sign)' is no sum; make numbers of them with where(…, 1.0, 0.0), or write &, |",
                    position)
            }
            if areWhole, let folded = folded(sign, left, right) { return folded }
            return areWhole
                ? Value(expression: Expression(.binary(op, left.expression, right.expression)), kind: .whole)
                : made(.binary(op, x, y))
        case "/": return made(.binary(.divide, x, y))
        case "//" where areWhole:
            if let folded = folded(sign, left, right) { return folded }
            let rest = Expression(Self.wholeModulo(left.expression, right.expression))
            return Value(
                expression: Expression(
                    .binary(.divide, Expression(.binary(.subtract, left.expression, rest)), right.expression)),
                kind: .whole)
        case "//": return made(.call("floorf", [Expression(.binary(.divide, x, y))]))
        case "%":
            if areWhole {
                return folded(sign, left, right)
                    ?? Value(expression: Expression(Self.wholeModulo(left.expression, right.expression)), kind: .whole)
            }
            return made(Self.modulo(x, y))
        case "**": return made(Self.power(x, y))
        default: break
        }
        throw PythonProblem("'\(sign)' is not read here", position)
    }

    /// `a and b` is one of the two, not a truth.
    private mutating func connected(
        _ sign: String, _ a: PythonNode, _ b: PythonNode, _ position: SourcePosition
    ) throws(PythonProblem) -> Value {
        // a or b or c: the first is written twice, so the rest has to be the longer part.
        if sign.first?.isLetter == true, case .binary(sign, let first, let middle) = a.kind {
            guard b.links(of: sign) < 60 else {
                throw PythonProblem("this chain of '\(sign)' is too long", position)
            }
            let rest = PythonNode(kind: .binary(sign, middle, b), position: middle.position)
            return try connected(sign, first, rest, position)
        }
        let (left, right) = (try value(a), try value(b))
        let isAnd = sign == "and" || sign == "&"
        if left.kind == .boolean, right.kind == .boolean {
            return Value(
                expression: Expression(.binary(isAnd ? .and : .or, left.expression, right.expression)), kind: .boolean)
        }
        guard sign == "and" || sign == "or" else {
            throw PythonProblem("'\(sign)' is read between truths only; compare first, in brackets", position)
        }
        let test =
            left.kind == .boolean
            ? left.expression : Expression(.binary(.notEqual, real(left), Expression(.real(0))))
        return isAnd ? PythonCall.either(test, right, left) : PythonCall.either(test, left, right)
    }

    /// Of two whole numbers that are written out; what is too large for C's int is a float.
    private func folded(_ sign: String, _ a: Value, _ b: Value) -> Value? {
        func number(_ value: Value) -> Double? {
            switch value.expression.kind {
            case .integer(let number): return number
            case .unary(.minus, let inner):
                if case .integer(let number) = inner.kind { return -number } else { return nil }
            default: return nil
            }
        }
        guard let x = number(a), let y = number(b) else { return nil }
        let result: Double
        switch sign {
        case "+": result = x + y
        case "-": result = x - y
        case "*": result = x * y
        case "//" where y != 0: result = (x / y).rounded(.down)
        case "%" where y != 0: result = x - y * (x / y).rounded(.down)
        default: return nil
        }
        guard abs(result) < 2_147_483_648 else { return Value(expression: Self.number(result), kind: .real) }
        // As it is written, where C has the same.
        guard sign == "//" || sign == "%" else { return nil }
        let size = Expression(.integer(abs(result)))
        return Value(expression: result < 0 ? Expression(.unary(.minus, size)) : size, kind: .whole)
    }

    /// With the sign of the divisor, as Python has it: ((a % b) + b) % b.
    private static func wholeModulo(_ a: Expression, _ b: Expression) -> Expression.Kind {
        .binary(.remainder, Expression(.binary(.add, Expression(.binary(.remainder, a, b)), b)), b)
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
}

extension PythonNode {
    /// Of `a or (b or c)`, how many.
    fileprivate func links(of sign: String) -> Int {
        if case .binary(sign, _, let rest) = kind { 1 + rest.links(of: sign) } else { 0 }
    }

    fileprivate var isZero: Bool { if case .number(0, true) = kind { true } else { false } }

    /// Whether it gives the largest or smallest values, and PyTorch their places too.
    /// - Parameter option: an argument that it has to have, or its library's name.
    fileprivate func isExtreme(of option: String?) -> Bool {
        guard case .call(let function, _, let options) = kind, let name = function.lastName,
            ["max", "min"].contains(name)
        else { return false }
        return option == nil || function.root == "torch" || options.contains { $0.name == option }
    }
}
