import ActivationIR

/// A pass that replaces nodes one at a time.
protocol RewritingPass: ProgramPass {
    /// - Parameter node: one of the program, its operands already rewritten.
    /// - Returns: the value to use in its place; nil keeps it.
    static func rewrite(_ editor: inout Editor, _ node: Node) -> ValueID?
}

extension RewritingPass {
    static func run(_ program: inout Workspace) {
        program.rewrite { editor, node, _, _ in rewrite(&editor, node) }
    }
}

/// A program under simplification. Nodes are only ever appended, equal ones once: what is known of a node stays known,
/// and a pass that changes little costs little. `program` leaves out what no output depends on.
struct Workspace {
    private(set) var editor: Editor
    private(set) var outputs: [ValueID]

    init(_ program: Program) {
        editor = Editor(extending: program)
        outputs = program.outputs
    }

    /// The nodes that outputs depend on, in order, and nothing else.
    var program: Program {
        let nodes = editor.builder.nodes
        let live = isLive
        var place = [ValueID](repeating: -1, count: nodes.count)
        var kept: [Node] = []
        for id in nodes.indices where live[id] {
            place[id] = kept.count
            var moved = nodes[id]
            for index in moved.operands.indices { moved.operands[index] = place[moved.operands[index]] }
            kept.append(moved)
        }
        return Program(nodes: kept, parameters: editor.builder.parameters, outputs: outputs.map { place[$0] })
    }

    /// For every node, whether an output depends on it.
    var isLive: [Bool] { Program.isLive(editor.builder.nodes, outputs: outputs) }

    /// For every node, how often it is an operand of a node that outputs depend on, or an output.
    var uses: [Int] {
        let nodes = editor.builder.nodes
        let live = isLive
        var uses = [Int](repeating: 0, count: nodes.count)
        for id in nodes.indices where live[id] {
            for operand in nodes[id].operands { uses[operand] += 1 }
        }
        for output in outputs { uses[output] += 1 }
        return uses
    }

    /// Visits the program's nodes in order and replaces each by what the rule says.
    ///
    /// - Parameter rule: given a node whose operands are already replaced, its place, and what has become of all nodes
    ///   before it: the value to use in its place; nil keeps it.
    mutating func rewrite(rule: (inout Editor, Node, _ id: ValueID, _ replaced: [ValueID]) -> ValueID?) {
        let nodes = editor.builder.nodes
        let live = isLive
        let uses = uses
        editor.beginPass()
        var replaced = Array(nodes.indices)
        for id in nodes.indices where live[id] {
            var node = nodes[id]
            var isMoved = false
            for index in node.operands.indices where replaced[node.operands[index]] != node.operands[index] {
                node.operands[index] = replaced[node.operands[index]]
                isMoved = true
            }
            editor.builder.line = node.line
            if let value = rule(&editor, node, id, replaced) {
                replaced[id] = value
            } else if isMoved {
                replaced[id] = editor.builder.append(node.op, node.operands, payload: node.payload)
            }
            editor.note(uses: uses[id], of: replaced[id])
        }
        outputs = outputs.map { replaced[$0] }
    }
}
