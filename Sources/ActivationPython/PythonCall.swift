import ActivationParser
import EvolveTypes

/// A call of a function of Python's libraries, by its name: the same name means the same in all of them, but for what
/// `value` says.
struct PythonCall {
    let path: String
    let arguments: [PythonNode]
    let options: [(name: String, value: PythonNode)]
    let position: SourcePosition

    private var name: String { String(path.split(separator: ".").last ?? "") }

    private func problem(_ text: String) -> PythonProblem { PythonProblem(text, position) }

    // MARK: Arguments

    /// The argument at a place or under one of the names; nil = it is not given, or None.
    private func given(_ place: Int, _ names: String...) -> PythonNode? {
        let node = place < arguments.count ? arguments[place] : options.first { names.contains($0.name) }?.value
        if case .name("None")? = node?.kind { return nil }
        return node
    }

    private func need(
        _ place: Int, _ names: String..., in translator: inout PythonTranslator
    ) throws(PythonProblem) -> Expression {
        let node = place < arguments.count ? arguments[place] : options.first { names.contains($0.name) }?.value
        guard let node else {
            throw problem("'\(name)' needs \(place == 0 ? "an argument" : "\(place + 1) arguments")")
        }
        return try translator.realValue(node)
    }

    private func number(
        _ place: Int, _ names: String..., or standard: Double, in translator: inout PythonTranslator
    ) throws(PythonProblem) -> Expression {
        let node = place < arguments.count ? arguments[place] : options.first { names.contains($0.name) }?.value
        guard let node else { return PythonTranslator.number(standard) }
        return try translator.realValue(node)
    }

    private func isTrue(_ names: String..., or standard: Bool) -> Bool {
        guard let node = options.first(where: { names.contains($0.name) })?.value else { return standard }
        return if case .name("False") = node.kind { false } else { true }
    }

    // MARK: Expressions

    private func call(_ name: String, _ arguments: Expression...) -> Expression { Expression(.call(name, arguments)) }
    private func real(_ value: Double) -> Expression { PythonTranslator.number(value) }
    private func binary(_ op: BinaryOperator, _ a: Expression, _ b: Expression) -> Expression {
        Expression(.binary(op, a, b))
    }
    private func choice(_ test: Expression, _ a: Expression, _ b: Expression) -> Expression {
        Expression(.conditional(test, a, b))
    }
    private func minus(_ a: Expression) -> Expression { Expression(.unary(.minus, a)) }

    /// By name; the C function of one argument.
    private static let unary: [String: String] = [
        "exp": "expf", "expm1": "expm1f", "exp2": "exp2f", "log": "logf", "log2": "log2f", "log10": "log10f",
        "log1p": "log1pf", "sin": "sinf", "cos": "cosf", "tan": "tanf", "asin": "asinf", "arcsin": "asinf",
        "acos": "acosf",
        "arccos": "acosf", "atan": "atanf", "arctan": "atanf", "sinh": "sinhf", "cosh": "coshf", "tanh": "tanhf",
        "asinh": "asinhf", "arcsinh": "asinhf", "acosh": "acoshf", "arccosh": "acoshf", "atanh": "atanhf",
        "arctanh": "atanhf", "erf": "erff", "erfc": "erfcf", "sqrt": "sqrtf", "cbrt": "cbrtf", "abs": "fabsf",
        "absolute": "fabsf", "fabs": "fabsf", "floor": "floorf", "ceil": "ceilf", "trunc": "truncf", "fix": "truncf",
        "rint": "rintf", "round": "rintf", "sign": "sign", "sigmoid": "sigmoid", "expit": "sigmoid", "relu": "relu",
        "silu": "silu", "swish": "silu", "sinc": "sinc", "trainable": "trainable",
    ]

    /// Of two arguments.
    private static let pairs: [String: String] = [
        "maximum": "fmaxf", "fmax": "fmaxf", "minimum": "fminf", "fmin": "fminf", "atan2": "atan2f",
        "arctan2": "atan2f",
        "hypot": "hypotf", "fmod": "fmodf", "copysign": "copysignf",
    ]

    private static let signs: [String: BinaryOperator] = [
        "add": .add, "subtract": .subtract, "sub": .subtract, "multiply": .multiply, "mul": .multiply,
        "divide": .divide,
        "true_divide": .divide, "div": .divide,
    ]

    private static let comparisons: [String: BinaryOperator] = [
        "greater": .greater, "gt": .greater, "greater_equal": .greaterEqual, "ge": .greaterEqual, "less": .less,
        "lt": .less,
        "less_equal": .lessEqual, "le": .lessEqual, "equal": .equal, "eq": .equal, "not_equal": .notEqual,
        "ne": .notEqual,
    ]

    private static let passing: Set<String> = [
        "array", "asarray", "tensor", "as_tensor", "astype", "float", "float32", "float64", "double",
        "convert_to_tensor", "cast",
        "copy", "clone", "detach", "to", "contiguous", "identity", "type_as", "positive", "real",
    ]

