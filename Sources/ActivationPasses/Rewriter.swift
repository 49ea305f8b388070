import ActivationIR

/// A program under reconstruction, and what rules may ask about its nodes.
struct Editor {
    var builder: ProgramBuilder
    /// For each rebuilt value, how often the original program uses it; outputs count as a use.
    fileprivate(set) var uses: [ValueID: Int] = [:]
    private var intervals: [Interval?] = []
    private var signs: [Sign] = []

    init(extending program: Program) { builder = ProgramBuilder(extending: program) }

    func node(_ id: ValueID) -> Node { builder.nodes[id] }

    /// The operands of `id` if it is an `op`.
    func operands(_ id: ValueID, of op: Operator) -> [ValueID]? {
        let node = builder.nodes[id]
        return node.op == op ? node.operands : nil
    }

    /// The number, if `id` is a constant.
    func constant(_ id: ValueID) -> Double? {
        let node = builder.nodes[id]
        return node.op == .constant ? node.payload : nil
    }

    /// The truth value, if `id` compares two constants.
    func truth(_ id: ValueID) -> Bool? {
        let node = builder.nodes[id]
        guard node.operands.count == 2, OperatorTable[node.op].operandTypes == [.real, .real],
            OperatorTable[node.op].resultType == .boolean,
            let a = constant(node.operands[0]), let b = constant(node.operands[1])
        else { return nil }
        return OperatorTable[node.op]([a, b]) != 0
    }

    /// A boolean constant, which has no node of its own: 0 ≤ 0 or 0 < 0.
    mutating func truth(_ value: Bool) -> ValueID {
        let zero = builder.constant(0)
        return builder.binary(value ? .lessEqual : .less, zero, zero)
    }

    /// The two operands with the constant first, if one of them is constant.
    func constantAndOther(_ a: ValueID, _ b: ValueID) -> (constant: Double, other: ValueID)? {
        if let value = constant(a) { return (value, b) }
        if let value = constant(b) { return (value, a) }
        return nil
    }

    /// The range of a value; nil where it may not be finite.
    mutating func interval(_ id: ValueID) -> Interval? {
        while intervals.count <= id {
            let node = builder.nodes[intervals.count]
            intervals.append(Interval.of(node, operands: node.operands.map { intervals[$0] }))
        }
        return intervals[id]
    }

    mutating func isFinite(_ id: ValueID) -> Bool { interval(id) != nil }

    /// Whether the value may be zero, as far as is known.
    mutating func mayVanish(_ id: ValueID) -> Bool {
        while signs.count <= id {
            let node = builder.nodes[signs.count]
            signs.append(Sign.of(node, operands: node.operands.map { signs[$0] }))
        }
        if signs[id] == .positive { return false }
        guard let range = interval(id) else { return true }
        return range.low <= 0 && range.high >= 0
    }
}

/// Rebuilds a program node by node, each as it is or as a rule says. Equal nodes become one.
enum Rewriter {
    /// - Parameter rule: given a node whose operands are already rebuilt, the value to use in its place; nil keeps it.
    static func rewrite(_ program: Program, rule: (inout Editor, Node) -> ValueID?) -> Program {
        rewrite(program) { editor, node, _, _ in rule(&editor, node) }
    }

    /// - Parameter rule: is also given the node's place in `program`, and what has become of all nodes before it.
    static func rewrite(
        _ program: Program, rule: (inout Editor, Node, _ id: ValueID, _ rebuilt: [ValueID]) -> ValueID?
    ) -> Program {
        var editor = Editor(extending: Program(nodes: [], parameters: program.parameters, outputs: []))
        var rebuilt: [ValueID] = []
        rebuilt.reserveCapacity(program.nodes.count)
        let uses = program.uses
        for (id, node) in program.nodes.enumerated() {
            var moved = node
            moved.operands = node.operands.map { rebuilt[$0] }
            editor.builder.line = node.line
            let replacement = rule(&editor, moved, id, rebuilt)
            let value = replacement ?? editor.builder.append(moved.op, moved.operands, payload: moved.payload)
            editor.uses[value, default: 0] += uses[id]
            rebuilt.append(value)
        }
        return editor.builder.finish(outputs: program.outputs.map { rebuilt[$0] })
    }
}

extension Program {
    /// For every node, how often it is an operand or an output.
    var uses: [Int] {
        var uses = [Int](repeating: 0, count: nodes.count)
        for node in nodes { for operand in node.operands { uses[operand] += 1 } }
        for output in outputs { uses[output] += 1 }
        return uses
    }
}
