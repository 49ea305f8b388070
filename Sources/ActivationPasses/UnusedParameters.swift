import ActivationIR

/// Drops trainables that the activation does not depend on, and renumbers the rest. Run after `DeadCode`.
///
/// A gradient program keeps all of them: it owes an output to each.
enum UnusedParameters {
    static func run(_ program: Program) -> Program {
        guard program.outputs.count == 1 else { return program }
        var isUsed = [Bool](repeating: false, count: program.parameters.count)
        for node in program.nodes where node.op == .parameter { isUsed[Int(node.payload)] = true }
        var result = program
        result.parameters = zip(program.parameters, isUsed).filter(\.1).map(\.0)
        for (id, node) in program.nodes.enumerated() where node.op == .parameter {
            result.nodes[id].payload = Double(isUsed[..<Int(node.payload)].count { $0 })
        }
        return result
    }
}
