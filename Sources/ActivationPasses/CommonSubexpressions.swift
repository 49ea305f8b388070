import ActivationIR

/// Makes one node of equal nodes, operands of commutative operators in either order. (Nodes made since the start are
/// shared by the builder already, where their operands are in the same order.)
enum CommonSubexpressions: ProgramPass {
    static let name = "common-subexpressions"

    private struct Key: Hashable {
        var op: Operator
        var low: ValueID
        var high: ValueID
    }

    static func run(_ program: inout Workspace) {
        var known: [Key: ValueID] = [:]
        program.rewrite { editor, node, _, _ in
            let value = editor.builder.append(node.op, node.operands, payload: node.payload)
            guard OperatorTable[node.op].isCommutative else { return value }
            let (a, b) = (node.operands[0], node.operands[1])
            let key = Key(op: node.op, low: min(a, b), high: max(a, b))
            if let first = known[key] { return first }
            known[key] = value
            return value
        }
    }
}
