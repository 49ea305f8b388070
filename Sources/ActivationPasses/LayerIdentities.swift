import ActivationIR

/// Statistics and shifts along an axis on which their operand does not change: the operand itself, or a multiple of it.
enum LayerIdentities: RewritingPass {
    static let name = "layer-identities"

    static func rewrite(_ editor: inout Editor, _ node: Node) -> ValueID? {
        guard let operand = node.operands.first else { return nil }
        switch OperatorTable[node.op].value {
        case .shift:
            if node.payload == 0 || !editor.extent(operand).contains(.unit) { return operand }
            guard editor.operands(operand, of: .unitShift) != nil else { return nil }
            let inner = editor.node(operand)
            let places = inner.payload + node.payload
            guard abs(places) <= LayerLimits.shift else { return nil }
            return editor.builder.append(.unitShift, inner.operands, payload: places)
        case .reduction(let reduction, let axis):
            let axes: LayerExtent = axis == .batch ? .batch : axis == .unit ? .unit : .element
            guard editor.extent(operand).isDisjoint(with: axes) else { return nil }
            if reduction != .sum { return operand }
            guard axis == .unit else { return nil }
            let count = editor.builder.append(.unitCount)
            return editor.builder.binary(.multiply, count, operand)
        default: return nil
        }
    }
}
