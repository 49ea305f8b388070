import ActivationParser

/// Activation functions, by the names of torch.nn.functional, jax.nn, tf.nn and Keras.
extension PythonCall {
    mutating func activation(_ translator: inout PythonTranslator) throws(PythonProblem) -> Expression? {
        guard Self.names.contains(name) || name == "linear" && library == .keras && !isLayer else { return nil }
        let x = try x(&translator)
        let isPositive = binary(.greater, x, real(0))
        func scaled(_ slope: Expression) -> Expression { choice(isPositive, x, binary(.multiply, slope, x)) }
        switch name {
        case "relu": return try relu(x, &translator)
        case "relu6":
            takeInPlace(1)
            return call("fminf", call("relu", x), real(6))
        case "silu", "swish":
            takeInPlace(1)
            guard library == .tensorflow, let beta = arguments.takeGiven(1, "beta") else { return call("silu", x) }
            return binary(.multiply, x, call("sigmoid", binary(.multiply, try translator.realValue(beta), x)))
        case "gelu": return call(try isApproximate(translator) ? "gelu_tanh" : "gelu", x)
        case "softplus": return try softplus(x, &translator)
        case "elu":
            let alpha = try number(1, "alpha", or: 1, in: &translator)
            takeInPlace(2)
            return choice(isPositive, x, binary(.multiply, alpha, call("expm1f", x)))
        case "celu":
            let alpha = try number(1, "alpha", or: 1, in: &translator)
            takeInPlace(2)
            return choice(isPositive, x, binary(.multiply, alpha, call("expm1f", binary(.divide, x, alpha))))
        case "selu":
            takeInPlace(1)
            let negative = binary(.multiply, real(1.6732632423543772), call("expm1f", x))
            return binary(.multiply, real(1.0507009873554805), choice(isPositive, x, negative))
        case "leaky_relu", "leakyrelu":
            let standard: Double =
                switch library {
                case .tensorflow: 0.2
                case .keras: isLayer ? 0.3 : 0.2
                default: 0.01
                }
            let slope = try number(1, "negative_slope", "alpha", or: standard, in: &translator)
            takeInPlace(2)
            return scaled(slope)
        case "rrelu":
            guard arguments.take(3, "training").map({ translator.known.truth($0) == false }) ?? !isLayer else {
                throw problem("'\(shown)' is random; a function has one value for each x")
            }
            let low = try number(1, "lower", or: 1.0 / 8, in: &translator)
            let high = try number(2, "upper", or: 1.0 / 3, in: &translator)
            return scaled(binary(.divide, binary(.add, low, high), real(2)))
        case "prelu":
            guard isLayer else { return scaled(try need(1, "weight", in: &translator)) }
            _ = library == .torch ? arguments.take(1, "num_parameters") : nil
            let start = try number(
                library == .torch ? 2 : nil, "init", "negative_slope_init",
                or: library == .torch ? 0.25 : library == .keras ? 0 : 0.01, in: &translator)
            return scaled(call("trainable", start))
        case "mish":
            takeInPlace(1)
            return binary(.multiply, x, call("tanhf", call("softplus", x)))
        case "hardsigmoid", "hard_sigmoid":
            takeInPlace(1)
            return hardSigmoid(x)
        case "hardswish", "hard_swish", "hard_silu":
            takeInPlace(1)
            return binary(.multiply, x, hardSigmoid(x))
        case "logsigmoid", "log_sigmoid": return minus(call("softplus", minus(x)))
        case "softsign", "soft_sign": return binary(.divide, x, binary(.add, real(1), call("fabsf", x)))
        case "tanhshrink", "tanh_shrink": return binary(.subtract, x, call("tanhf", x))
        case "hardshrink", "hard_shrink":
            let bound = try number(1, "lambd", "threshold", or: 0.5, in: &translator)
            return choice(binary(.greater, call("fabsf", x), bound), x, real(0))
        case "softshrink", "soft_shrink":
            let bound = try number(1, "lambd", "threshold", or: 0.5, in: &translator)
            return binary(
                .subtract, call("relu", binary(.subtract, x, bound)), call("relu", binary(.subtract, minus(x), bound)))
        case "threshold":
            let bound = try need(1, "threshold", in: &translator)
            let value = try need(2, "value", "default_value", in: &translator)
            takeInPlace(3)
            return choice(binary(.greater, x, bound), x, value)
        case "squareplus":
            let b = try number(1, "b", or: 4, in: &translator)
            let root = call("sqrtf", binary(.add, binary(.multiply, x, x), b))
            return binary(.divide, binary(.add, x, root), real(2))
        case "sparse_plus":
            let above = binary(.add, x, real(1))
            let middle = binary(.divide, binary(.multiply, above, above), real(4))
            return choice(
                binary(.lessEqual, x, real(-1)), real(0), choice(binary(.less, x, real(1)), middle, x))
        case "sparse_sigmoid":
            return call("clamp", binary(.divide, binary(.add, x, real(1)), real(2)), real(0), real(1))
        case "dropout", "alpha_dropout":
            // In evaluation it does nothing: refusal() has looked.
            _ = arguments.takeAll()
            arguments.dropOptions("p", "training", "rate")
            return x
        // Keras's linear.
        default: return x
        }
    }

