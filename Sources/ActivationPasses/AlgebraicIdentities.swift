import ActivationIR

/// Identities of arithmetic that hold for all finite values, the sign of zero aside.
///
/// 0·a, a − a and comparisons of a with itself are decided only where `Interval` shows that a is finite. Constants move
/// to the front of sums and products and merge there; minus signs move outward and cancel. Division by a constant
/// becomes multiplication: exact for powers of two, else one rounding more, which is no more than the float32 literal
/// itself costs.
enum AlgebraicIdentities: RewritingPass {
    static let name = "algebraic-identities"

    static func rewrite(_ editor: inout Editor, _ node: Node) -> ValueID? {
        let operands = node.operands
        switch node.op {
        case .add: return add(&editor, operands[0], operands[1])
        case .subtract: return subtract(&editor, operands[0], operands[1])
        case .multiply: return multiply(&editor, operands[0], operands[1])
        case .divide: return divide(&editor, operands[0], operands[1])
        case .negate: return negate(&editor, operands[0])
        case .fusedMultiplyAdd:
            let product = editor.builder.binary(.multiply, operands[0], operands[1])
            return editor.builder.binary(.add, product, operands[2])
        case .sin, .tan, .asin, .atan, .sinh, .tanh, .asinh, .atanh, .erf, .cubeRoot:
            guard let inner = editor.operands(operands[0], of: .negate) else { return nil }
            let value = editor.builder.unary(node.op, inner[0])
            return editor.builder.unary(.negate, value)
        case .cos, .cosh:
            return editor.operands(operands[0], of: .negate).map { editor.builder.unary(node.op, $0[0]) }
        default: return nil
        }
    }

    private static func add(_ editor: inout Editor, _ a: ValueID, _ b: ValueID) -> ValueID? {
        if let inner = editor.operands(b, of: .negate) { return editor.builder.binary(.subtract, a, inner[0]) }
        if let inner = editor.operands(a, of: .negate) { return editor.builder.binary(.subtract, b, inner[0]) }
        if a == b { return product(&editor, 2, a) }
        guard let (constant, other) = editor.constantAndOther(a, b) else { return nil }
        if constant == 0 { return other }
        if let inner = editor.operands(other, of: .add), let known = editor.constant(inner[0]), known.isFinite {
            return sum(&editor, constant + known, inner[1])
        }
        if let inner = editor.operands(other, of: .subtract), let known = editor.constant(inner[0]), known.isFinite {
            let total = editor.builder.constant(constant + known)
            return editor.builder.binary(.subtract, total, inner[1])
        }
        return editor.constant(a) == nil ? sum(&editor, constant, other) : nil
    }

    private static func subtract(_ editor: inout Editor, _ a: ValueID, _ b: ValueID) -> ValueID? {
        if let inner = editor.operands(b, of: .negate) { return editor.builder.binary(.add, a, inner[0]) }
        if a == b { return editor.isFinite(a) ? editor.builder.constant(0) : nil }
        if let constant = editor.constant(b), constant.isFinite { return sum(&editor, -constant, a) }
        guard let constant = editor.constant(a) else { return nil }
        if constant == 0 { return editor.builder.unary(.negate, b) }
        if let inner = editor.operands(b, of: .add), let known = editor.constant(inner[0]), known.isFinite {
            let total = editor.builder.constant(constant - known)
            return editor.builder.binary(.subtract, total, inner[1])
        }
        if let inner = editor.operands(b, of: .subtract), let known = editor.constant(inner[0]), known.isFinite {
            return sum(&editor, constant - known, inner[1])
        }
        return nil
    }

