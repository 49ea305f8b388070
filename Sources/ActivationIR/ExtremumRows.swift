extension OperatorTable {
    /// Absolute value, sign transfer, and C's fmin and fmax (of NaN and a number, the number): kinks, no poles.
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
                let zero = builder.constant(0)
                let one = builder.constant(1)
                let sign = builder.binary(.copySign, one, operands[1])
                let opposite = builder.unary(.negate, sign)
                let below = builder.select(builder.binary(.less, operands[0], zero), opposite, zero)
                return [builder.select(builder.binary(.less, zero, operands[0]), sign, below), nil]
            }),
        .binary(
            .minimum, cost: .arithmetic(1), spelling: .helper("evt_minimum"), isCommutative: true,
            edges: [[0, 0], [1, 1], [-1, 1], [1, -1], [0, -1e30]],
            value: { $0 < $1 || $1.isNaN ? $0 : $1 },
            derivative: { builder, operands, result in
                [share(&builder, operands[0], operands[1], result), share(&builder, operands[1], operands[0], result)]
            }),
        .binary(
            .maximum, cost: .arithmetic(1), spelling: .helper("evt_maximum"), isCommutative: true,
            edges: [[0, 0], [1, 1], [-1, 1], [1, -1], [0, 1e30]],
            value: { $1 < $0 || $1.isNaN ? $0 : $1 },
            derivative: { builder, operands, result in
                [share(&builder, operands[0], operands[1], result), share(&builder, operands[1], operands[0], result)]
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

    /// The part of the slope that operand `a` gets beside its rival `b`: all of it where the result is `a` alone, half at
    /// a tie (nothing beside a constant, which takes it all), else none. Of NaN and a number, the result is the number.
    private static func share(
        _ builder: inout ProgramBuilder, _ a: ValueID, _ b: ValueID, _ result: ValueID
    ) -> ValueID? {
        if builder.nodes[a].op == .constant { return nil }
        let zero = builder.constant(0)
        let one = builder.constant(1)
        let rivalTakes = builder.binary(.equal, result, b)
        if builder.nodes[b].op == .constant { return builder.select(rivalTakes, zero, one) }
        let half = builder.constant(0.5)
        let part = builder.select(rivalTakes, half, one)
        return builder.select(builder.binary(.equal, result, a), part, zero)
    }
}