    func value(_ translator: inout PythonTranslator) throws(PythonProblem) -> PythonTranslator.Value {
        if let op = Self.comparisons[name] {
            let left = try need(0, "x", in: &translator)
            return .init(expression: binary(op, left, try need(1, "y", "other", in: &translator)), kind: .boolean)
        }
        switch name {
        case "logical_and", "logical_or", "bitwise_and", "bitwise_or":
            guard arguments.count == 2 else { throw problem("'\(name)' needs 2 arguments") }
            let left = try translator.truth(arguments[0])
            let op: BinaryOperator = name.hasSuffix("and") ? .and : .or
            return .init(expression: binary(op, left, try translator.truth(arguments[1])), kind: .boolean)
        case "logical_not", "bitwise_not":
            guard arguments.count == 1 else { throw problem("'\(name)' needs an argument") }
            return .init(expression: Expression(.unary(.not, try translator.truth(arguments[0]))), kind: .boolean)
        case "isnan", "isinf", "isfinite", "signbit":
            return .init(expression: call(name, try need(0, "x", in: &translator)), kind: .boolean)
        default: return .init(expression: try number(&translator), kind: .real)
        }
    }

    private func number(_ translator: inout PythonTranslator) throws(PythonProblem) -> Expression {
        if isStatistic { return try statistic(&translator) }
        if let spelling = Self.unary[name] {
            return call(spelling, try need(0, "x", "input", "features", in: &translator))
        }
        if let spelling = Self.pairs[name] {
            let left = try need(0, "x", "x1", "input", in: &translator)
            return call(spelling, left, try need(1, "y", "x2", "other", in: &translator))
        }
        if let op = Self.signs[name] {
            let left = try need(0, "x", "input", in: &translator)
            return binary(op, left, try need(1, "y", "other", in: &translator))
        }
        if Self.passing.contains(name) { return try need(0, "x", "data", "input", in: &translator) }
        switch name {
        case "where":
            guard let test = given(0, "condition", "cond", "pred") else { throw problem("'where' needs 3 arguments") }
            let condition = try translator.truth(test)
            let first = try need(1, "x", "input", in: &translator)
            return choice(condition, first, try need(2, "y", "other", in: &translator))
        case "max", "min":
            var result = try need(0, in: &translator)
            for place in 1..<arguments.count {
                result = call(name == "max" ? "fmaxf" : "fminf", result, try need(place, in: &translator))
            }
            return result
        case "clip", "clamp", "clip_by_value", "hardtanh", "hard_tanh":
            let isHard = name.hasPrefix("hard")
            let x = try need(0, "x", "input", "a", "arr", "t", in: &translator)
            let low = given(1, "min", "a_min", "min_val", "clip_value_min", "xmin").map { $0 }
            let high = given(2, "max", "a_max", "max_val", "clip_value_max", "xmax").map { $0 }
            var result = x
            if let low {
                result = call("fmaxf", result, try translator.realValue(low))
            } else if isHard {
                result = call("fmaxf", result, real(-1))
            }
            if let high {
                result = call("fminf", result, try translator.realValue(high))
            } else if isHard {
                result = call("fminf", result, real(1))
            }
            return result
        case "power", "pow", "float_power":
            let base = try need(0, "x", "input", in: &translator)
            return Expression(PythonTranslator.power(base, try need(1, "y", "exponent", in: &translator)))
        case "mod", "remainder", "floormod":
            let left = try need(0, "x", in: &translator)
            return Expression(PythonTranslator.modulo(left, try need(1, "y", in: &translator)))
        case "zeros_like": return real(0)
        case "ones_like": return real(1)
        case "full_like": return try need(1, "fill_value", in: &translator)
        default: break
        }
        return try idiom(try need(0, "x", "input", "features", in: &translator), &translator)
    }

