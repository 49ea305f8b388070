import Foundation

extension OperatorTable {
    /// Hyperbolic functions and their inverses.
    static let hyperbolicRows: [OperatorInfo] = [
        .unary(
            .sinh, cost: .transcendental(120), spelling: .mathFunction("sinhf"), edges: [0, 1, -1, 10],
            value: { Foundation.sinh($0) },
            derivative: { builder, operands, _ in [builder.unary(.cosh, operands[0])] }),
        .unary(
            .cosh, cost: .transcendental(25), spelling: .mathFunction("coshf"), edges: [0, 1, -1, 10],
            value: { Foundation.cosh($0) },
            derivative: { builder, operands, _ in [builder.unary(.sinh, operands[0])] }),
        .unary(
            .tanh, cost: .transcendental(35), spelling: .mathFunction("tanhf"), edges: [0, 1, -1, 5, -40],
            value: { Foundation.tanh($0) },
            derivative: { builder, _, result in
                [builder.binary(.subtract, builder.constant(1), builder.squared(result))]
            }),
        .unary(
            .asinh, cost: .transcendental(60), spelling: .mathFunction("asinhf"), edges: [0, 1, -1, 1e4],
            value: { Foundation.asinh($0) },
            derivative: { builder, operands, _ in
                let radicand = builder.shifted(builder.squared(operands[0]), by: 1)
                return [builder.quotient(1, builder.unary(.squareRoot, radicand))]
            }),
        .unary(
            .acosh, cost: .transcendental(70), spelling: .mathFunction("acoshf"), domain: "a ≥ 1",
            edges: [1.01, 2, 1e4],
            value: { Foundation.acosh($0) },
            derivative: { builder, operands, _ in
                // Two roots: one root of a² − 1 would also be real below −1, where the function is not.
                let below = builder.unary(.squareRoot, builder.shifted(operands[0], by: -1))
                let above = builder.unary(.squareRoot, builder.shifted(operands[0], by: 1))
                return [builder.quotient(1, builder.binary(.multiply, below, above))]
            }),
        .unary(
            .atanh, cost: .transcendental(40), spelling: .mathFunction("atanhf"), domain: "−1 < a < 1",
            edges: [0, 0.5, -0.5, 0.99],
            value: { Foundation.atanh($0) },
            derivative: { builder, operands, _ in [builder.quotient(1, oneLessSquare(&builder, operands[0]))] }),
    ]
}
