import ActivationParser

/// Functions of numbers.
extension PythonCall {
    /// By name; the C function of one argument.
    private static let unary: [String: String] = [
        "exp": "expf", "expm1": "expm1f", "exp2": "exp2f", "log2": "log2f", "log10": "log10f", "log1p": "log1pf",
        "sin": "sinf", "cos": "cosf", "tan": "tanf", "asin": "asinf", "arcsin": "asinf", "acos": "acosf",
        "arccos": "acosf", "atan": "atanf", "arctan": "atanf", "sinh": "sinhf", "cosh": "coshf", "tanh": "tanhf",
        "asinh": "asinhf", "arcsinh": "asinhf", "acosh": "acoshf", "arccosh": "acoshf", "atanh": "atanhf",
        "arctanh": "atanhf", "erf": "erff", "erfc": "erfcf", "sqrt": "sqrtf", "cbrt": "cbrtf", "abs": "fabsf",
        "absolute": "fabsf", "fabs": "fabsf", "floor": "floorf", "ceil": "ceilf", "trunc": "truncf", "fix": "truncf",
        "rint": "rintf", "sign": "sign", "sgn": "sign", "sigmoid": "sigmoid", "expit": "sigmoid",
        "logistic": "sigmoid", "sinc": "sinc", "trainable": "trainable", "exponential": "expf",
    ]

    /// Of two arguments.
    private static let pairs: [String: String] = [
        "maximum": "fmaxf", "fmax": "fmaxf", "minimum": "fminf", "fmin": "fminf", "atan2": "atan2f",
        "arctan2": "atan2f", "hypot": "hypotf", "fmod": "fmodf", "copysign": "copysignf", "rem": "fmodf",
        "truncatemod": "fmodf",
    ]

    private static let signs: [String: BinaryOperator] = [
        "add": .add, "subtract": .subtract, "sub": .subtract, "multiply": .multiply, "mul": .multiply,
        "divide": .divide, "true_divide": .divide, "truediv": .divide, "div": .divide,
    ]

    mutating func arithmetic(_ translator: inout PythonTranslator) throws(PythonProblem) -> Expression? {
        if let spelling = Self.unary[name] { return call(spelling, try x(&translator)) }
        if let spelling = Self.pairs[name] {
            let left = try x(&translator)
            return call(spelling, left, try need(1, "y", "x2", "other", in: &translator))
        }
        if let op = Self.signs[name] { return try operation(op, &translator) }
        if Self.training.contains(name) { return try trained(&translator) }
        switch name {
        case "log":
            let argument = try x(&translator)
            guard library == .python, let base = arguments.take(1) else { return call("logf", argument) }
            return binary(.divide, call("logf", argument), call("logf", try translator.realValue(base)))
        case "round":
            let argument = try x(&translator)
            guard let node = arguments.takeGiven(1, "decimals", "ndigits") else { return call("rintf", argument) }
            guard case .number(let places, true)? = translator.known.literal(node)?.kind, abs(places) <= 6 else {
                throw problem("the decimals have to be a whole number up to 6", at: node.position)
            }
            var factor = 1.0
            for _ in 0..<Int(abs(places)) { factor *= 10 }
            let (up, down): (BinaryOperator, BinaryOperator) = places < 0 ? (.divide, .multiply) : (.multiply, .divide)
            return binary(down, call("rintf", binary(up, argument, real(factor))), real(factor))
        case "power", "pow", "float_power", "integer_pow":
            let base = try x(&translator)
            return Expression(PythonTranslator.power(base, try need(1, "y", "x2", "exponent", in: &translator)))
        // Only math's is that of IEEE 754.
        case "remainder" where library == .python:
            let left = try x(&translator)
            return call("remainderf", left, try need(1, in: &translator))
        case "mod", "remainder", "floormod":
            let left = try x(&translator)
            return Expression(
                PythonTranslator.modulo(left, try need(1, "y", "x2", "other", in: &translator)))
        case "floor_divide", "floordiv":
            let left = try x(&translator)
            return call("floorf", binary(.divide, left, try need(1, "y", "x2", "other", in: &translator)))
        case "clip", "clamp", "clip_by_value", "hardtanh", "hard_tanh": return try bounded(&translator)
        case "clamp_min", "clamp_max":
            let argument = try x(&translator)
            return call(name == "clamp_min" ? "fmaxf" : "fminf", argument, try need(1, "min", "max", in: &translator))
        case "square":
            let argument = try x(&translator)
            return binary(.multiply, argument, argument)
        case "rsqrt": return binary(.divide, real(1), call("sqrtf", try x(&translator)))
        case "reciprocal": return binary(.divide, real(1), try x(&translator))
        case "negative", "neg": return minus(try x(&translator))
        case "deg2rad", "radians": return binary(.multiply, try x(&translator), real(.pi / 180))
        case "rad2deg", "degrees": return binary(.multiply, try x(&translator), real(180 / .pi))
        case "zeros_like", "zeros", "ones_like", "ones":
            // Of any shape.
            _ = arguments.takeAll()
            arguments.dropOptions("size", "shape", "a", "input")
            return real(name.hasPrefix("zeros") ? 0 : 1)
        case "full", "full_like":
            _ = arguments.take(0, "size", "shape", "a", "input", "x")
            return try need(1, "fill_value", in: &translator)
        case "lerp":
            let (a, b) = (try x(&translator), try need(1, "end", in: &translator))
            return binary(.add, a, binary(.multiply, try need(2, "weight", in: &translator), binary(.subtract, b, a)))
        case "addcmul", "addcdiv":
            let (start, a) = (try x(&translator), try need(1, "tensor1", in: &translator))
            let b = try need(2, "tensor2", in: &translator)
            var product = binary(name == "addcmul" ? .multiply : .divide, a, b)
            if let value = arguments.take(nil, "value") {
                product = binary(.multiply, try translator.realValue(value), product)
            }
            return binary(.add, start, product)
        case "xlogy":
            let (a, b) = (try x(&translator), try need(1, "y", "other", in: &translator))
            return choice(binary(.equal, a, real(0)), real(0), binary(.multiply, a, call("logf", b)))
        case "logaddexp":
            let a = try x(&translator)
            let b = try need(1, "y", "x2", "other", in: &translator)
            let distance = call("fabsf", binary(.subtract, a, b))
            return binary(.add, call("fmaxf", a, b), call("log1pf", call("expf", minus(distance))))
        case "heaviside":
            let argument = try x(&translator)
            let atZero = try need(1, "x2", "values", in: &translator)
            return choice(
                binary(.less, argument, real(0)), real(0),
                choice(binary(.greater, argument, real(0)), real(1), atZero))
        // Of the normal distribution.
        case "cdf" where path.hasSuffix("norm.cdf"), "ndtr":
            let scaled = binary(.multiply, try x(&translator), real(0.7071067811865476))
            return binary(.multiply, real(0.5), binary(.add, real(1), call("erff", scaled)))
        case "pdf" where path.hasSuffix("norm.pdf"):
            let argument = try x(&translator)
            let square = binary(.multiply, argument, argument)
            return binary(.multiply, real(0.3989422804014327), call("expf", binary(.multiply, real(-0.5), square)))
        default: return nil
        }
    }

