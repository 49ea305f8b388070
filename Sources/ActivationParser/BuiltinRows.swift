import ActivationIR

extension Builtin {
    /// A function that is one operator.
    fileprivate static func unary(_ name: String, _ op: Operator, tame: Bool = false, as proposals: String...)
        -> Builtin
    {
        Builtin(name: name, arity: 1, isTame: tame, proposals: proposals) { $0.apply(op, $1[0]) }
    }

    fileprivate static func binary(_ name: String, _ op: Operator, as proposals: String...) -> Builtin {
        Builtin(name: name, arity: 2, proposals: proposals) { $0.apply(op, $1[0], $1[1]) }
    }

    fileprivate static func predicate(_ name: String, _ lower: @escaping Lowering) -> Builtin {
        Builtin(name: name, arity: 1, result: .bool, lower: lower)
    }

    fileprivate static func idiom(
        _ name: String, arity: Int = 1, tame: Bool = true, as proposals: String..., lower: @escaping Lowering
    ) -> Builtin {
        Builtin(name: name, arity: arity, origin: .idiom, isTame: tame, proposals: proposals, lower: lower)
    }
}

extension BuiltinTable {
    static let arithmetic: [Builtin] = [
        .unary("fabs", .absolute, tame: true),
        Builtin(name: "abs", arity: 1, result: .int) { $0.apply(.absolute, $1[0]) },
        .binary("fmax", .maximum), .binary("fmin", .minimum),
        .binary("copysign", .copySign, as: "@(log1pf(fabsf(#)), #)"),
        .binary("hypot", .hypot, as: "@(#, $)"), .binary("pow", .pow, as: "@(1.0f + # * #, %)"),
        .binary("fmod", .remainder, as: "@(#, $)"),
        Builtin(name: "fdim", arity: 2, proposals: ["@(#, $)"]) { build, a in
            // In this order a NaN among the operands goes on.
            let difference = build.subtract(a[0], a[1])
            return build.select(build.lessEqual(a[0], a[1]), .constant(0), difference)
        },
        Builtin(name: "fma", arity: 3) { $0.apply(.fusedMultiplyAdd, $1[0], $1[1], $1[2]) },
        Builtin(name: "remainder", arity: 2, proposals: ["@(#, $)"]) { build, a in
            let quotient = build.apply(.roundEven, build.divide(a[0], a[1]))
            return build.subtract(a[0], build.multiply(quotient, a[1]))
        },
        Builtin(name: "ldexp", arity: 2) { $0.multiply($1[0], $0.apply(.exp2, $1[1])) },
        .unary("sqrt", .squareRoot, as: "@(1.0f + # * #)"), .unary("cbrt", .cubeRoot, as: "@(1.0f + # * #)"),
    ]

    static let rounding: [Builtin] = [
        .unary("floor", .floor, as: "(# - @(#))"), .unary("ceil", .ceiling, as: "(@($ * #) - $ * #)"),
        .unary("trunc", .truncate),
        .unary("rint", .roundEven), .unary("nearbyint", .roundEven),
        Builtin(name: "round", arity: 1) { halfAwayFromZero(&$0, $1[0]) },
        Builtin(name: "lround", arity: 1, result: .int) { halfAwayFromZero(&$0, $1[0]) },
        Builtin(name: "lrint", arity: 1, result: .int) { $0.apply(.roundEven, $1[0]) },
    ]

    /// To the nearest whole number, ties away from zero.
    private static func halfAwayFromZero(_ build: inout FoldingBuilder, _ a: Operand) -> Operand {
        // Not trunc(a + 0.5): the sum rounds, and 0.49999997f would become 1.
        let whole = build.apply(.truncate, a)
        let fraction = build.apply(.absolute, build.subtract(a, whole))
        let away = build.add(whole, build.apply(.copySign, .constant(1), a))
        return build.select(build.less(fraction, .constant(0.5)), whole, away)
    }

    static let exponential: [Builtin] = [
        .unary("exp", .exp, as: "@(-$ * # * #)", "@(-fabsf(#))"), .unary("exp2", .exp2, as: "@(-$ * fabsf(#))"),
        .unary("expm1", .expm1, as: "@(fminf(#, 0.0f))"),
        .unary("log", .log, as: "@(1.0f + # * #)"), .unary("log2", .log2, as: "@($ + # * #)"),
        .unary("log10", .log10, as: "@($ + # * #)"), .unary("log1p", .log1p, as: "@(fabsf(#))"),
        Builtin(name: "logb", arity: 1) { $0.apply(.floor, $0.apply(.log2, $0.apply(.absolute, $1[0]))) },
        .unary("erf", .erf, tame: true), .unary("erfc", .erfc, tame: true),
    ]

    static let trigonometric: [Builtin] = [
        .unary("sin", .sin, tame: true), .unary("cos", .cos, tame: true), .unary("tan", .tan, as: "@(% * sinf(#))"),
        .unary("asin", .asin, as: "@(% * sinf(#))"), .unary("acos", .acos, as: "@(% * cosf(#))"),
        .unary("atan", .atan, tame: true), .binary("atan2", .atan2, as: "@(#, $)"),
        .unary("sinh", .sinh, as: "@(clamp(#, -$, $))"), .unary("cosh", .cosh, as: "@(clamp(#, -$, $))"),
        .unary("tanh", .tanh, tame: true),
        .unary("asinh", .asinh, tame: true), .unary("acosh", .acosh, as: "@(1.5f + # * #)"),
        .unary("atanh", .atanh, as: "@(% * tanhf(#))"),
    ]

