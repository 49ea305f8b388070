extension OperatorTable {
    /// The four operations and what is built of them.
    static let arithmeticRows: [OperatorInfo] = [
        .binary(
            .add, cost: .arithmetic(1), spelling: .infix("+"), isCommutative: true,
            edges: [[0, 0], [1, -1], [1e30, 1]],
            value: { $0 + $1 },
            derivative: { builder, _, _ in
                let one = builder.constant(1)
                return [one, one]
            }),
        .binary(
            .subtract, cost: .arithmetic(1), spelling: .infix("-"), edges: [[0, 0], [1, 1], [1, 1e30]],
            value: { $0 - $1 },
            derivative: { builder, _, _ in [builder.constant(1), builder.constant(-1)] }),
        .binary(
            .multiply, cost: .arithmetic(1), spelling: .infix("*"), isCommutative: true,
            edges: [[0, 0], [1, -1], [0, 5], [-3, 1e10]],
            value: { $0 * $1 },
            derivative: { _, operands, _ in [operands[1], operands[0]] }),
        .binary(
            .divide, cost: .arithmetic(5), spelling: .infix("/"), domain: "b ≠ 0",
            edges: [[0, 1], [1, -1], [5, 0.001], [-3, 1e10]],
            value: { $0 / $1 },
            derivative: { builder, operands, result in
                let reciprocal = builder.quotient(1, operands[1])
                return [reciprocal, builder.unary(.negate, builder.binary(.multiply, result, reciprocal))]
            }),
        .unary(
            .negate, cost: .arithmetic(1), spelling: .prefix("-"), edges: [0, 1, -1],
            value: { -$0 },
            derivative: { builder, _, _ in [builder.constant(-1)] }),
        OperatorInfo(
            op: .fusedMultiplyAdd, operandTypes: [.real, .real, .real], resultType: .real, isCommutative: false,
            // Two, as when it is written out: the C compiler fuses either spelling.
            cost: .arithmetic(2), domain: "", value: .ternary { $2.addingProduct($0, $1) },
            derivative: { builder, operands, _ in [operands[1], operands[0], builder.constant(1)] },
            spelling: .multiplyAdd, edgePoints: [[0, 0, 0], [1, -1, 1], [1e10, 1e10, -1]]),
        .binary(
            .maskedMultiply, cost: .arithmetic(2), spelling: .helper("evt_masked_multiply"),
            edges: [[1, 2], [-1, 0], [0, 3]],
            value: { $0 == 0 ? 0 : $0 * $1 },
            derivative: { _, operands, _ in [operands[1], operands[0]] }),
    ]
}
