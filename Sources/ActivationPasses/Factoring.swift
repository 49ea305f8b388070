import ActivationIR

/// Puts common factors and divisors outside sums:
/// - a·b ± a·c → a·(b ± c), and a/c ± b/c → (a ± b)/c: one operation less
/// - (a/b)·c → (a·c)/b, so that the divisors of products meet in the sum
///
/// Near a zero of the divisor the parts of a sum may be infinite and cancel, so a divisor that may vanish is moved out
/// even where that saves nothing (as `ReverseSweep` does with derivatives of quotients).
enum Factoring: RewritingPass {
    static let name = "factoring"

    static func rewrite(_ editor: inout Editor, _ node: Node) -> ValueID? {
        switch node.op {
        case .multiply: moveDivisorOut(&editor, node.operands)
        case .add, .subtract: factorOut(&editor, node.op, node.operands[0], node.operands[1])
        default: nil
        }
    }

    private static func moveDivisorOut(_ editor: inout Editor, _ operands: [ValueID]) -> ValueID? {
        // A constant in front stays there, where the identities find it.
        guard editor.constantAndOther(operands[0], operands[1]) == nil else { return nil }
        for (place, operand) in operands.enumerated() {
            guard let quotient = editor.operands(operand, of: .divide),
                editor.isUsedOnce(operand)
                    || editor.constant(quotient[0]) != nil && editor.mayVanish(quotient[1])
            else { continue }
            let numerator = editor.builder.binary(.multiply, quotient[0], operands[1 - place])
            return editor.builder.binary(.divide, numerator, quotient[1])
        }
        return nil
    }

    private static func factorOut(_ editor: inout Editor, _ op: Operator, _ a: ValueID, _ b: ValueID) -> ValueID? {
        if let first = editor.operands(a, of: .divide), let second = editor.operands(b, of: .divide),
            first[1] == second[1]
        {
            let numerator = editor.builder.binary(op, first[0], second[0])
            return editor.builder.binary(.divide, numerator, first[1])
        }
        // Products that others use too would have to be computed all the same.
        guard editor.isUsedOnce(a) || editor.isUsedOnce(b),
            let first = editor.operands(a, of: .multiply), let second = editor.operands(b, of: .multiply)
        else { return nil }
        for (index, factor) in first.enumerated() {
            guard let place = second.firstIndex(of: factor) else { continue }
            let rest = editor.builder.binary(op, first[1 - index], second[1 - place])
            return editor.builder.binary(.multiply, factor, rest)
        }
        return nil
    }
}
