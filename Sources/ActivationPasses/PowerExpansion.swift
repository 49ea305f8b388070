import ActivationIR

/// Powers with known exponents as products and roots; roots of squares.
///
/// pow(a, n) for whole n up to 8 in size is a chain of products (a reciprocal of one for n < 0): equal to C's pow for all
/// a but for rounding. pow(a, ±½) is a square root; pow(2, a) is exp2.
/// Other exponents stay: pow(a, 1.5) as a·√a would have no derivative at 0.
enum PowerExpansion: RewritingPass {
    static let name = "power-expansion"

    private static let greatestExponent = 8.0

    static func rewrite(_ editor: inout Editor, _ node: Node) -> ValueID? {
        switch node.op {
        case .pow: return expand(&editor, base: node.operands[0], exponent: node.operands[1])
        case .squareRoot:
            guard let factors = editor.operands(node.operands[0], of: .multiply), factors[0] == factors[1] else {
                return nil
            }
            return editor.builder.unary(.absolute, factors[0])
        case .multiply:
            // |a|·|a| = a·a.
            guard node.operands[0] == node.operands[1],
                let inner = editor.operands(node.operands[0], of: .absolute)
            else { return nil }
            return editor.builder.binary(.multiply, inner[0], inner[0])
        default: return nil
        }
    }

    private static func expand(_ editor: inout Editor, base: ValueID, exponent: ValueID) -> ValueID? {
        if editor.constant(base) == 2 { return editor.builder.unary(.exp2, exponent) }
        guard let value = editor.constant(exponent) else { return nil }
        if value == 0.5 { return editor.builder.unary(.squareRoot, base) }
        if value == -0.5 {
            let root = editor.builder.unary(.squareRoot, base)
            return reciprocal(&editor, root)
        }
        guard value.rounded() == value, abs(value) <= greatestExponent else { return nil }
        if value == 0 { return editor.builder.constant(1) }
        let product = power(&editor, base, Int(abs(value)))
        return value < 0 ? reciprocal(&editor, product) : product
    }

    private static func reciprocal(_ editor: inout Editor, _ a: ValueID) -> ValueID {
        let one = editor.builder.constant(1)
        return editor.builder.binary(.divide, one, a)
    }

    /// base^exponent by repeated squaring; exponent ≥ 1.
    private static func power(_ editor: inout Editor, _ base: ValueID, _ exponent: Int) -> ValueID {
        if exponent == 1 { return base }
        let half = power(&editor, base, exponent / 2)
        let square = editor.builder.binary(.multiply, half, half)
        return exponent.isMultiple(of: 2) ? square : editor.builder.binary(.multiply, square, base)
    }
}