    /// Activation functions, by the names of torch.nn.functional, jax.nn and tf.nn.
    private func idiom(_ x: Expression, _ translator: inout PythonTranslator) throws(PythonProblem) -> Expression {
        let isPositive = binary(.greater, x, real(0))
        switch name {
        case "square": return binary(.multiply, x, x)
        case "rsqrt": return binary(.divide, real(1), call("sqrtf", x))
        case "reciprocal": return binary(.divide, real(1), x)
        case "negative", "neg": return minus(x)
        case "relu6": return call("fminf", call("relu", x), real(6))
        case "gelu":
            let isApproximate: Bool
            if let node = options.first(where: { $0.name == "approximate" })?.value {
                switch node.kind {
                case .text(let word): isApproximate = word == "tanh"
                case .name(let word): isApproximate = word == "True"
                default: isApproximate = false
                }
            } else {
                // Of all libraries, JAX's alone approximates unless told otherwise.
                isApproximate = path.hasPrefix("jax")
            }
            return call(isApproximate ? "gelu_tanh" : "gelu", x)
        case "softplus":
            let beta = try number(1, "beta", or: 1, in: &translator)
            if case .real(1) = beta.kind { return call("softplus", x) }
            return binary(.divide, call("softplus", binary(.multiply, beta, x)), beta)
        case "elu":
            return choice(
                isPositive, x, binary(.multiply, try number(1, "alpha", or: 1, in: &translator), call("expm1f", x)))
        case "celu":
            let alpha = try number(1, "alpha", or: 1, in: &translator)
            return choice(isPositive, x, binary(.multiply, alpha, call("expm1f", binary(.divide, x, alpha))))
        case "selu":
            let negative = binary(.multiply, real(1.6732632423543772), call("expm1f", x))
            return binary(.multiply, real(1.0507009873554805), choice(isPositive, x, negative))
        case "leaky_relu", "leakyrelu":
            let slope = try number(
                1, "negative_slope", "alpha", or: path.hasPrefix("tensorflow") ? 0.2 : 0.01, in: &translator)
            return choice(isPositive, x, binary(.multiply, slope, x))
        case "mish": return binary(.multiply, x, call("tanhf", call("softplus", x)))
        case "hardsigmoid", "hard_sigmoid": return hardSigmoid(x)
        case "hardswish", "hard_swish", "hard_silu": return binary(.multiply, x, hardSigmoid(x))
        case "logsigmoid", "log_sigmoid": return minus(call("softplus", minus(x)))
        case "softsign", "soft_sign": return binary(.divide, x, binary(.add, real(1), call("fabsf", x)))
        case "tanhshrink": return binary(.subtract, x, call("tanhf", x))
        case "hardshrink":
            let bound = try number(1, "lambd", or: 0.5, in: &translator)
            return choice(binary(.greater, call("fabsf", x), bound), x, real(0))
        case "softshrink":
            let bound = try number(1, "lambd", or: 0.5, in: &translator)
            return binary(
                .subtract, call("relu", binary(.subtract, x, bound)), call("relu", binary(.subtract, minus(x), bound)))
        case "threshold":
            let bound = try need(1, "threshold", in: &translator)
            return choice(binary(.greater, x, bound), x, try need(2, "value", in: &translator))
        case "heaviside":
            let atZero = try need(1, "x2", "values", in: &translator)
            return choice(binary(.less, x, real(0)), real(0), choice(isPositive, real(1), atZero))
        case "logaddexp":
            let y = try need(1, "y", "x2", "other", in: &translator)
            let distance = call("fabsf", binary(.subtract, x, y))
            return binary(.add, call("fmaxf", x, y), call("log1pf", call("expf", minus(distance))))
        case "softmax":
            guard axis == .unit else { throw problem("'softmax' is read over the units of a layer: axis=-1") }
            let top = call("expf", binary(.subtract, x, call("unit_max", x)))
            return binary(.divide, top, call("unit_sum", top))
        default:
            throw problem(
                "'\(path.replacing("builtins.", with: "").replacing("method.", with: "."))' is not read here; write it out with exp, log, tanh, where and the like"
            )
        }
    }

    private func hardSigmoid(_ x: Expression) -> Expression {
        call("clamp", binary(.add, binary(.divide, x, real(6)), real(0.5)), real(0), real(1))
    }

    // MARK: Statistics

    private enum Axis { case batch, unit, tensor, other }

    /// Over which axes; without any, over all.
    private var axis: Axis {
        let place = name == "roll" ? 2 : 1
        guard let node = given(place, "axis", "dim", "dims", "reduction_indices") else { return .tensor }
        func number(_ node: PythonNode) -> Double? {
            switch node.kind {
            case .number(let value, _): value
            case .unary("-", let inner): number(inner).map { -$0 }
            case .tuple(let parts) where parts.count == 1: number(parts[0])
            default: nil
            }
        }
        switch number(node) {
        case 0: return .batch
        case 1, -1: return .unit
        default: return .other
        }
    }

    private var isStatistic: Bool {
        switch name {
        case "mean", "sum", "amax", "reduce_mean", "reduce_sum", "reduce_max", "roll": true
        // max(a, b) is Python's own.
        case "max":
            arguments.count == 1 && path != "builtins.max" || options.contains { $0.name == "axis" || $0.name == "dim" }
        default: false
        }
    }

    private func statistic(_ translator: inout PythonTranslator) throws(PythonProblem) -> Expression {
        let x = try need(0, "x", "a", "input", "input_tensor", in: &translator)
        if name == "roll" {
            guard axis == .unit, let node = given(1, "shift", "shifts") else {
                throw problem("'roll' is read along the units of a layer: roll(x, places, axis=-1)")
            }
            let places = try translator.value(node)
            guard places.kind == .whole else { throw problem("'roll' goes by a whole number of places") }
            // To the right, as the language's goes to the left.
            return call("unit_shift", x, minus(places.expression))
        }
        let kind = name.replacing("reduce_", with: "").replacing("amax", with: "max")
        switch axis {
        case .batch: return call("batch_\(kind)", x)
        case .unit: return call("unit_\(kind)", x)
        case .tensor: return call("tensor_\(kind)", x)
        case .other: throw problem("'\(name)' is read over axis 0 (samples), axis -1 (units) or both")
        }
    }
}
