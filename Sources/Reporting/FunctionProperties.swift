import ActivationIR
import Foundation

/// What a function is like, found by evaluating it: nothing of it is proved.
///
/// Of functions of one element, at the initial values of their trainables.
package struct FunctionProperties: Codable, Hashable, Sendable {
    /// How it leaves on one side.
    package struct Tail: Codable, Hashable, Sendable {
        package enum Kind: String, Codable, Sendable {
            /// Approaches a constant.
            case limit
            /// Approaches a line.
            case line
            /// Swings for ever.
            case oscillates
            /// Like a power of |x|.
            case power
            /// None of these, as far as |x| = 8,192.
            case other
        }

        package var kind: Kind
        /// Of the line; 0 for a limit.
        package var slope: Double?
        /// The limit, or what the line adds.
        package var offset: Double?
        package var exponent: Double?
    }

    package enum Trend: String, Codable, Sendable { case increasing, decreasing, neither }

    package var left: Tail
    package var right: Tail
    /// f(0) and f′(0).
    package var atZero: [Double]
    /// Where it changes its sign on [−10, 10], ascending.
    package var zeros: [Double]
    /// Where it turns on [−10, 10]: x and f(x).
    package var turns: [[Double]]
    /// On [−10, 10].
    package var trend: Trend
    /// The largest |f′| on [−10, 10], and where.
    package var lipschitz: [Double]
    /// Over standard normal pre-activations: E f, E f², E f′².
    package var mean: Double
    package var secondMoment: Double
    package var slopeMoment: Double

    private static let points = 20_001

    /// - Parameter gradient: outputs y, dy/dx and others; nil of a function that reads its layer, or is not finite
    ///   everywhere on [−10, 10].
    package init?(_ gradient: Program) {
        guard !gradient.readsLayer else { return nil }
        var two = gradient
        two.outputs = Array(gradient.outputs.prefix(2))
        let program = two
        func evaluate(_ x: [Double]) -> (f: [Double], slope: [Double]) {
            let results = Interpreter.evaluate(program, inputs: x)
            return (results[0], results[1])
        }
        let zero = evaluate([0])
        atZero = [zero.f[0], zero.slope[0]]
        let grid = (0..<Self.points).map { -10 + 20 * Double($0) / Double(Self.points - 1) }
        let (f, slope) = evaluate(grid)
        zeros = Self.crossings(grid, f) { evaluate([$0]).f[0] }
        turns = Self.crossings(grid, slope) { evaluate([$0]).slope[0] }.map { [$0, evaluate([$0]).f[0]] }
        let rises = slope.contains { $0 > 1e-9 }
        let falls = slope.contains { $0 < -1e-9 }
        trend = rises == falls ? .neither : rises ? .increasing : .decreasing
        let steepest = slope.indices.max { abs(slope[$0]) < abs(slope[$1]) } ?? 0
        lipschitz = [abs(slope[steepest]), grid[steepest]]
        left = Self.tail(-1) { evaluate($0).f }
        right = Self.tail(1) { evaluate($0).f }
        let normal = (0...8000).map { -8 + 16 * Double($0) / 8000 }
        let values = evaluate(normal)
        let step = 16.0 / 8000
        func expectation(_ values: [Double]) -> Double {
            zip(normal, values).reduce(0) { $0 + Normal.density($1.0) * $1.1 } * step
        }
        mean = expectation(values.f)
        secondMoment = expectation(values.f.map { $0 * $0 })
        slopeMoment = expectation(values.slope.map { $0 * $0 })
        let numbers = atZero + lipschitz + turns.joined() + [mean, secondMoment, slopeMoment]
        guard numbers.allSatisfy(\.isFinite) else { return nil }
    }

    /// Where values change their sign, by bisection; a stretch of zeros is no crossing.
    private static func crossings(_ grid: [Double], _ values: [Double], _ value: (Double) -> Double) -> [Double] {
        var found: [Double] = []
        var last: (x: Double, isPositive: Bool)?
        for (x, y) in zip(grid, values) where abs(y) > 1e-12 && y.isFinite {
            defer { last = (x, y > 0) }
            guard let before = last, before.isPositive != (y > 0) else { continue }
            var (low, high) = (before.x, x)
            for _ in 0..<60 {
                let middle = (low + high) / 2
                if (value(middle) > 0) == before.isPositive { low = middle } else { high = middle }
            }
            found.append((low + high) / 2)
        }
        return found
    }

    /// From |x| = 64 to 8,192, by factors of two, and between.
    private static func tail(_ sign: Double, _ value: ([Double]) -> [Double]) -> Tail {
        let distances = (6...13).map { pow(2.0, Double($0)) }
        let f = value(distances.map { sign * $0 })
        let dense = value((0..<2000).map { sign * (64 + 0.5 * Double($0)) })
        guard f.allSatisfy(\.isFinite), dense.allSatisfy(\.isFinite) else { return Tail(kind: .other) }
        let steps = zip(dense.dropFirst(), dense).map { $0 - $1 }
        let changes = zip(steps.dropFirst(), steps).count { ($0 > 1e-9 && $1 < -1e-9) || ($0 < -1e-9 && $1 > 1e-9) }
        if changes > 10 { return Tail(kind: .oscillates) }
        let slopes = zip(zip(f.dropFirst(), f), zip(distances.dropFirst(), distances)).map { f, x in
            sign * (f.0 - f.1) / (x.0 - x.1)
        }
        let (slope, before) = (slopes[slopes.count - 1], slopes[slopes.count - 2])
        if abs(slope - before) <= 1e-4 * max(1e-4, abs(slope)) {
            let isFlat = abs(slope) < 1e-6
            let offset = f[f.count - 1] - (isFlat ? 0 : slope * sign * distances[distances.count - 1])
            return Tail(kind: isFlat ? .limit : .line, slope: isFlat ? 0 : slope, offset: offset)
        }
        let exponent = log2(abs(f[f.count - 1] / f[f.count - 2]))
        let other = log2(abs(f[f.count - 2] / f[f.count - 3]))
        guard exponent.isFinite, other.isFinite, abs(exponent - other) < 0.05 else { return Tail(kind: .other) }
        return Tail(kind: .power, exponent: exponent)
    }
}

