import ActivationIR

extension Examples {
    /// Further functions of the literature, and shapes that models like to propose.
    static let more: [(name: String, program: Program)] = [
        ("tanh", program { b, x in b.unary(.tanh, x) }),
        ("sigmoid", program { b, x in b.unary(.sigmoid, x) }),
        ("siren", program { b, x in b.unary(.sin, b.times(b.real(30), x)) }),
        ("hardTanh", program { b, x in b.binary(.minimum, b.real(1), b.binary(.maximum, b.real(-1), x)) }),
        (
            "hardSwish",
            program { b, x in
                let ramp = b.binary(.maximum, b.real(0), b.plus(x, b.real(3)))
                return b.over(b.times(x, b.binary(.minimum, b.real(6), ramp)), b.real(6))
            }
        ),
        (
            "selu",
            program { b, x in
                let negative = b.times(b.real(1.7580993), b.unary(.expm1, x))
                return b.select(b.less(b.real(0), x), b.times(b.real(1.0507010), x), negative)
            }
        ),
        (
            "celu",
            program { b, x in
                b.plus(b.binary(.maximum, x, b.real(0)), b.unary(.expm1, b.binary(.minimum, x, b.real(0))))
            }
        ),
        ("lisht", program { b, x in b.times(x, b.unary(.tanh, x)) }),
        (
            "squareplus",
            program { b, x in
                b.times(b.real(0.5), b.plus(x, b.unary(.squareRoot, b.plus(b.times(x, x), b.real(4)))))
            }
        ),
        (
            "isrlu",
            program { b, x in
                let root = b.unary(.squareRoot, b.plus(b.real(1), b.times(x, x)))
                return b.select(b.lessEqual(b.real(0), x), x, b.over(x, root))
            }
        ),
        ("arctangent", program { b, x in b.unary(.atan, x) }),
        ("gaussian", program { b, x in b.exp(b.unary(.negate, b.times(x, x))) }),
        (
            "symlog",
            program { b, x in
                b.binary(.copySign, b.unary(.log1p, b.times(b.real(0.5), b.unary(.absolute, x))), x)
            }
        ),
        ("cosine minus x", program { b, x in b.minus(b.unary(.cos, x), x) }),
        ("max(x, σ(x))", program { b, x in b.binary(.maximum, x, b.unary(.sigmoid, x)) }),
        ("min(x, sin x)", program { b, x in b.binary(.minimum, x, b.unary(.sin, x)) }),
        ("atan² − x", program { b, x in b.minus(b.binary(.pow, b.unary(.atan, x), b.real(2)), x) }),
        ("x·asinh²", program { b, x in b.times(x, b.binary(.pow, b.unary(.asinh, x), b.real(2))) }),
        (
            "safe Padé",
            program { b, x in
                let size = b.unary(.absolute, x)
                let numerator = b.plus(b.real(0.1), b.plus(x, b.times(b.real(0.5), b.times(x, x))))
                return b.over(numerator, b.plus(b.real(1), b.times(b.real(0.3), size)))
            }
        ),
        (
            "gelu by tanh",
            program { b, x in
                let cube = b.times(b.real(0.044715), b.binary(.pow, x, b.real(3)))
                let inner = b.times(b.real(0.79788456), b.plus(x, cube))
                return b.times(b.times(b.real(0.5), x), b.plus(b.real(1), b.unary(.tanh, inner)))
            }
        ),
        (
            "swish with β",
            program { b, x in
                b.times(x, b.unary(.sigmoid, b.times(b.trainable(name: "beta", initial: 1.2), x)))
            }
        ),
        (
            "PReLU",
            program { b, x in
                let slope = b.trainable(name: "slope", initial: 0.25)
                return b.select(b.less(x, b.real(0)), b.times(slope, x), x)
            }
        ),
        (
            "damped ripple with three trainables",
            program { b, x in
                let a = b.trainable(name: "a", initial: 0.3)
                let k = b.trainable(name: "k", initial: 2)
                let w = b.trainable(name: "w", initial: 0.7)
                let decay = b.exp(b.unary(.negate, b.times(b.times(w, x), x)))
                return b.plus(x, b.times(a, b.times(decay, b.unary(.sin, b.times(k, x)))))
            }
        ),
        ("|x|^1.5", program { b, x in b.binary(.pow, b.unary(.absolute, x), b.real(1.5)) }),
        ("erfc gate", program { b, x in b.times(x, b.unary(.erfc, b.unary(.negate, x))) }),
    ]
}
