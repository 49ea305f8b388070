import Foundation

extension OperatorTable {
    /// Roots, powers, and the two functions of a point in the plane.
    static let powerRows: [OperatorInfo] = [
        .unary(
            .squareRoot, cost: .transcendental(10), spelling: .builtin("__builtin_sqrtf"), domain: "a ≥ 0",
            edges: [1e-6, 1, 4, 1e10],
            value: { $0.squareRoot() },
            derivative: { builder, _, result in [builder.quotient(0.5, result)] }),
        .unary(
            .cubeRoot, cost: .transcendental(25), spelling: .mathFunction("cbrtf"), edges: [1e-3, -1e-3, 1, -8, 1e9],
            value: { cbrt($0) },
            derivative: { builder, _, result in [builder.quotient(1.0 / 3, builder.squared(result))] }),
        .binary(
            .pow, cost: .transcendental(220), spelling: .mathFunction("powf"), domain: "a > 0, or whole b",
            edges: [[1, 0], [2, 3], [0.5, -2], [1e-3, 0.5], [4, 2.5], [1, 7]],
            value: { Foundation.pow($0, $1) },
            derivative: { builder, operands, result in
                let lower = builder.binary(.pow, operands[0], builder.shifted(operands[1], by: -1))
                // 0·pow(0, −1) and 0·log(0) mean zero: a⁰ and 0ᵇ are flat.
                return [
                    builder.binary(.maskedMultiply, operands[1], lower),
                    builder.binary(.maskedMultiply, result, builder.unary(.log, operands[0])),
                ]
            }),
        .binary(
            .atan2, cost: .transcendental(50), spelling: .mathFunction("atan2f"), domain: "not both 0",
            edges: [[1, 1], [1, 0], [-1, 0], [0, 2], [1, -1], [-1, -1]],
            value: { Foundation.atan2($0, $1) },
            derivative: { builder, operands, _ in
                let square = builder.binary(
                    .add, builder.squared(operands[0]), builder.squared(operands[1]))
                return [
                    builder.binary(.divide, operands[1], square),
                    builder.binary(.divide, builder.unary(.negate, operands[0]), square),
                ]
            }),
        .binary(
            .hypot, cost: .transcendental(15), spelling: .mathFunction("hypotf"), isCommutative: true,
            edges: [[3, 4], [0, 1], [1, 0], [-5, 12], [1e10, 1]],
            value: { Foundation.hypot($0, $1) },
            derivative: { builder, operands, result in
                // Masked, so that the tip of the cone gets slope 0, as |a| does.
                let reciprocal = builder.quotient(1, result)
                return operands.map { builder.binary(.maskedMultiply, $0, reciprocal) }
            }),
    ]
}
