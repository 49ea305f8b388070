import Foundation

extension OperatorTable {
    /// To whole numbers (derivative zero everywhere), and the remainder of division.
    static let roundingRows: [OperatorInfo] = [
        rounding(.floor, "__builtin_floorf") { $0.rounded(.down) },
        rounding(.ceiling, "__builtin_ceilf") { $0.rounded(.up) },
        rounding(.truncate, "__builtin_truncf") { $0.rounded(.towardZero) },
        // rint follows the rounding mode, which nothing here changes from ties-to-even; it is one instruction.
        rounding(.roundEven, "__builtin_rintf") { $0.rounded(.toNearestOrEven) },
        .binary(
            .remainder, cost: .transcendental(25), spelling: .helper("evt_remainder"), domain: "b ≠ 0",
            edges: [[0, 1], [5.5, 2], [-5.5, 2], [5.5, -2], [-5.5, -2], [0.25, 3]],
            value: { fmod($0, $1) },
            derivative: { builder, operands, result in
                // result = a − b·truncate(a/b); the quotient is read back from it.
                let multiple = builder.binary(.subtract, result, operands[0])
                return [builder.constant(1), builder.binary(.divide, multiple, operands[1])]
            }),
    ]

    private static func rounding(
        _ op: Operator, _ builtin: String, _ value: @escaping @Sendable (Double) -> Double
    ) -> OperatorInfo {
        .unary(
            op, cost: .arithmetic(1), spelling: .builtin(builtin), edges: [0, -0.0, 0.5, 1.5, -0.5, -1.5, 2, 1000.25],
            value: value, derivative: { _, _, _ in [nil] })
    }
}
