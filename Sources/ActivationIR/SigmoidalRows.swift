import Foundation

extension OperatorTable {
    /// The error function and the logistic family.
    static let sigmoidalRows: [OperatorInfo] = [
        .unary(
            .erf, cost: .transcendental(30), spelling: .helper("evt_erf"), edges: [0, 1, -1, 3, -7],
            value: { Foundation.erf($0) },
            derivative: { builder, operands, _ in [gaussian(&builder, operands[0], height: 2 / Double.pi.squareRoot())]
            }),
        .unary(
            .erfc, cost: .transcendental(105), spelling: .mathFunction("erfcf"), edges: [0, 1, -1, 3, -7],
            value: { Foundation.erfc($0) },
            derivative: { builder, operands, _ in [gaussian(&builder, operands[0], height: -2 / Double.pi.squareRoot())]
            }),
        .unary(
            .sigmoid, cost: .transcendental(30), spelling: .helper("evt_sigmoid"),
            edges: [0, 1, -1, 20, -20, 800, -800],
            value: { logistic($0) },
            derivative: { builder, _, result in
                let rest = builder.binary(.subtract, builder.constant(1), result)
                return [builder.binary(.multiply, result, rest)]
            }),
        .unary(
            .softplus, cost: .transcendental(45), spelling: .helper("evt_softplus"),
            edges: [0, 1, -1, 20, -20, 800, -800],
            value: { max($0, 0) + Foundation.log1p(Foundation.exp(-abs($0))) },
            derivative: { builder, operands, _ in [builder.unary(.sigmoid, operands[0])] }),
    ]

    /// 1 / (1 + exp(−a)); the exponential's argument is never positive, so nothing overflows.
    private static func logistic(_ a: Double) -> Double {
        let decay = Foundation.exp(-abs(a))
        let right = 1 / (1 + decay)
        return a < 0 ? decay * right : right
    }

    /// height · exp(−a²).
    private static func gaussian(_ builder: inout ProgramBuilder, _ a: ValueID, height: Double) -> ValueID {
        let exponent = builder.unary(.negate, builder.squared(a))
        return builder.scaled(height, builder.unary(.exp, exponent))
    }
}
