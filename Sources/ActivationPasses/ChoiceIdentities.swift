import ActivationIR

/// Identities of selects, extrema, logic and masked products.
///
/// Zero arms move outward through products, so that two choices by the same condition meet in a sum and become one:
/// the gradient of `x == 0 ? 1 : sin(x)/x` is left as a single choice, whose other arm is a plain formula.
enum ChoiceIdentities: RewritingPass {
    static let name = "choice-identities"

    static func rewrite(_ editor: inout Editor, _ node: Node) -> ValueID? {
        let operands = node.operands
        switch node.op {
        case .select: return select(&editor, operands)
        case .maskedMultiply: return maskedMultiply(&editor, operands[0], operands[1])
        case .multiply: return multiply(&editor, operands[0], operands[1])
        case .negate: return negate(&editor, operands[0])
        case .add, .subtract: return merge(&editor, node.op, operands[0], operands[1])
        case .absolute: return absolute(&editor, operands[0])
        case .minimum, .maximum: return extremum(&editor, node.op, operands[0], operands[1])
        case .copySign: return operands[0] == operands[1] ? operands[0] : nil
        case .and, .or: return operands[0] == operands[1] ? operands[0] : nil
        case .not: return editor.operands(operands[0], of: .not).map { $0[0] }
        case .lessEqual, .equal, .less:
            guard operands[0] == operands[1], editor.truth(operands[0]) == nil, editor.isFinite(operands[0]),
                editor.constant(operands[0]) == nil
            else { return nil }
            return editor.truth(node.op != .less)
        default: return nil
        }
    }

    private static func select(_ editor: inout Editor, _ operands: [ValueID]) -> ValueID? {
        let (condition, a, b) = (operands[0], operands[1], operands[2])
        if a == b { return a }
        if let inner = editor.operands(condition, of: .not) { return editor.builder.select(inner[0], b, a) }
        if let inner = editor.operands(a, of: .select), inner[0] == condition {
            return editor.builder.select(condition, inner[1], b)
        }
        if let inner = editor.operands(b, of: .select), inner[0] == condition {
            return editor.builder.select(condition, a, inner[2])
        }
        return nil
    }

    private static func maskedMultiply(_ editor: inout Editor, _ a: ValueID, _ b: ValueID) -> ValueID? {
        if let constant = editor.constant(a) {
            return constant == 0 ? a : editor.builder.binary(.multiply, a, b)
        }
        if editor.isFinite(b) { return editor.builder.binary(.multiply, a, b) }
        return pushIntoZeroArm(&editor, a) { editor, arm in editor.builder.binary(.maskedMultiply, arm, b) }
    }

    private static func multiply(_ editor: inout Editor, _ a: ValueID, _ b: ValueID) -> ValueID? {
        for (choice, factor) in [(a, b), (b, a)] where editor.isFinite(factor) {
            let pushed = pushIntoZeroArm(&editor, choice) { editor, arm in
                editor.builder.binary(.multiply, arm, factor)
            }
            if let pushed { return pushed }
        }
        return nil
    }

    private static func negate(_ editor: inout Editor, _ a: ValueID) -> ValueID? {
        pushIntoZeroArm(&editor, a) { editor, arm in editor.builder.unary(.negate, arm) }
    }

    /// For `choice` = select(c, arm, 0) or select(c, 0, arm): the select with `change` applied to its arm.
    private static func pushIntoZeroArm(
        _ editor: inout Editor, _ choice: ValueID, change: (inout Editor, ValueID) -> ValueID
    ) -> ValueID? {
        guard let inner = editor.operands(choice, of: .select) else { return nil }
        if editor.constant(inner[2]) == 0 {
            let arm = change(&editor, inner[1])
            return editor.builder.select(inner[0], arm, inner[2])
        }
        if editor.constant(inner[1]) == 0 {
            let arm = change(&editor, inner[2])
            return editor.builder.select(inner[0], inner[1], arm)
        }
        return nil
    }

    /// A sum or difference of two selects by one condition whose arms are constant on the same side: one select.
    private static func merge(_ editor: inout Editor, _ op: Operator, _ a: ValueID, _ b: ValueID) -> ValueID? {
        guard let first = editor.operands(a, of: .select), let second = editor.operands(b, of: .select),
            first[0] == second[0]
        else { return nil }
        let foldsLeft = editor.constant(first[1]) != nil && editor.constant(second[1]) != nil
        let foldsRight = editor.constant(first[2]) != nil && editor.constant(second[2]) != nil
        guard foldsLeft || foldsRight else { return nil }
        let left = editor.builder.binary(op, first[1], second[1])
        let right = editor.builder.binary(op, first[2], second[2])
        return editor.builder.select(first[0], left, right)
    }

    private static func absolute(_ editor: inout Editor, _ a: ValueID) -> ValueID? {
        if let range = editor.interval(a), range.low >= 0 { return a }
        if let inner = editor.operands(a, of: .negate) { return editor.builder.unary(.absolute, inner[0]) }
        return editor.operands(a, of: .absolute) == nil ? nil : a
    }

    private static func extremum(_ editor: inout Editor, _ op: Operator, _ a: ValueID, _ b: ValueID) -> ValueID? {
        if a == b { return a }
        guard let (constant, other) = editor.constantAndOther(a, b) else { return nil }
        if let range = editor.interval(other) {
            let (below, above) =
                op == .minimum ? (other, editor.builder.constant(constant)) : (editor.builder.constant(constant), other)
            if range.high < constant { return below }
            if range.low > constant { return above }
        }
        if let inner = editor.operands(other, of: op), let known = editor.constantAndOther(inner[0], inner[1]) {
            let bound = editor.builder.constant(
                op == .minimum ? min(constant, known.constant) : max(constant, known.constant))
            return editor.builder.binary(op, bound, known.other)
        }
        return nil
    }
}