    static let predicates: [Builtin] = [
        .predicate("isnan") { $0.not($0.equal($1[0], $1[0])) },
        .predicate("isinf") { $0.equal($0.apply(.absolute, $1[0]), .constant(.infinity)) },
        .predicate("isfinite") { $0.less($0.apply(.absolute, $1[0]), .constant(.infinity)) },
        .predicate("signbit") { $0.less($0.apply(.copySign, .constant(1), $1[0]), .constant(0)) },
    ]
}

extension BuiltinTable {
    /// Names are those of the operators. The places of `unit_shift` are a constant, which `Lowering` has checked.
    static let layer: [Builtin] = [
        layer(.unitShift, arity: 2, as: "@(#, 1)", "@(#, -1)", "(# - % * @(#, 1))", "(# * @(#, 2))"),
        layer(.batchMean, as: "(# - @(#))", "@(#)"), layer(.batchMax, as: "(# - @(#))", "@(fabsf(#))"),
        layer(.batchSum, as: "(# / (1.0f + @(fabsf(#))))"),
        layer(.unitMean, as: "(# - @(#))", "@(#)"), layer(.unitMax, as: "(# - @(#))", "@(fabsf(#))"),
        layer(.unitSum, as: "(expf(-fabsf(#)) / (1.0f + @(expf(-fabsf(#)))))", "(# / (1.0f + @(fabsf(#))))"),
        layer(.tensorMean, as: "(# - @(#))", "(# / sqrtf($ + @(# * #)))"),
        layer(.tensorMax, as: "(# / (1.0f + @(fabsf(#))))"), layer(.tensorSum, as: "(# / (1.0f + @(fabsf(#))))"),
        layer(.unitIndex, arity: 0, as: "sinf(# + $ * @())", "cosf(# * (1.0f + % * @()))"),
        layer(.unitCount, arity: 0, as: "(# * unit_index() / @())"),
    ]

    private static func layer(_ op: Operator, arity: Int = 1, as proposals: String...) -> Builtin {
        Builtin(name: op.name, arity: arity, origin: .layer, proposals: proposals) {
            let places = op == .unitShift ? $1[1].constant ?? 0 : 0
            return $0.layer(op, op == .unitShift ? [$1[0]] : $1, places: places)
        }
    }
}

extension BuiltinTable {
    static let idioms: [Builtin] = [
        .idiom("relu") { $0.apply(.maximum, $1[0], .constant(0)) },
        .idiom("sigmoid") { $0.apply(.sigmoid, $1[0]) },
        .idiom("softplus") { $0.apply(.softplus, $1[0]) },
        // x·Φ(x), exact (Hendrycks and Gimpel 2016).
        .idiom("gelu") { build, a in
            let tail = build.apply(.erf, build.multiply(0.5.squareRoot(), a[0]))
            return build.multiply(build.multiply(0.5, a[0]), build.add(1, tail))
        },
        // The tanh approximation of the same paper.
        .idiom("gelu_tanh") { build, a in
            let square = build.multiply(a[0], a[0])
            let inner = build.multiply(a[0], build.add(1, build.multiply(0.044715, square)))
            let gate = build.apply(.tanh, build.multiply((2 / Double.pi).squareRoot(), inner))
            return build.multiply(build.multiply(0.5, a[0]), build.add(1, gate))
        },
        .idiom("silu") { $0.multiply($1[0], $0.apply(.sigmoid, $1[0])) },
        // Normalised: sin(πx)/(πx), 1 at 0.
        .idiom("sinc") { build, a in
            let angle = build.multiply(Double.pi, a[0])
            let ratio = build.divide(build.apply(.sin, angle), angle)
            // The slope divides by the angle twice, which overflows near 0 and is inexact before: there the series, whose
            // next term is below 2e-10.
            let square = build.multiply(angle, angle)
            let tail = build.subtract(.constant(1.0 / 6), build.multiply(1.0 / 120, square))
            let series = build.subtract(.constant(1), build.multiply(square, tail))
            return build.select(build.less(build.apply(.absolute, angle), .constant(0.1)), series, ratio)
        },
        .idiom("sign", tame: false, as: "(@(#) * log1pf($ * fabsf(#)))") { build, a in
            let below = build.select(build.less(a[0], .constant(0)), .constant(-1), .constant(0))
            return build.select(build.less(.constant(0), a[0]), .constant(1), below)
        },
        // Heaviside's, 1 at 0.
        .idiom("step", tame: false, as: "(@(#) * (1.0f - expf(-fabsf(#))))") { build, a in
            build.select(build.lessEqual(.constant(0), a[0]), .constant(1), .constant(0))
        },
        .idiom("clamp", arity: 3, as: "@(#, -$, $)") { build, a in
            build.apply(.minimum, build.apply(.maximum, a[0], a[1]), a[2])
        },
    ]
}
