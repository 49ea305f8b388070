import ActivationIR

/// Recognises spellings of the logistic family that overflow or cancel, and replaces them by the stable operators.
///
/// With u any value:
/// - a/(1 + exp(u)) → a·sigmoid(−u); exp(u)/(1 + exp(u)) → sigmoid(u); a·exp(u)/(1 + exp(u)) → a·sigmoid(u)
/// - log(1 + exp(u)), log1p(exp(u)) → softplus(u)
/// - ½·(1 + tanh(u)), ½ + ½·tanh(u) → sigmoid(2u), also within a product with a third factor
/// - (exp(u) − exp(−u))/(exp(u) + exp(−u)) → tanh(u); ±(exp(u) − 1)/(exp(u) + 1) → ±tanh(u/2)
/// - above or below a fraction bar exp(u) − 1 → expm1(u) and log(1 + u) → log1p(u): near 0, where such quotients have
///   their removable singularities, float32 leaves no digit of the difference
/// What needs constants in front is found in the second round, after `AlgebraicIdentities`.
enum StableIdioms: RewritingPass {
    static let name = "stable-idioms"

    static func rewrite(_ editor: inout Editor, _ node: Node) -> ValueID? {
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
        guard let u = onePlusExp(editor, b) else { return exactNearZero(&editor, a, b) }
        if let (v, sign) = expLessOne(editor, a), v == u {
            let half = editor.builder.constant(0.5)
            let angle = editor.builder.binary(.multiply, half, u)
            let value = editor.builder.unary(.tanh, angle)
            return sign < 0 ? editor.builder.unary(.negate, value) : value
        }
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

    /// u and ±1, if `id` is ±(exp(u) − 1).
    private static func expLessOne(_ editor: Editor, _ id: ValueID) -> (u: ValueID, sign: Double)? {
        if let sum = editor.operands(id, of: .add), let (constant, other) = editor.constantAndOther(sum[0], sum[1]),
            constant == -1
        {
            return editor.operands(other, of: .exp).map { ($0[0], 1) }
        }
        guard let parts = editor.operands(id, of: .subtract) else { return nil }
        if editor.constant(parts[1]) == 1 { return editor.operands(parts[0], of: .exp).map { ($0[0], 1) } }
        return editor.constant(parts[0]) == 1 ? editor.operands(parts[1], of: .exp).map { ($0[0], -1) } : nil
    }

    /// a/b with differences that keep their digits near zero.
    private static func exactNearZero(_ editor: inout Editor, _ a: ValueID, _ b: ValueID) -> ValueID? {
        let numerator = exactNearZero(&editor, a)
        let divisor = exactNearZero(&editor, b)
        guard numerator != nil || divisor != nil else { return nil }
        return editor.builder.binary(.divide, numerator ?? a, divisor ?? b)
    }

    private static func exactNearZero(_ editor: inout Editor, _ id: ValueID) -> ValueID? {
        // What others use too would be computed twice.
        guard editor.isUsedOnce(id) else { return nil }
        if let (u, sign) = expLessOne(editor, id) {
            let exponential = editor.builder.unary(.exp, u)
            guard editor.isUsedOnce(exponential) else { return nil }
            let value = editor.builder.unary(.expm1, u)
            return sign < 0 ? editor.builder.unary(.negate, value) : value
        }
        guard let sum = editor.operands(id, of: .log).flatMap({ editor.operands($0[0], of: .add) }),
            let (one, u) = editor.constantAndOther(sum[0], sum[1]), one == 1
        else { return nil }
        return editor.builder.unary(.log1p, u)
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
