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
            inner(of: program).map(\.op).filter(isFunction).map(\.name))
    }

    /// The operation that a motif is, and what stands in it; nil = it is no motif.
    package static func parts(of motif: String) -> (operation: Operator, operands: [Operator])? {
        guard let open = motif.firstIndex(of: "("), motif.last == ")", let operation = byName[String(motif[..<open])]
        else { return nil }
        let words = motif[open...].dropFirst().dropLast().split(separator: ", ").map(String.init)
        let operands = words.compactMap { byName[$0] }
        return operands.count == words.count ? (operation, operands) : nil
    }

    /// Whether a function is part of it: arithmetic of arithmetic says little of what was proposed.
    package static func namesFunction(_ motif: String) -> Bool {
        parts(of: motif).map { isFunction($0.operation) || $0.operands.contains(where: isFunction) } ?? false
    }

    /// Whether it is neither a value nor arithmetic nor a choice.
    package static func isFunction(_ op: Operator) -> Bool {
        switch OperatorTable[op].spelling {
        case .leaf, .infix, .prefix, .conditional, .multiplyAdd: false
        default: true
        }
    }

    private static let byName = Dictionary(
        Operator.allCases.map { (word($0), $0) }, uniquingKeysWith: { first, _ in first })

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