    mutating func x(_ translator: inout PythonTranslator) throws(PythonProblem) -> Expression {
        try need(0, "x", "x1", "a", "input", "inputs", "features", "tensor", "arr", in: &translator)
    }

    /// torch.add(x, y, alpha=3), torch.div(x, y, rounding_mode="floor").
    private mutating func operation(
        _ op: BinaryOperator, _ translator: inout PythonTranslator
    ) throws(PythonProblem) -> Expression {
        let left = try x(&translator)
        var right = try need(1, "y", "x2", "other", in: &translator)
        if op == .add || op == .subtract, let factor = arguments.takeGiven(nil, "alpha") {
            right = binary(.multiply, try translator.realValue(factor), right)
        }
        let result = binary(op, left, right)
        guard op == .divide, let node = arguments.takeGiven(nil, "rounding_mode") else { return result }
        guard case .text(let mode)? = translator.known.literal(node)?.kind, mode == "floor" || mode == "trunc" else {
            throw problem("the rounding has to be 'floor' or 'trunc'", at: node.position)
        }
        return call(mode + "f", result)
    }

    private mutating func bounded(_ translator: inout PythonTranslator) throws(PythonProblem) -> Expression {
        let isHard = name.hasPrefix("hard")
        var result = try need(0, "x", "input", "a", "arr", "t", in: &translator)
        if let low = arguments.takeGiven(1, "min", "a_min", "min_val", "clip_value_min", "x_min", "xmin") {
            result = call("fmaxf", result, try translator.realValue(low))
        } else if isHard {
            result = call("fmaxf", result, real(-1))
        }
        if let high = arguments.takeGiven(2, "max", "a_max", "max_val", "clip_value_max", "x_max", "xmax") {
            result = call("fminf", result, try translator.realValue(high))
        } else if isHard {
            result = call("fminf", result, real(1))
        }
        if name == "hardtanh" { takeInPlace(3) }
        return result
    }

    /// Whether the result is kept in the argument: PythonSimplifier looks at it.
    mutating func takeInPlace(_ place: Int) {
        if library == .torch, let node = arguments.peek(place), node.isName("True") || node.isName("False") {
            _ = arguments.take(place)
        }
    }
}
