/// Small pieces that functions are made of, by their shape alone: `multiply(sigmoid, x)` stands in x·sigmoid(x) and in
/// x·sigmoid(2x).
///
/// A motif is an operation and what stands directly in it: the name of an inner operation, x, c for any constant, p for
/// any trained scalar. Operands of commutative operations are sorted. Simplify the program first, so that spellings do
/// not count.
package enum Motif {
    /// The program's motifs, each once.
    package static func of(_ program: Program) -> Set<String> {
        Set(
            inner(of: program).map { node in
                var operands = node.operands.map { word(program.nodes[$0].op) }
                if OperatorTable[node.op].isCommutative { operands.sort() }
                return "\(node.op.name)(\(operands.joined(separator: ", ")))"
            })
    }

    /// The names of the program's operations but arithmetic and choices, each once.
    package static func functions(of program: Program) -> Set<String> {
        Set(
            inner(of: program).filter { node in
                switch OperatorTable[node.op].spelling {
                case .leaf, .infix, .prefix, .conditional, .multiplyAdd: false
                default: true
                }
            }.map(\.op.name))
    }

    private static func inner(of program: Program) -> [Node] {
        zip(program.nodes, program.isLive).filter { $1 && !$0.operands.isEmpty }.map(\.0)
    }

    private static func word(_ op: Operator) -> String {
        switch op {
        case .input: "x"
        case .constant: "c"
        case .parameter: "p"
        default: op.name
        }
    }
}
