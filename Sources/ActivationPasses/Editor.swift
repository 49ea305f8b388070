import ActivationIR

/// Nodes under construction, and what rules may ask about them.
struct Editor {
    var builder: ProgramBuilder
    /// For each value met in this pass, how often the program uses it; outputs count as a use.
    private var uses: [Int] = []
    private var intervals: [Interval?] = []
    private var signs: [Sign] = []
    private var extents: [LayerExtent] = []

    init(extending program: Program) { builder = ProgramBuilder(extending: program) }

    func node(_ id: ValueID) -> Node { builder.nodes[id] }

    /// The operands of `id` if it is an `op`.
    func operands(_ id: ValueID, of op: Operator) -> [ValueID]? {
        builder.nodes[id].op == op ? builder.nodes[id].operands : nil
    }

    /// The number, if `id` is a constant.
    func constant(_ id: ValueID) -> Double? {
        builder.nodes[id].op == .constant ? builder.nodes[id].payload : nil
    }

    /// The truth value, if `id` compares two constants.
    func truth(_ id: ValueID) -> Bool? {
        let node = builder.nodes[id]
        switch node.op {
        case .less, .lessEqual, .equal:
            guard let a = constant(node.operands[0]), let b = constant(node.operands[1]) else { return nil }
            return OperatorTable[node.op]([a, b]) != 0
        default: return nil
        }
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

    // MARK: Uses

    /// Whether no more than one node of the program needs the value, as far as the pass has come.
    func isUsedOnce(_ id: ValueID) -> Bool { id >= uses.count || uses[id] <= 1 }

    mutating func beginPass() { uses = [Int](repeating: 0, count: builder.nodes.count) }

    mutating func note(uses count: Int, of id: ValueID) {
        while uses.count <= id { uses.append(0) }
        uses[id] += count
    }

    // MARK: Ranges

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

    /// The axes of the layer along which the value changes.
    mutating func extent(_ id: ValueID) -> LayerExtent {
        while extents.count <= id {
            let node = builder.nodes[extents.count]
            extents.append(LayerExtent.of(node, operands: node.operands.map { extents[$0] }))
        }
        return extents[id]
    }
}
