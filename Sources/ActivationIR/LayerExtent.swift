/// Along which axes of a layer a value changes: a value that changes along none is one number a layer.
package struct LayerExtent: OptionSet, Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let batch = LayerExtent(rawValue: 1)
    package static let unit = LayerExtent(rawValue: 2)
    package static let element: LayerExtent = [.batch, .unit]

    /// - Parameter operands: the operands' extents.
    package static func of(_ node: Node, operands: [LayerExtent]) -> LayerExtent {
        let together = operands.reduce(into: LayerExtent()) { $0.formUnion($1) }
        switch OperatorTable[node.op].value {
        case .leaf:
            switch node.op {
            case .input, .cotangent: return .element
            case .unitIndex: return .unit
            default: return []
            }
        case .reduction(_, .batch): return together.subtracting(.batch)
        case .reduction(_, .unit): return together.subtracting(.unit)
        case .reduction(_, .tensor): return []
        case .shift, .unary, .binary, .ternary: return together
        }
    }
}

extension Program {
    /// For every node, the axes along which it may change.
    package var extents: [LayerExtent] {
        var extents: [LayerExtent] = []
        extents.reserveCapacity(nodes.count)
        for node in nodes { extents.append(LayerExtent.of(node, operands: node.operands.map { extents[$0] })) }
        return extents
    }
}
