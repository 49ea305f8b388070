extension OperatorTable {
    /// Absolute value, sign transfer, minimum and maximum: continuous, with kinks.
    static let extremumRows: [OperatorInfo] = [
        .unary(
            .absolute, cost: .arithmetic(1), spelling: .builtin("__builtin_fabsf"), edges: [0, -0.0, 1, -1, 1e30],
            value: { abs($0) },
            derivative: { builder, operands, _ in [signOrZero(&builder, operands[0])] }),
        .binary(
            .copySign, cost: .arithmetic(1), spelling: .builtin("__builtin_copysignf"),
            edges: [[0, 1], [2, -0.0], [-2, 3], [-2, -3], [2, -3]],
            value: { Double(signOf: $1, magnitudeOf: $0) },
            derivative: { builder, operands, _ in
                let one = builder.constant(1)
                let sign = builder.binary(.copySign, one, operands[1])
                return [builder.binary(.multiply, signOrZero(&builder, operands[0]), sign), nil]
            }),
        .binary(
            .minimum, cost: .arithmetic(1), spelling: .helper("evt_minimum"), isCommutative: true,
            edges: [[0, 0], [1, 1], [-1, 1], [1, -1], [0, -1e30]],
            value: { $0 < $1 ? $0 : $1 },
            derivative: { builder, operands, _ in
                let (a, b) = (operands[0], operands[1])
                return [share(&builder, a, b, wins: (a, b)), share(&builder, b, a, wins: (b, a))]
            }),
        .binary(
            .maximum, cost: .arithmetic(1), spelling: .helper("evt_maximum"), isCommutative: true,
            edges: [[0, 0], [1, 1], [-1, 1], [1, -1], [0, 1e30]],
            value: { $1 < $0 ? $0 : $1 },
            derivative: { builder, operands, _ in
                let (a, b) = (operands[0], operands[1])
                return [share(&builder, a, b, wins: (b, a)), share(&builder, b, a, wins: (a, b))]
            }),
    ]

    /// 1 above zero, −1 below, 0 at zero (and for NaN).
    private static func signOrZero(_ builder: inout ProgramBuilder, _ a: ValueID) -> ValueID {
        let zero = builder.constant(0)
        let one = builder.constant(1)
        let minusOne = builder.constant(-1)
        let below = builder.select(builder.binary(.less, a, zero), minusOne, zero)
        return builder.select(builder.binary(.less, zero, a), one, below)
    }

    /// The part of the slope that operand `a` gets beside its rival `b`: all of it where `wins.0 < wins.1`, half at a
    /// tie (nothing beside a constant, which takes it all), else none.
    private static func share(
        _ builder: inout ProgramBuilder, _ a: ValueID, _ b: ValueID, wins: (ValueID, ValueID)
    ) -> ValueID? {
        if builder.nodes[a].op == .constant { return nil }
        let zero = builder.constant(0)
        let one = builder.constant(1)
        let won = builder.binary(.less, wins.0, wins.1)
        if builder.nodes[b].op == .constant { return builder.select(won, one, zero) }
        let half = builder.constant(0.5)
        // The comparison's operands keep one order, so that both operands' shares use the same node.
        let tie = builder.binary(.equal, min(a, b), max(a, b))
        return builder.select(won, one, builder.select(tie, half, zero))
    }
}
