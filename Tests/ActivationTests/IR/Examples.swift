import ActivationIR

/// Activations of the literature, written by hand as programs.
enum Examples {
    /// The program of `build`, which gets the pre-activation.
    static func program(_ build: (inout ProgramBuilder, ValueID) -> ValueID) -> Program {
        var builder = ProgramBuilder()
        let x = builder.input()
        let y = build(&builder, x)
        return builder.finish(outputs: [y])
    }

    static let identity = program { _, x in x }

    static let relu = program { b, x in b.select(b.less(b.real(0), x), x, b.real(0)) }

    static let leakyReLU = program { b, x in b.select(b.lessEqual(b.real(0), x), x, b.times(b.real(0.01), x)) }

    static let elu = program { b, x in
        b.select(b.less(b.real(0), x), x, b.minus(b.exp(x), b.real(1)))
    }

    static let gelu = program { b, x in geluValue(&b, x) }

    static let silu = program { b, x in b.times(x, b.unary(.sigmoid, x)) }

    /// x / (1 + exp(−x)).
    static let siluByDivision = program { b, x in
        b.over(x, b.plus(b.real(1), b.exp(b.unary(.negate, x))))
    }

    /// x · 0.5 · (1 + tanh(x / 2)).
    static let siluByTanh = program { b, x in
        b.times(b.times(x, b.real(0.5)), b.plus(b.real(1), b.unary(.tanh, b.over(x, b.real(2)))))
    }

    /// x · exp(x) / (exp(x) + 1).
    static let siluByExp = program { b, x in
        b.times(x, b.over(b.exp(x), b.plus(b.exp(x), b.real(1))))
    }

    static let mish = program { b, x in b.times(x, b.unary(.tanh, b.unary(.softplus, x))) }

    /// gelu(x) + 0.1·sin(x).
    static let geluSine = program { b, x in
        b.plus(geluValue(&b, x), b.times(b.real(0.1), b.unary(.sin, x)))
    }

    /// gelu(x)·(1 + 0.5·sinc(x)), sinc(x) = sin(πx)/(πx).
    static let geluSinc = program { b, x in
        let scaled = b.times(b.real(.pi), x)
        return b.times(geluValue(&b, x), b.plus(b.real(1), b.times(b.real(0.5), sincValue(&b, scaled))))
    }

    /// tanh(1.5x)·exp(−0.2x²) + 0.1x.
    static let gmtu = program { b, x in
        let bell = b.exp(b.times(b.real(-0.2), b.times(x, x)))
        return b.plus(b.times(b.unary(.tanh, b.times(b.real(1.5), x)), bell), b.times(b.real(0.1), x))
    }

    /// x + sin²(ax)/a with a trainable a.
    static let snake = program { b, x in
        let a = b.trainable(name: "a", initial: 1)
        let wave = b.unary(.sin, b.times(a, x))
        return b.plus(x, b.over(b.times(wave, wave), a))
    }

    static let snakeByPower = program { b, x in
        let a = b.trainable(name: "alpha", initial: 1)
        return b.plus(b.over(b.binary(.pow, b.unary(.sin, b.times(x, a)), b.real(2)), a), x)
    }

    /// x == 0 ? 1 : sin(x)/x.
    static let maskedSinc = program { b, x in sincValue(&b, x) }

    static let softplus = program { b, x in b.unary(.softplus, x) }

    /// x·tanh(exp(x)).
    static let tanhExp = program { b, x in b.times(x, b.unary(.tanh, b.exp(x))) }

    static let softsign = program { b, x in b.over(x, b.plus(b.real(1), b.unary(.absolute, x))) }

    static let squaredReLU = program { b, x in
        let rectified = b.binary(.maximum, x, b.real(0))
        return b.times(rectified, rectified)
    }

    /// x·cos(x).
    static let growingCosine = program { b, x in b.times(x, b.unary(.cos, x)) }

    static let all: [(name: String, program: Program)] = [
        ("identity", identity), ("relu", relu), ("leakyReLU", leakyReLU), ("elu", elu), ("gelu", gelu), ("silu", silu),
        ("mish", mish), ("geluSine", geluSine), ("geluSinc", geluSinc), ("gmtu", gmtu), ("snake", snake),
        ("maskedSinc", maskedSinc), ("softplus", softplus), ("tanhExp", tanhExp), ("softsign", softsign),
        ("squaredReLU", squaredReLU), ("growingCosine", growingCosine),
    ]

    private static func geluValue(_ b: inout ProgramBuilder, _ x: ValueID) -> ValueID {
        let gate = b.plus(b.real(1), b.unary(.erf, b.times(x, b.real(0.70710678))))
        return b.times(b.times(b.real(0.5), x), gate)
    }

    private static func sincValue(_ b: inout ProgramBuilder, _ x: ValueID) -> ValueID {
        b.select(b.binary(.equal, x, b.real(0)), b.real(1), b.over(b.unary(.sin, x), x))
    }
}

/// Short names, so that programs in tests read as formulas. They take the builder's results as plain arguments.
extension ProgramBuilder {
    mutating func real(_ value: Double) -> ValueID { constant(value) }
    mutating func plus(_ a: ValueID, _ b: ValueID) -> ValueID { binary(.add, a, b) }
    mutating func minus(_ a: ValueID, _ b: ValueID) -> ValueID { binary(.subtract, a, b) }
    mutating func times(_ a: ValueID, _ b: ValueID) -> ValueID { binary(.multiply, a, b) }
    mutating func over(_ a: ValueID, _ b: ValueID) -> ValueID { binary(.divide, a, b) }
    mutating func exp(_ a: ValueID) -> ValueID { unary(.exp, a) }
    mutating func less(_ a: ValueID, _ b: ValueID) -> ValueID { binary(.less, a, b) }
    mutating func lessEqual(_ a: ValueID, _ b: ValueID) -> ValueID { binary(.lessEqual, a, b) }
}
