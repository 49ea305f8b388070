import Foundation

/// Zeros, jumps, turns and slopes of a function on a range, found on a grid of 20,001 points and between them.
struct FunctionShape {
    private(set) var zeros: [Double] = []
    private(set) var flats: [[Double]] = []
    private(set) var jumps: [[Double]] = []
    private(set) var turns: [[Double]] = []
    private(set) var trend = FunctionProperties.Trend.neither
    /// |f′| and x.
    private(set) var steepest: [Double] = [0, 0]

    typealias Values = (f: [Double], slope: [Double])
    private let evaluate: ([Double]) -> Values
    private let grid: [Double]
    private let f: [Double]
    private let slope: [Double]

    private static let points = 20_001

    /// nil where it is not finite.
    init?(on range: ClosedRange<Double>, _ evaluate: @escaping ([Double]) -> Values) {
        self.evaluate = evaluate
        let width = range.upperBound - range.lowerBound
        grid = (0..<Self.points).map { range.lowerBound + width * Double($0) / Double(Self.points - 1) }
        (f, slope) = evaluate(grid)
        guard f.allSatisfy(\.isFinite), slope.allSatisfy(\.isFinite) else { return nil }
        findSlopes()
        findZeros()
        let jumped = jumps.map { $0[0] }
        turns = crossings(slope) { evaluate([$0]).slope[0] }
            .filter { x in !jumped.contains { abs($0 - x) < 1e-6 } }.map { [$0, evaluate([$0]).f[0]] }
        let noise = 1e-12 * (1 + (f.map(abs).max() ?? 0))
        let steps = zip(f.dropFirst(), f).map { $0 - $1 }
        let (rises, falls) = (steps.contains { $0 > noise }, steps.contains { $0 < -noise })
        trend = rises == falls ? .neither : rises ? .increasing : .decreasing
    }

    private func value(_ x: Double) -> Double { evaluate([x]).f[0] }

    /// The steepest slope, and jumps: where values part by more than slopes can make, down to the smallest distance.
    private mutating func findSlopes() {
        var best = slope.indices.max { abs(slope[$0]) < abs(slope[$1]) } ?? 0
        steepest = [abs(slope[best]), grid[best]]
        for place in f.indices.dropLast() {
            let step = f[place + 1] - f[place]
            let expected = (slope[place] + slope[place + 1]) / 2 * (grid[place + 1] - grid[place])
            guard abs(step - expected) > 1e-6 + 0.2 * abs(step) else { continue }
            narrow(place)
        }
        best = slope.indices.max { abs(slope[$0]) < abs(slope[$1]) } ?? 0
        look(around: grid[best], width: grid[1] - grid[0])
        look(around: steepest[1], width: (grid[1] - grid[0]) / 500)
    }

    /// Between two points of the grid, towards the larger step.
    private mutating func narrow(_ place: Int) {
        var (low, high) = (grid[place], grid[place + 1])
        var (left, right) = (f[place], f[place + 1])
        let whole = abs(right - left)
        for _ in 0..<46 {
            let middle = low + (high - low) / 2
            guard middle > low, middle < high else { break }
            let (values, slopes) = evaluate([middle])
            if abs(slopes[0]) > steepest[0], slopes[0].isFinite { steepest = [abs(slopes[0]), middle] }
            if abs(values[0] - left) > abs(right - values[0]) {
                (high, right) = (middle, values[0])
            } else {
                (low, left) = (middle, values[0])
            }
        }
        guard abs(right - left) > 0.01 * whole, abs(right - left) > 1e-9 else { return }
        // A jump at a round number is found there, and not a rounding error beside it.
        let x = (high * 1e9).rounded() / 1e9
        if let last = jumps.last, abs(last[0] - x) < 1e-6 { return }
        jumps.append([x, left, right])
    }

    private mutating func look(around x: Double, width: Double) {
        let near = (-500...500).map { x + width * Double($0) / 500 }.filter {
            (grid[0]...grid[grid.count - 1]).contains($0)
        }
        let slopes = evaluate(near).slope
        for (x, slope) in zip(near, slopes) where slope.isFinite && abs(slope) > steepest[0] {
            steepest = [abs(slope), x]
        }
    }

    private mutating func findZeros() {
        let jumped = jumps.map { $0[0] }
        var found = crossings(f) { value($0) }.filter { x in !jumped.contains { abs($0 - x) < 1e-6 } }
        var start: Int?
        for place in f.indices {
            // What only underflows has a slope still.
            let isZero = f[place] == 0 && slope[place] == 0
            if isZero, start == nil { start = place }
            if !isZero || place == f.count - 1, let first = start {
                let last = isZero ? place : place - 1
                if last > first { flats.append([grid[first], grid[last]]) }
                start = nil
            }
        }
        func isFlat(_ x: Double) -> Bool { flats.contains { $0[0] - 2e-3 <= x && x <= $0[1] + 2e-3 } }
        for place in f.indices.dropFirst().dropLast() {
            let (before, here, after) = (f[place - 1], f[place], f[place + 1])
            guard before * after > 0, abs(here) <= abs(before), abs(here) < abs(after), !isFlat(grid[place]) else {
                continue
            }
            let (x, least) = lowest(grid[place - 1], grid[place + 1])
            if least <= 1e-6 * min(abs(before), abs(after)) { found.append(x) }
        }
        zeros = found.filter { !isFlat($0) }.map { abs($0) < 1e-9 ? 0 : $0 }.sorted()
    }

    /// Where |f| is least between two points, by golden sections.
    private func lowest(_ from: Double, _ to: Double) -> (x: Double, least: Double) {
        let golden = (5.0.squareRoot() - 1) / 2
        var (low, high) = (from, to)
        for _ in 0..<80 {
            let (a, b) = (high - golden * (high - low), low + golden * (high - low))
            if abs(value(a)) <= abs(value(b)) { high = b } else { low = a }
        }
        let x = (low + high) / 2
        let round = (x * 1e6).rounded() / 1e6
        return abs(value(round)) <= abs(value(x)) ? (round, abs(value(round))) : (x, abs(value(x)))
    }

    /// Where values change their sign, by bisection; a stretch of zeros is no crossing.
    private func crossings(_ values: [Double], _ value: (Double) -> Double) -> [Double] {
        var found: [Double] = []
        var last: (x: Double, isPositive: Bool)?
        for (x, y) in zip(grid, values) where abs(y) > 1e-12 {
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
}
