/// Appends nodes to a program under construction. Equal nodes are shared (hash-consing), nothing else is simplified.
package struct ProgramBuilder: Sendable {
    /// A node's identity in three words: hashing these is quicker than hashing an array.
    private struct Key: Hashable {
        let first: UInt64
        let second: UInt64
        let payload: UInt64

        init(_ op: Operator, _ operands: [ValueID], _ payload: Double) {
            func word(_ index: Int) -> UInt64 {
                index < operands.count ? UInt64(truncatingIfNeeded: operands[index]) + 1 : 0
            }
            first = UInt64(op.rawValue) << 32 | word(0)
            second = word(2) << 32 | word(1)
            self.payload = payload.bitPattern
        }
    }

    package private(set) var nodes: [Node] = []
    package private(set) var parameters: [Parameter] = []
    private var known: [Key: ValueID] = [:]
    /// Source line given to the nodes appended from now on.
    package var line = 0

    package init() {}

    /// Starts from an existing program, so that a pass can go on from it.
    package init(extending program: Program) {
        parameters = program.parameters
        nodes.reserveCapacity(2 * program.nodes.count)
        known.reserveCapacity(2 * program.nodes.count)
        for node in program.nodes {
            let key = Key(node.op, node.operands, node.payload)
            if known[key] == nil { known[key] = nodes.count }
            nodes.append(node)
        }
    }

    package mutating func append(_ op: Operator, _ operands: [ValueID] = [], payload: Double = 0) -> ValueID {
        let key = Key(op, operands, payload)
        if let value = known[key] { return value }
        nodes.append(Node(op, operands, payload: payload, line: line))
        known[key] = nodes.count - 1
        return nodes.count - 1
    }

    package mutating func input() -> ValueID { append(.input) }

    package mutating func constant(_ value: Double) -> ValueID { append(.constant, payload: value) }

    package mutating func unary(_ op: Operator, _ a: ValueID) -> ValueID { append(op, [a]) }

    package mutating func binary(_ op: Operator, _ a: ValueID, _ b: ValueID) -> ValueID { append(op, [a, b]) }

    /// `condition ? a : b`.
    package mutating func select(_ condition: ValueID, _ a: ValueID, _ b: ValueID) -> ValueID {
        append(.select, [condition, a, b])
    }

    /// A new trainable scalar; each call makes another one.
    package mutating func trainable(name: String, initial: Double) -> ValueID {
        parameters.append(Parameter(name: name, initial: initial))
        return append(.parameter, payload: Double(parameters.count - 1))
    }

    package func finish(outputs: [ValueID]) -> Program {
        Program(nodes: nodes, parameters: parameters, outputs: outputs)
    }
}
