import ActivationIR

/// Drops nodes that no output depends on. Parameters stay, see `UnusedParameters`.
enum DeadCode: ProgramPass {
    static let name = "dead-code"

    static func run(_ program: Program) -> Program {
        let live = program.isLive
        var place = [ValueID](repeating: -1, count: program.nodes.count)
        var nodes: [Node] = []
        for (id, node) in program.nodes.enumerated() where live[id] {
            place[id] = nodes.count
            var moved = node
            moved.operands = node.operands.map { place[$0] }
            nodes.append(moved)
        }
        return Program(nodes: nodes, parameters: program.parameters, outputs: program.outputs.map { place[$0] })
    }
}
