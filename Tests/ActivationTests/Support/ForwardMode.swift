import ActivationIR
import Foundation

/// Derivatives by dual numbers, in double precision: the reference for `Gradient` that shares nothing with it. Every
/// operator's rule is written here a second time, forwards, and no program is rewritten.
///
/// A factor that is exactly zero silences an infinite one. At a kink or a jump where the slope depends on how the function
/// is spelled it is NaN: nothing is compared there.
enum ForwardMode {
    /// A layer of values, or of their slopes in one direction: batch · units numbers, sample by sample.
    private typealias Column = [Double]

    /// - Parameters:
    ///   - direction: for each element of x, how it moves.
    ///   - parameterDirection: for each parameter, how it moves.
    /// - Returns: y, and how it moves, both [batch · units].
    static func evaluate(
        _ program: Program, x: [[Double]], direction: [[Double]], parameterDirection: [Double]
    ) -> (y: [Double], slope: [Double]) {
        let units = x[0].count
        var values: [Column] = []
        var slopes: [Column] = []
        for node in program.nodes {
            let (a, da) = (node.operands.map { values[$0] }, node.operands.map { slopes[$0] })
            var value = Column(repeating: 0, count: x.count * units)
            var slope = value
            switch OperatorTable[node.op].value {
            case .leaf:
                for element in value.indices {
                    switch node.op {
                    case .input:
                        value[element] = x[element / units][element % units]
                        slope[element] = direction[element / units][element % units]
                    case .parameter:
                        value[element] = program.parameters[Int(node.payload)].initial
                        slope[element] = parameterDirection[Int(node.payload)]
                    case .unitIndex: value[element] = Double(element % units)
                    case .unitCount: value[element] = Double(units)
                    default: value[element] = node.payload
                    }
                }
            case .shift:
                for element in value.indices {
                    let unit = ((element % units + Int(node.payload)) % units + units) % units
                    value[element] = a[0][element / units * units + unit]
                    slope[element] = da[0][element / units * units + unit]
                }
            case .reduction(let reduction, let axis):
                for element in value.indices {
                    let group = value.indices.filter {
                        axis == .tensor
                            || (axis == .batch ? $0 % units == element % units : $0 / units == element / units)
                    }
                    (value[element], slope[element]) = Self.reduce(reduction, group.map { (a[0][$0], da[0][$0]) })
                }
            default:
                for element in value.indices {
                    let operands = a.map { $0[element] }
                    value[element] = OperatorTable[node.op](operands)
                    slope[element] = Self.slope(node.op, operands, value[element], da.map { $0[element] })
                }
            }
            values.append(value)
            slopes.append(slope)
        }
        return (values[program.outputs[0]], slopes[program.outputs[0]])
    }

    private static func reduce(
        _ reduction: LayerReduction, _ group: [(value: Double, slope: Double)]
    ) -> (Double, Double) {
        let sum = group.reduce((0.0, 0.0)) { ($0.0 + $1.value, $0.1 + $1.slope) }
        switch reduction {
        case .sum: return sum
        case .mean: return (sum.0 / Double(group.count), sum.1 / Double(group.count))
        case .max:
            let most = group.map(\.value).filter { !$0.isNaN }.max() ?? -.infinity
            let ties = group.filter { $0.value == most }
            return (most, ties.reduce(0) { $0 + $1.slope } / Double(ties.count))
        }
    }

    /// A product in which zero wins over infinity.
    private static func times(_ a: Double, _ b: Double) -> Double { a == 0 || b == 0 ? 0 : a * b }

    private static func slope(_ op: Operator, _ a: [Double], _ value: Double, _ d: [Double]) -> Double {
        switch op {
        case .less, .lessEqual, .equal, .and, .or, .not: return 0
        case .floor, .ceiling, .truncate, .roundEven: return 0
        case .select: return a[0] != 0 ? d[1] : d[2]
        case .add: return d[0] + d[1]
        case .subtract: return d[0] - d[1]
        case .multiply, .maskedMultiply: return times(a[1], d[0]) + times(a[0], d[1])
        case .divide: return times(1 / a[1], d[0]) - times(a[0] / a[1] / a[1], d[1])
        case .fusedMultiplyAdd: return times(a[1], d[0]) + times(a[0], d[1]) + d[2]
        case .minimum, .maximum:
            if a[0] == a[1], d[0] != d[1] { return .nan }
            return value == a[0] ? d[0] : d[1]
        case .copySign:
            return a[0] == 0 ? (d[0] == 0 ? 0 : .nan) : times(a[0] > 0 ? 1 : -1, d[0]) * (a[1].sign == .minus ? -1 : 1)
        case .remainder:
            let ratio = a[0] / a[1]
            if abs(ratio - ratio.rounded()) < 1e-9, d[1] != 0 { return .nan }  // A jump.
            return d[0] - times(ratio.rounded(.towardZero), d[1])
        case .hypot:
            return value == 0 ? (d == [0, 0] ? 0 : .nan) : times(a[0] / value, d[0]) + times(a[1] / value, d[1])
        case .atan2:
            let square = a[0] * a[0] + a[1] * a[1]
            return times(a[1] / square, d[0]) - times(a[0] / square, d[1])
        case .pow:
            return times(times(a[1], Foundation.pow(a[0], a[1] - 1)), d[0]) + times(times(value, log(a[0])), d[1])
        default: return times(derivative(op, a[0], value), d[0])
        }
    }

    /// Of a function of one number.
    private static func derivative(_ op: Operator, _ a: Double, _ value: Double) -> Double {
        switch op {
        case .negate: -1
        case .absolute: a > 0 ? 1 : a < 0 ? -1 : 0
        case .squareRoot: 1 / (2 * a.squareRoot())
        case .cubeRoot: 1 / (3 * Foundation.pow(abs(a), 2.0 / 3))
        case .exp: Foundation.exp(a)
        case .exp2: Foundation.exp2(a) * Foundation.log(2)
        case .expm1: Foundation.exp(a)
        case .log: 1 / a
        case .log2: 1 / (a * Foundation.log(2))
        case .log10: 1 / (a * Foundation.log(10))
        case .log1p: 1 / (1 + a)
        case .sin: Foundation.cos(a)
        case .cos: -Foundation.sin(a)
        case .tan: 1 / (Foundation.cos(a) * Foundation.cos(a))
        case .asin: 1 / ((1 - a) * (1 + a)).squareRoot()
        case .acos: -1 / ((1 - a) * (1 + a)).squareRoot()
        case .atan: 1 / (1 + a * a)
        case .sinh: Foundation.cosh(a)
        case .cosh: Foundation.sinh(a)
        case .tanh: 1 / (Foundation.cosh(a) * Foundation.cosh(a))
        case .asinh: 1 / Foundation.hypot(a, 1)
        case .acosh: 1 / ((a - 1).squareRoot() * (a + 1).squareRoot())
        case .atanh: 1 / ((1 - a) * (1 + a))
        case .erf: 2 / Double.pi.squareRoot() * Foundation.exp(-a * a)
        case .erfc: -2 / Double.pi.squareRoot() * Foundation.exp(-a * a)
        case .sigmoid: 1 / (2 + Foundation.exp(a) + Foundation.exp(-a))
        case .softplus: 1 / (1 + Foundation.exp(-a))
        default: .nan
        }
    }
}
