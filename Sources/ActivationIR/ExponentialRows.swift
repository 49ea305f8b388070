import Foundation

extension OperatorTable {
    /// Exponentials and logarithms.
    static let exponentialRows: [OperatorInfo] = [
        .unary(
            .exp, cost: .transcendental(25), spelling: .helper("evt_exp"), edges: [0, 1, -1, 20, -20],
            value: { Foundation.exp($0) },
            derivative: { _, _, result in [result] }),
        .unary(
            .exp2, cost: .transcendental(20), spelling: .mathFunction("exp2f"), edges: [0, 1, -1, 20, -20],
            value: { Foundation.exp2($0) },
            derivative: { builder, _, result in [builder.scaled(Foundation.log(2), result)] }),
        .unary(
            .expm1, cost: .transcendental(30), spelling: .mathFunction("expm1f"), edges: [0, 1e-6, 1, -1, 20, -20],
            value: { Foundation.expm1($0) },
            derivative: { builder, _, result in [builder.shifted(result, by: 1)] }),
        .unary(
            .log, cost: .transcendental(25), spelling: .mathFunction("logf"), domain: "a > 0",
            edges: [1e-3, 1, 2, 1e10],
            value: { Foundation.log($0) },
            derivative: { builder, operands, _ in [builder.quotient(1, operands[0])] }),
        .unary(
            .log2, cost: .transcendental(20), spelling: .mathFunction("log2f"), domain: "a > 0",
            edges: [1e-3, 1, 2, 1e10],
            value: { Foundation.log2($0) },
            derivative: { builder, operands, _ in [builder.quotient(1 / Foundation.log(2), operands[0])] }),
        .unary(
            .log10, cost: .transcendental(20), spelling: .mathFunction("log10f"), domain: "a > 0",
            edges: [1e-3, 1, 10, 1e10],
            value: { Foundation.log10($0) },
            derivative: { builder, operands, _ in [builder.quotient(1 / Foundation.log(10), operands[0])] }),
        .unary(
            .log1p, cost: .transcendental(35), spelling: .mathFunction("log1pf"), domain: "a > −1",
            edges: [0, 1e-6, -0.9, 1, 1e10],
            value: { Foundation.log1p($0) },
            derivative: { builder, operands, _ in [builder.quotient(1, builder.shifted(operands[0], by: 1))] }),
    ]
}
