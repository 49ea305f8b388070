import ActivationIR

/// Computes what depends on constants only, in double precision; decides selects, and logic, with known conditions.
enum ConstantFolding: RewritingPass {
    static let name = "constant-folding"

    static func rewrite(_ editor: inout Editor, _ node: Node) -> ValueID? {
        switch node.op {
        case .select: editor.truth(node.operands[0]).map { $0 ? node.operands[1] : node.operands[2] }
        case .not: editor.truth(node.operands[0]).map { editor.truth(!$0) }
        case .and: combine(&editor, node.operands, deciding: false)
        case .or: combine(&editor, node.operands, deciding: true)
        case .less, .lessEqual, .equal:
            // Every decided comparison becomes one of two nodes.
            fold(&editor, node).map { editor.truth($0 != 0) }
        default: fold(&editor, node).map { editor.builder.constant($0) }
        }
    }

    /// The node's value if all operands are constant and the value is a number.
    private static func fold(_ editor: inout Editor, _ node: Node) -> Double? {
        guard !node.operands.isEmpty else { return nil }
        let constants = node.operands.compactMap { editor.constant($0) }
        guard constants.count == node.operands.count else { return nil }
        let value = OperatorTable[node.op](constants)
        return value.isNaN ? nil : value
    }

    /// `and` (deciding false) or `or` (deciding true): a known operand decides, or drops out.
    private static func combine(_ editor: inout Editor, _ operands: [ValueID], deciding: Bool) -> ValueID? {
        for (index, operand) in operands.enumerated() {
            guard let known = editor.truth(operand) else { continue }
            return known == deciding ? editor.truth(deciding) : operands[1 - index]
        }
        return nil
    }
}
