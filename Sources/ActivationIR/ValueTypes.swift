extension Program {
    /// The type of every node's value. The program is verified: operands precede their users.
    package var types: [ValueType] {
        var types: [ValueType] = []
        types.reserveCapacity(nodes.count)
        for node in nodes {
            types.append(node.op == .select ? types[node.operands[1]] : OperatorTable[node.op].resultType)
        }
        return types
    }

    /// For every node, whether an output depends on it.
    package var isLive: [Bool] { Self.isLive(nodes, outputs: outputs) }

    package static func isLive(_ nodes: [Node], outputs: [ValueID]) -> [Bool] {
        var live = [Bool](repeating: false, count: nodes.count)
        for output in outputs { live[output] = true }
        for id in nodes.indices.reversed() where live[id] {
            for operand in nodes[id].operands { live[operand] = true }
        }
        return live
    }

    /// Whether an output depends on the layer around the element, and not on the element alone.
    package var readsLayer: Bool {
        zip(nodes, isLive).contains { node, isLive in isLive && OperatorTable[node.op].readsLayer }
    }

    /// For every node, whether its value changes from element to element; the others are the same in a whole layer.
    package var dependsOnInput: [Bool] {
        var depends: [Bool] = []
        depends.reserveCapacity(nodes.count)
        for node in nodes {
            depends.append(node.op == .input || node.operands.contains { depends[$0] })
        }
        return depends
    }
}
