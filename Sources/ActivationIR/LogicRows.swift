extension OperatorTable {
    /// Comparisons, logic and the choice between two values. A comparison with NaN is false.
    static let logicRows: [OperatorInfo] = [
        comparison(.less, "<", isCommutative: false) { $0 < $1 },
        comparison(.lessEqual, "<=", isCommutative: false) { $0 <= $1 },
        comparison(.equal, "==", isCommutative: true) { $0 == $1 },
        logic(.and, [.boolean, .boolean], .infix("&"), .binary { min($0, $1) }),
        logic(.or, [.boolean, .boolean], .infix("|"), .binary { max($0, $1) }),
        logic(.not, [.boolean], .prefix("!"), .unary { 1 - $0 }),
        OperatorInfo(
            // The verifier also admits two booleans as the arms; the result then is boolean.
            op: .select, operandTypes: [.boolean, .real, .real], resultType: .real, isCommutative: false,
            cost: .arithmetic(1), domain: "", value: .ternary { $0 != 0 ? $1 : $2 },
            derivative: { builder, operands, _ in
                let zero = builder.constant(0)
                let one = builder.constant(1)
                return [nil, builder.select(operands[0], one, zero), builder.select(operands[0], zero, one)]
            },
            spelling: .conditional, edgePoints: [[0, 1, 2], [1, 1, 2], [1, -1, 0]]),
    ]

    private static func comparison(
        _ op: Operator, _ symbol: String, isCommutative: Bool, _ holds: @escaping @Sendable (Double, Double) -> Bool
    ) -> OperatorInfo {
        var row = OperatorInfo.binary(
            op, cost: .arithmetic(1), spelling: .infix(symbol), isCommutative: isCommutative,
            edges: [[0, 0], [0, -0.0], [1, 2], [2, 1]],
            value: { holds($0, $1) ? 1 : 0 }, derivative: { _, _, _ in [nil, nil] })
        row.resultType = .boolean
        return row
    }

    private static func logic(
        _ op: Operator, _ operandTypes: [ValueType], _ spelling: OperatorInfo.Spelling, _ value: OperatorInfo.Value
    ) -> OperatorInfo {
        OperatorInfo(
            op: op, operandTypes: operandTypes, resultType: .boolean, isCommutative: operandTypes.count == 2,
            cost: .arithmetic(1), domain: "", value: value, derivative: { _, operands, _ in operands.map { _ in nil } },
            spelling: spelling, edgePoints: [])
    }
}
