import ActivationIR

/// Makes one node of equal nodes, operands of commutative operators in either order. (Nodes that are equal as written
/// are shared by the builder already.)
enum CommonSubexpressions: ProgramPass {
    static let name = "common-subexpressions"

    private struct Key: Hashable {
        var op: Operator
        var operands: [ValueID]
    }

    static func run(_ program: Program) -> Program {
        var known: [Key: ValueID] = [:]
        return Rewriter.rewrite(program) { editor, node in
            guard OperatorTable[node.op].isCommutative else { return nil }
            let key = Key(op: node.op, operands: node.operands.sorted())
            if let value = known[key] { return value }
            let value = editor.builder.append(node.op, node.operands)
            known[key] = value
            return value
        }
    }
}
