import ActivationIR

/// The range of a value over all pre-activations up to 2⁶³ in size and trainables up to 2²⁰, if it is finite there in
/// float32; the licence to treat 0·a or a − a as zero. Bounds may be wider than need be, never narrower (but for
/// rounding).
struct Interval: Hashable {
    var low: Double
    var high: Double

    /// Nil unless both bounds are numbers within the range of float32.
    init?(_ low: Double, _ high: Double) {
        let limit = Double(Float.greatestFiniteMagnitude)
        guard low >= -limit, high <= limit, low <= high else { return nil }
        self.low = low
        self.high = high
    }

    /// - Parameter operands: the operands' intervals; nil where nothing is known.
    static func of(_ node: Node, operands: [Interval?]) -> Interval? {
        switch node.op {
        case .input: return Interval(-0x1p63, 0x1p63)
        case .parameter: return Interval(-0x1p20, 0x1p20)
        case .cotangent: return Interval(-0x1p63, 0x1p63)
        case .unitIndex: return Interval(0, 0x1p20)
        case .unitCount: return Interval(1, 0x1p20)
        case .batchMean, .batchMax, .unitMean, .unitMax, .tensorMean, .tensorMax, .unitShift: return operands[0]
        case .constant: return Interval(node.payload, node.payload)
        case .sin, .cos, .tanh, .erf: return operands[0] == nil ? nil : Interval(-1, 1)
        case .sigmoid: return operands[0] == nil ? nil : Interval(0, 1)
        case .select:
            guard let a = operands[1], let b = operands[2] else { return nil }
            return Interval(min(a.low, b.low), max(a.high, b.high))
        default: break
        }
        let known = operands.compactMap { $0 }
        guard known.count == operands.count, let a = known.first else { return nil }
        switch known.count {
        case 1: return unary(node.op, a)
        case 2: return binary(node, a, known[1])
        default: return nil
        }
    }

    private static func unary(_ op: Operator, _ a: Interval) -> Interval? {
        switch op {
        case .negate: return Interval(-a.high, -a.low)
        case .absolute: return Interval(max(0, a.low, -a.high), max(a.high, -a.low))
        case .erfc: return Interval(0, 2)
        case .exp, .exp2, .expm1, .log, .log2, .log10, .log1p, .squareRoot, .cubeRoot, .sinh, .asinh, .atan, .softplus,
            .floor, .ceiling, .truncate, .roundEven:
            // These rise with their operand; outside their domain the bound is NaN, and so no interval.
            let value = OperatorTable[op]
            return Interval(value([a.low]), value([a.high]))
        default: return nil
        }
    }

    private static func binary(_ node: Node, _ a: Interval, _ b: Interval) -> Interval? {
        switch node.op {
        case .add: return Interval(a.low + b.low, a.high + b.high)
        case .subtract: return Interval(a.low - b.high, a.high - b.low)
        case .multiply, .maskedMultiply:
            if node.operands[0] == node.operands[1] {
                let size = max(a.low, -a.low, a.high, -a.high)
                let least = a.low <= 0 && a.high >= 0 ? 0 : min(abs(a.low), abs(a.high))
                return Interval(least * least, size * size)
            }
            let corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
            guard let low = corners.min(), let high = corners.max() else { return nil }
            return Interval(
                min(low, node.op == .maskedMultiply ? 0 : low), max(high, node.op == .maskedMultiply ? 0 : high))
        case .divide:
            guard b.low > 0 || b.high < 0 else { return nil }
            let corners = [a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high]
            guard let low = corners.min(), let high = corners.max() else { return nil }
            return Interval(low, high)
        case .minimum: return Interval(min(a.low, b.low), min(a.high, b.high))
        case .maximum: return Interval(max(a.low, b.low), max(a.high, b.high))
        case .copySign:
            let size = max(abs(a.low), abs(a.high))
            return Interval(-size, size)
        default: return nil
        }
    }
}
