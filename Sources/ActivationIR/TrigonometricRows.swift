import Foundation

extension OperatorTable {
    /// Circular functions and their inverses; angles in radians.
    static let trigonometricRows: [OperatorInfo] = [
        .unary(
            .sin, cost: .transcendental(15), spelling: .ranged(helper: "evt_sin", library: "sinf"),
            edges: [0, 1, -1, .pi, 100],
            value: { Foundation.sin($0) },
            derivative: { builder, operands, _ in [builder.unary(.cos, operands[0])] }),
        .unary(
            .cos, cost: .transcendental(15), spelling: .ranged(helper: "evt_cos", library: "cosf"),
            edges: [0, 1, -1, .pi, 100],
            value: { Foundation.cos($0) },
            derivative: { builder, operands, _ in
                [builder.unary(.negate, builder.unary(.sin, operands[0]))]
            }),
        .unary(
            .tan, cost: .transcendental(30), spelling: .mathFunction("tanf"), domain: "a not an odd multiple of π/2",
            edges: [0, 1, -1, 1.5, 3],
            value: { Foundation.tan($0) },
            derivative: { builder, _, result in [builder.shifted(builder.squared(result), by: 1)] }),
        .unary(
            .asin, cost: .transcendental(30), spelling: .mathFunction("asinf"), domain: "−1 ≤ a ≤ 1",
            edges: [0, 0.5, -0.5, 0.99],
            value: { Foundation.asin($0) },
            derivative: { builder, operands, _ in
                [builder.quotient(1, builder.unary(.squareRoot, oneLessSquare(&builder, operands[0])))]
            }),
        .unary(
            .acos, cost: .transcendental(30), spelling: .mathFunction("acosf"), domain: "−1 ≤ a ≤ 1",
            edges: [0, 0.5, -0.5, 0.99],
            value: { Foundation.acos($0) },
            derivative: { builder, operands, _ in
                [builder.quotient(-1, builder.unary(.squareRoot, oneLessSquare(&builder, operands[0])))]
            }),
        .unary(
            .atan, cost: .transcendental(30), spelling: .mathFunction("atanf"), edges: [0, 1, -1, 100],
            value: { Foundation.atan($0) },
            derivative: { builder, operands, _ in
                [builder.quotient(1, builder.shifted(builder.squared(operands[0]), by: 1))]
            }),
    ]

    /// 1 − a², as (1 − a)(1 + a), which keeps its digits near |a| = 1.
    static func oneLessSquare(_ builder: inout ProgramBuilder, _ a: ValueID) -> ValueID {
        let one = builder.constant(1)
        return builder.binary(.multiply, builder.binary(.subtract, one, a), builder.binary(.add, one, a))
    }
}
