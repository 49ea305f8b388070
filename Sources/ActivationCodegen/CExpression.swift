import ActivationIR

/// Nodes as C expressions and statements over float (booleans are int).
enum CExpression {
    /// For which operands a call must be right where the table has a faster one for operands near 0.
    enum Reach {
        case near, all
    }

    /// Decimal text that reads back as exactly this float.
    static func literal(_ value: Double) -> String {
        let single = Float(value)
        if single.isInfinite { return single < 0 ? "-__builtin_inff()" : "__builtin_inff()" }
        if single.isNaN { return "__builtin_nanf(\"\")" }
        let digits = single.description  // Shortest that round-trips: "0.1", "1e-05", "3.0".
        return single.sign == .minus ? "(\(digits)f)" : "\(digits)f"
    }

    /// The expression that computes `node`, of type `type`; `name` says what its operands are called.
    static func text(of node: Node, type: ValueType, reach: Reach, name: (ValueID) -> String) -> String {
        let operands = node.operands.map(name)
        let list = operands.joined(separator: ", ")
        return switch OperatorTable[node.op].spelling {
        case .leaf, .layer: ""
        case .infix(let symbol): "\(operands[0]) \(symbol) \(operands[1])"
        case .prefix(let symbol): symbol + operands[0]
        case .mathFunction(let function): "evt_\(function)(\(list))"
        case .builtin(let function), .helper(let function): "\(function)(\(list))"
        case .ranged(let helper, let library): reach == .near ? "\(helper)(\(list))" : "evt_\(library)(\(list))"
        case .conditional:
            type == .real
                ? "evt_select(\(list))" : "(\(operands[0]) & \(operands[1])) | (!\(operands[0]) & \(operands[2]))"
        case .multiplyAdd: "\(operands[0]) * \(operands[1]) + \(operands[2])"
        }
    }
}
