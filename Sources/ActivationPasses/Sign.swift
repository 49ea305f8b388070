import ActivationIR

/// What is known of a value's sign, also where it may grow beyond float32, which an `Interval` does not cover. Negative
/// values are of no interest: divisors are what this is asked of.
enum Sign {
    case positive, nonNegative, unknown

    /// - Parameter operands: the operands' signs.
    static func of(_ node: Node, operands: [Sign]) -> Sign {
        switch node.op {
        case .constant: node.payload > 0 ? .positive : node.payload == 0 ? .nonNegative : .unknown
        case .unitCount, .cosh: .positive
        case .absolute, .squareRoot, .exp, .exp2, .softplus, .sigmoid, .hypot, .erfc: .nonNegative
        case .add:
            operands.contains(.unknown) ? .unknown : operands.contains(.positive) ? .positive : .nonNegative
        case .multiply:
            // Products of positive numbers may underflow.
            node.operands[0] == node.operands[1] || !operands.contains(.unknown) ? .nonNegative : .unknown
        case .divide: operands.contains(.unknown) ? .unknown : .nonNegative
        case .maximum:
            operands.contains(.positive) ? .positive : operands.contains(.nonNegative) ? .nonNegative : .unknown
        case .select where operands.dropFirst().allSatisfy { $0 == .positive }: .positive
        case .select where !operands.dropFirst().contains(.unknown): .nonNegative
        default: .unknown
        }
    }
}
