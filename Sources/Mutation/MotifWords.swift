import ActivationIR

extension Motif {
    /// As a fragment of C, for a model: x * sigmoid(x) for multiply(sigmoid, x). Whatever a function is called with is x there,
    /// any other expression `...`, any number c and any trained one a.
    ///
    /// - Returns: nil for what is no motif.
    static func fragment(_ motif: String) -> String? {
        guard let (operation, operands) = parts(of: motif) else { return nil }
        func operand(_ op: Operator, isArgument: Bool) -> String {
            switch op {
            case .input: "x"
            case .constant: "c"
            case .parameter: "a"
            case .unitIndex, .unitCount: "\(op.name)()"
            default:
                isFunction(op)
                    ? "\(spelling(op))(\(OperatorTable[op].arity == 1 ? "x" : "x, c"))" : isArgument ? "..." : "(...)"
            }
        }
        func text(_ place: Int) -> String { operand(ordered[place], isArgument: false) }
        // Factors and terms begin with the simplest.
        let isSum = OperatorTable[operation].isCommutative && !isFunction(operation)
        let ordered = isSum ? operands.filter(isValue) + operands.filter { !isValue($0) } : operands
        switch (OperatorTable[operation].spelling, ordered.count) {
        case (.infix(let symbol), 2): return "\(text(0)) \(symbol) \(text(1))"
        case (.prefix(let symbol), 1): return symbol + text(0)
        case (.conditional, 3): return "\(text(0)) ? \(text(1)) : \(text(2))"
        case (.multiplyAdd, 3): return "\(text(0)) * \(text(1)) + \(text(2))"
        default:
            return "\(spelling(operation))(\(ordered.map { operand($0, isArgument: true) }.joined(separator: ", ")))"
        }
    }

    private static func isValue(_ op: Operator) -> Bool { [.input, .constant, .parameter].contains(op) }

    /// The language's name of a function.
    private static func spelling(_ op: Operator) -> String {
        switch (op, OperatorTable[op].spelling) {
        case (.minimum, _): "fminf"
        case (.maximum, _): "fmaxf"
        case (.remainder, _): "fmodf"
        case (.exp, _), (.erf, _): op.name + "f"
        case (_, .mathFunction(let name)), (_, .ranged(_, let name)): name
        case (_, .builtin(let name)): String(name.trimmingPrefix("__builtin_"))
        default: op.name
        }
    }
}
