import ActivationIR

/// Recognises spellings of the logistic family that overflow or cancel, and replaces them by the stable operators.
///
/// With u any value:
/// - a/(1 + exp(u)) → a·sigmoid(−u); exp(u)/(1 + exp(u)) → sigmoid(u); a·exp(u)/(1 + exp(u)) → a·sigmoid(u)
/// - log(1 + exp(u)), log1p(exp(u)) → softplus(u)
/// - ½·(1 + tanh(u)), ½ + ½·tanh(u) → sigmoid(2u), also within a product with a third factor
/// - (exp(u) − exp(−u))/(exp(u) + exp(−u)) → tanh(u)
/// What needs constants in front is found in the second round, after `AlgebraicIdentities`.
enum StableIdioms: ProgramPass {
    static func run(_ program: Program) -> Program {
        Rewriter.rewrite(program) { editor, node in
            switch node.op {
            case .divide: return quotient(&editor, node.operands[0], node.operands[1])
            case .log: return onePlusExp(editor, node.operands[0]).map { editor.builder.unary(.softplus, $0) }
            case .log1p:
                return editor.operands(node.operands[0], of: .exp).map { editor.builder.unary(.softplus, $0[0]) }
            case .multiply: return halfOfOnePlusTanh(&editor, node.operands[0], node.operands[1])
            case .add: return halfPlusHalfTanh(&editor, node.operands[0], node.operands[1])
            default: return nil
            }
        }
    }

    /// u, if `id` is 1 + exp(u).
    private static func onePlusExp(_ editor: Editor, _ id: ValueID) -> ValueID? {
        guard let sum = editor.operands(id, of: .add), let (one, other) = editor.constantAndOther(sum[0], sum[1]),
            one == 1
        else { return nil }
        return editor.operands(other, of: .exp)?[0]
    }

    /// u, if `id` is 1 + tanh(u).
    private static func onePlusTanh(_ editor: Editor, _ id: ValueID) -> ValueID? {
        guard let sum = editor.operands(id, of: .add), let (one, other) = editor.constantAndOther(sum[0], sum[1]),
            one == 1
        else { return nil }
        return editor.operands(other, of: .tanh)?[0]
    }

    private static func quotient(_ editor: inout Editor, _ a: ValueID, _ b: ValueID) -> ValueID? {
        if let u = hyperbolicTangent(editor, a, b) { return editor.builder.unary(.tanh, u) }
        guard let u = onePlusExp(editor, b) else { return nil }
        if editor.operands(a, of: .exp)?[0] == u { return editor.builder.unary(.sigmoid, u) }
        for (factor, other) in swaps(editor.operands(a, of: .multiply))
        where editor.operands(other, of: .exp)?[0] == u {
            let gate = editor.builder.unary(.sigmoid, u)
            return editor.builder.binary(.multiply, factor, gate)
        }
        let opposite = editor.builder.unary(.negate, u)
        let gate = editor.builder.unary(.sigmoid, opposite)
        return editor.builder.binary(.multiply, a, gate)
    }

    /// Two operands in both orders.
    private static func swaps(_ operands: [ValueID]?) -> [(ValueID, ValueID)] {
        guard let operands else { return [] }
        return [(operands[0], operands[1]), (operands[1], operands[0])]
    }

    /// u, if a/b is (exp(u) − exp(−u))/(exp(u) + exp(−u)).
    private static func hyperbolicTangent(_ editor: Editor, _ a: ValueID, _ b: ValueID) -> ValueID? {
        guard let difference = editor.operands(a, of: .subtract), let sum = editor.operands(b, of: .add),
            Set(sum) == Set(difference), sum[0] != sum[1],
            let u = editor.operands(difference[0], of: .exp)?[0], let v = editor.operands(difference[1], of: .exp)?[0]
        else { return nil }
        let isOpposite = editor.operands(v, of: .negate)?[0] == u || editor.operands(u, of: .negate)?[0] == v
        return isOpposite ? u : nil
    }

    /// ½·(1 + tanh(u)), or (½·a)·(1 + tanh(u)), or ½·(a·(1 + tanh(u))).
    private static func halfOfOnePlusTanh(_ editor: inout Editor, _ a: ValueID, _ b: ValueID) -> ValueID? {
        for (left, right) in [(a, b), (b, a)] {
            if let u = onePlusTanh(editor, right) {
                if editor.constant(left) == 0.5 { return gate(&editor, u) }
                guard let half = editor.operands(left, of: .multiply), let factor = editor.constant(half[0]) else {
                    continue
                }
                let value = gate(&editor, u)
                let doubled = editor.builder.constant(2 * factor)
                let scaled = editor.builder.binary(.multiply, doubled, half[1])
                return editor.builder.binary(.multiply, scaled, value)
            }
            guard editor.constant(left) == 0.5, let inner = editor.operands(right, of: .multiply) else { continue }
            for (place, factor) in inner.enumerated() {
                guard let u = onePlusTanh(editor, factor) else { continue }
                let value = gate(&editor, u)
                return editor.builder.binary(.multiply, inner[1 - place], value)
            }
        }
        return nil
    }

    private static func halfPlusHalfTanh(_ editor: inout Editor, _ a: ValueID, _ b: ValueID) -> ValueID? {
        guard let (half, other) = editor.constantAndOther(a, b), half == 0.5,
            let product = editor.operands(other, of: .multiply), editor.constant(product[0]) == 0.5,
            let u = editor.operands(product[1], of: .tanh)?[0]
        else { return nil }
        return gate(&editor, u)
    }

    private static func gate(_ editor: inout Editor, _ u: ValueID) -> ValueID {
        let two = editor.builder.constant(2)
        let doubled = editor.builder.binary(.multiply, two, u)
        return editor.builder.unary(.sigmoid, doubled)
    }
}