    private static let names: Set<String> = [
        "relu", "relu6", "silu", "swish", "gelu", "softplus", "elu", "celu", "selu", "leaky_relu", "leakyrelu",
        "rrelu", "prelu", "mish", "hardsigmoid", "hard_sigmoid", "hardswish", "hard_swish", "hard_silu", "logsigmoid",
        "log_sigmoid", "softsign", "soft_sign", "tanhshrink", "tanh_shrink", "hardshrink", "hard_shrink", "softshrink",
        "soft_shrink", "threshold", "squareplus", "sparse_plus", "sparse_sigmoid", "dropout", "alpha_dropout",
    ]

    /// Keras's has a slope, a top and a threshold.
    private mutating func relu(
        _ x: Expression, _ translator: inout PythonTranslator
    ) throws(PythonProblem) -> Expression {
        guard library == .keras else {
            takeInPlace(1)
            return call("relu", x)
        }
        // The layer and the function have them in different orders.
        let slope = try number(isLayer ? 2 : 1, "negative_slope", "alpha", or: 0, in: &translator)
        let top = arguments.takeGiven(isLayer ? 1 : 2, "max_value")
        let bound = try number(3, "threshold", or: 0, in: &translator)
        let isPlain = [slope, bound].allSatisfy { if case .real(0) = $0.kind { true } else { false } }
        var result = call("relu", x)
        if !isPlain {
            let negative = binary(.multiply, slope, binary(.subtract, x, bound))
            result = choice(binary(.greater, x, bound), x, negative)
        }
        guard let top else { return result }
        return call("fminf", result, try translator.realValue(top))
    }

    private mutating func isApproximate(_ translator: PythonTranslator) throws(PythonProblem) -> Bool {
        // Of all libraries, JAX's alone approximates unless told otherwise.
        guard let node = arguments.takeGiven(1, "approximate") else { return library == .jax }
        switch translator.known.literal(node)?.kind {
        case .text("tanh"), .name("True"): return true
        case .text("none"), .name("False"): return false
        default: throw problem("whether this is the tanh form has to be written out", at: node.position)
        }
    }

    /// PyTorch's is x above a threshold; without one, it is far enough.
    private mutating func softplus(
        _ x: Expression, _ translator: inout PythonTranslator
    ) throws(PythonProblem) -> Expression {
        guard library == .torch else { return call("softplus", x) }
        let beta = try number(1, "beta", or: 1, in: &translator)
        let isOne = if case .real(1) = beta.kind { true } else { false }
        let scaled = isOne ? x : binary(.multiply, beta, x)
        let smooth = isOne ? call("softplus", x) : binary(.divide, call("softplus", scaled), beta)
        let bound = try number(2, "threshold", or: 20, in: &translator)
        if case .real(20) = bound.kind { return smooth }
        return choice(binary(.greater, scaled, bound), x, smooth)
    }

    private func hardSigmoid(_ x: Expression) -> Expression {
        call("clamp", binary(.add, binary(.divide, x, real(6)), real(0.5)), real(0), real(1))
    }
}