    private static func multiply(_ editor: inout Editor, _ a: ValueID, _ b: ValueID) -> ValueID? {
        if let (constant, other) = editor.constantAndOther(a, b) {
            if constant == 0 { return editor.isFinite(other) ? editor.builder.constant(0) : nil }
            if constant == 1 { return other }
            if constant == -1 { return editor.builder.unary(.negate, other) }
            if let inner = editor.operands(other, of: .negate) { return product(&editor, -constant, inner[0]) }
            if let inner = editor.operands(other, of: .multiply), let known = editor.constant(inner[0]),
                isHarmless(constant * known)
            {
                return product(&editor, constant * known, inner[1])
            }
            if let inner = editor.operands(other, of: .divide), let known = editor.constant(inner[0]),
                isHarmless(constant * known)
            {
                let numerator = editor.builder.constant(constant * known)
                return editor.builder.binary(.divide, numerator, inner[1])
            }
            if let merged = mergeInto(&editor, other, constant) { return merged }
            return editor.constant(a) == nil ? product(&editor, constant, other) : nil
        }
        if let scaled = editor.operands(b, of: .multiply), editor.isUsedOnce(b),
            let constant = editor.constant(scaled[0]), let merged = mergeInto(&editor, a, constant, alone: true)
        {
            return editor.builder.binary(.multiply, merged, scaled[1])
        }
        if let inner = editor.operands(a, of: .negate) {
            let value = editor.builder.binary(.multiply, inner[0], b)
            return editor.builder.unary(.negate, value)
        }
        if let inner = editor.operands(b, of: .negate) {
            let value = editor.builder.binary(.multiply, a, inner[0])
            return editor.builder.unary(.negate, value)
        }
        // (1/a)·b → b/a, either way round; a reciprocal that others use too is cheaper as a factor.
        for (quotient, factor) in [(a, b), (b, a)] {
            if let inner = editor.operands(quotient, of: .divide), editor.constant(inner[0]) == 1,
                editor.isUsedOnce(quotient) || editor.mayVanish(inner[1])
            {
                return editor.builder.binary(.divide, factor, inner[1])
            }
        }
        return nil
    }

    /// constant · value, if the value has a constant factor of its own to merge with: (k·a)·b → ((constant·k)·a)·b. Only
    /// where (constant·k)·a is finite as a and k·a are, and nothing else needs k·a.
    private static func mergeInto(
        _ editor: inout Editor, _ value: ValueID, _ constant: Double, alone: Bool = false
    ) -> ValueID? {
        guard editor.isUsedOnce(value), let factors = editor.operands(value, of: .multiply) else {
            return nil
        }
        if let known = editor.constant(factors[0]) {
            guard alone, isHarmless(constant * known) else { return nil }
            let scaled = product(&editor, constant * known, factors[1])
            return editor.isFinite(scaled) ? scaled : nil
        }
        for (place, factor) in factors.enumerated() {
            guard editor.isUsedOnce(factor), let inner = editor.operands(factor, of: .multiply),
                let known = editor.constant(inner[0]), isHarmless(constant * known)
            else { continue }
            let scaled = product(&editor, constant * known, inner[1])
            guard editor.isFinite(scaled) else { continue }
            return editor.builder.binary(.multiply, scaled, factors[1 - place])
        }
        return nil
    }

    private static func divide(_ editor: inout Editor, _ a: ValueID, _ b: ValueID) -> ValueID? {
        if let constant = editor.constant(b), constant.isFinite, constant != 0, isHarmless(1 / constant) {
            return product(&editor, 1 / constant, a)
        }
        if let inner = editor.operands(b, of: .negate) {
            let value = editor.builder.binary(.divide, a, inner[0])
            return editor.builder.unary(.negate, value)
        }
        if let inner = editor.operands(a, of: .negate) {
            let value = editor.builder.binary(.divide, inner[0], b)
            return editor.builder.unary(.negate, value)
        }
        // A divisor that others use too would be multiplied out all the same.
        if editor.isUsedOnce(b), let constant = editor.constant(a),
            let inner = editor.operands(b, of: .multiply),
            let known = editor.constant(inner[0]), known != 0, isHarmless(constant / known)
        {
            let numerator = editor.builder.constant(constant / known)
            return editor.builder.binary(.divide, numerator, inner[1])
        }
        return nil
    }

    private static func negate(_ editor: inout Editor, _ a: ValueID) -> ValueID? {
        let node = editor.node(a)
        switch node.op {
        case .negate: return node.operands[0]
        case .subtract: return editor.builder.binary(.subtract, node.operands[1], node.operands[0])
        case .multiply:
            guard let constant = editor.constant(node.operands[0]) else { return nil }
            return product(&editor, -constant, node.operands[1])
        case .divide:
            guard let constant = editor.constant(node.operands[0]) else { return nil }
            let numerator = editor.builder.constant(-constant)
            return editor.builder.binary(.divide, numerator, node.operands[1])
        default: return nil
        }
    }

    private static func sum(_ editor: inout Editor, _ constant: Double, _ other: ValueID) -> ValueID {
        let first = editor.builder.constant(constant)
        return editor.builder.binary(.add, first, other)
    }

    private static func product(_ editor: inout Editor, _ constant: Double, _ other: ValueID) -> ValueID {
        let first = editor.builder.constant(constant)
        return editor.builder.binary(.multiply, first, other)
    }

    /// Whether a merged constant is a normal float32 number: it neither overflows nor loses digits.
    private static func isHarmless(_ constant: Double) -> Bool {
        Float(constant).isNormal
    }
}
