/// Says what is wrong with a program; every pass and printer may rely on what is checked here.
///
/// A valid program: operands precede their users; every operator has as many operands as its row says, of its types;
/// a parameter's index names a parameter; shifts are by whole numbers; payloads of other operators are 0; constants are numbers (infinities are
/// allowed: INFINITY is a word of C, and a comparison with it is harmless; NaN is not); initial values are finite;
/// there is an output, and outputs are real.
package enum Verifier {
    /// One sentence per fault; empty for a valid program.
    package static func verify(_ program: Program) -> [String] {
        var faults: [String] = []
        var types: [ValueType] = []
        for (id, node) in program.nodes.enumerated() {
            let operandFault = checkOperands(of: node, before: id, types: types)
            if let operandFault { faults.append("node \(id) (\(node.op.name)): \(operandFault)") }
            if let fault = checkPayload(of: node, parameters: program.parameters.count) {
                faults.append("node \(id) (\(node.op.name)): \(fault)")
            }
            let isSound = operandFault == nil
            types.append(
                node.op == .select && isSound ? types[node.operands[1]] : OperatorTable[node.op].resultType)
        }
        for (index, parameter) in program.parameters.enumerated() where !parameter.initial.isFinite {
            faults.append(
                "parameter \(index) (\(parameter.name)): the initial value \(parameter.initial) is not finite")
        }
        if program.outputs.isEmpty { faults.append("the program has no output") }
        for output in program.outputs {
            if !program.nodes.indices.contains(output) {
                faults.append("output \(output) is not a node")
            } else if types[output] != .real {
                faults.append("output \(output) is not real")
            }
        }
        return faults
    }

    /// Whether any output depends on the pre-activation, as an activation function must.
    package static func readsInput(_ program: Program) -> Bool {
        zip(program.nodes, program.isLive).contains { node, isLive in isLive && node.op == .input }
    }

    private static func checkOperands(of node: Node, before id: ValueID, types: [ValueType]) -> String? {
        let row = OperatorTable[node.op]
        guard node.operands.count == row.arity else {
            return "has \(node.operands.count) operands, needs \(row.arity)"
        }
        for operand in node.operands where operand < 0 || operand >= id {
            return "operand \(operand) does not precede it"
        }
        var expected = row.operandTypes
        if node.op == .select, types[node.operands[1]] == .boolean { expected = [.boolean, .boolean, .boolean] }
        for (operand, type) in zip(node.operands, expected) where types[operand] != type {
            return "operand \(operand) is \(types[operand].rawValue), must be \(type.rawValue)"
        }
        return nil
    }

    private static func checkPayload(of node: Node, parameters: Int) -> String? {
        switch node.op {
        case .constant:
            return node.payload.isNaN ? "the constant is not a number" : nil
        case .parameter:
            let isIndex =
                node.payload >= 0 && node.payload < Double(parameters) && node.payload.rounded() == node.payload
            return isIndex ? nil : "there is no parameter \(node.payload)"
        case .unitShift:
            let isPlaces = abs(node.payload) <= LayerLimits.shift && node.payload.rounded() == node.payload
            return isPlaces ? nil : "shifts by \(node.payload), must be a whole number of at most \(LayerLimits.shift)"
        default:
            return node.payload == 0 ? nil : "has the payload \(node.payload), must have none"
        }
    }
}