extension FunctionProperties {
    /// For people: what and its value, one pair a line.
    package var rows: [(String, String)] {
        func number(_ value: Double) -> String { abs(value) < 5e-7 ? "0" : Figures.plain(value) }
        func some(_ texts: [String]) -> String {
            texts.isEmpty
                ? "none" : texts.prefix(6).joined(separator: ", ") + (texts.count > 6 ? ", … (\(texts.count))" : "")
        }
        func text(_ tail: Tail) -> String {
            let (slope, offset) = (tail.slope ?? 0, tail.offset ?? 0)
            switch tail.kind {
            case .limit: return "→ \(number(offset))"
            case .line:
                let sign = offset < 0 ? "−" : "+"
                let line = slope == 1 ? "x" : slope == -1 ? "−x" : "\(number(slope))·x"
                return "→ \(line)" + (abs(offset) < 1e-3 ? "" : " \(sign) \(number(abs(offset)))")
            case .oscillates: return "oscillates"
            case .power: return "like |x|^\(Figures.plain(((tail.exponent ?? 0) * 100).rounded() / 100))"
            case .other: return "neither a limit, a line nor a power"
            }
        }
        return [
            ("to −∞", text(left)), ("to +∞", text(right)),
            ("at 0", "f = \(number(atZero[0])), f′ = \(number(atZero[1]))"),
            ("zeros", some(zeros.map(number))),
            ("turns", some(turns.map { "\(number($0[0])) (f = \(number($0[1])))" })),
            ("trend", trend == .neither ? "neither increasing nor decreasing" : trend.rawValue),
            ("Lipschitz", "≥ \(number(lipschitz[0])), at \(number(lipschitz[1]))"),
            (
                "normal inputs",
                "E f = \(number(mean)), E f² = \(number(secondMoment)), E f′² = \(number(slopeMoment))"
            ),
        ]
    }
}
