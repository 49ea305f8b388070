import EvolveTypes
import Foundation

/// Where a task's points lie: a training region and an OOD region that share no point (see `TaskShift`, which says how the
/// boxes here are used).
///
/// | target | training box | wider box |
/// |---|---|---|
/// | polynomial, Fourier, piecewise | [−1, 1] per coordinate | [−1.5, 1.5] |
/// | spherical harmonics | unit sphere, \|z\| ≤ 0.6 | its two caps, \|z\| > 0.6 |
/// | Feynman | the table's box | the box extended upwards by its own width |
/// | chaotic map | the middle two thirds of its states, per coordinate | its states |
///
/// Feynman boxes grow upwards only: below many of them lie zeros of a denominator.
package struct TaskRegion: Sendable {
    /// Independent uniform numbers that make one point.
    package var dimension: Int
    private var shape: Shape
    private let shift: TaskShift

    private enum Shape: Sendable {
        case box(Box)
        case sphere
    }

    private struct Box: Sendable {
        var low, high, outerLow, outerHigh: [Double]

        mutating func add(_ range: ClosedRange<Double>, outer: Double) {
            low.append(range.lowerBound)
            high.append(range.upperBound)
            outerLow.append(range.lowerBound)
            outerHigh.append(outer)
        }
    }

    /// Height of the training band on the sphere.
    package static let band = 0.6

    /// - Throws: `Failure(.badInput)` when a table's box is malformed, or the target cannot have the shift.
    package init(_ target: SuitePolicy.Target, shift: TaskShift = .extrapolation) throws {
        if let objection = shift.objection(to: target) { throw Failure(.badInput, objection) }
        self.shift = shift
        if case .sphericalHarmonics = target {
            (dimension, shape) = (2, .sphere)
            return
        }
        var box = try Self.box(of: target)
        switch shift {
        case .frequency(let most), .scale(let most):
            // Only the multiplier leaves its range.
            (box.outerLow, box.outerHigh) = (box.low, box.high)
            box.add(TaskShift.multiplier, outer: most)
        default: break
        }
        (dimension, shape) = (box.low.count, .box(box))
    }

    private static func box(of target: SuitePolicy.Target) throws -> Box {
        switch target {
        case .feynman(let equation):
            let (low, high) = (equation.low, equation.high)
            let count = equation.variables.count
            guard count > 0, low.count == count, high.count == count, zip(low, high).allSatisfy({ $0 < $1 }) else {
                throw Failure(
                    .badInput,
                    "equation \(equation.id): needs one low and one larger high for each of its \(count) variables")
            }
            return Box(low: low, high: high, outerLow: low, outerHigh: zip(low, high).map { $1 + ($1 - $0) })
        case .chaotic(let map):
            let (low, high) = (map.states.map(\.lowerBound), map.states.map(\.upperBound))
            return Box(
                low: zip(low, high).map { $0 + ($1 - $0) / 6 }, high: zip(low, high).map { $1 - ($1 - $0) / 6 },
                outerLow: low, outerHigh: high)
        default:
            func all(_ value: Double) -> [Double] { Array(repeating: value, count: target.inputs) }
            return Box(low: all(-1), high: all(1), outerLow: all(-1.5), outerHigh: all(1.5))
        }
    }

    /// The point of the training region for `uniform` numbers in [0, 1), or nil when these fall into the gap.
    package func training(_ uniform: [Double]) -> [Double]? {
        let point: [Double]
        switch (shape, shift) {
        case (.box(let box), _): point = Self.place(uniform, box.low, box.high)
        case (.sphere, .gap): point = Self.onSphere(z: 2 * uniform[0] - 1, turn: uniform[1])
        case (.sphere, _): point = Self.onSphere(z: Self.band * (2 * uniform[0] - 1), turn: uniform[1])
        }
        if case .gap = shift { return contains(point) ? point : nil }
        return point
    }

    /// The point of the OOD region, or nil when these numbers fall on the training region. With noise: the point that the
    /// noise is added to, which is one of the training region.
    package func outside(_ uniform: [Double]) -> [Double]? {
        if case .noise = shift { return training(uniform) }
        let point: [Double]
        switch (shape, shift) {
        case (.sphere, .gap): point = Self.onSphere(z: (2 * uniform[0] - 1) / 3, turn: uniform[1])
        case (.sphere, _):
            let side = 2 * uniform[0] - 1
            let height = Self.band + (1 - Self.band) * abs(side)
            point = Self.onSphere(z: side < 0 ? -height : height, turn: uniform[1])
        case (.box(let box), .gap):
            let core = Self.core(box)
            point = Self.place(uniform, core.low, core.high)
        case (.box(let box), .extrapolationInAll):
            point = uniform.indices.map { Self.beyond(uniform[$0], box, $0) }
        case (.box(let box), .extrapolationAlong(let axis)):
            var inside = Self.place(uniform, box.low, box.high)
            inside[axis - 1] = Self.beyond(uniform[axis - 1], box, axis - 1)
            point = inside
        case (.box(let box), _): point = Self.place(uniform, box.outerLow, box.outerHigh)
        }
        return contains(point) ? nil : point
    }

    /// Whether a point lies in the (closed) training region.
    package func contains(_ point: [Double]) -> Bool {
        switch (shape, shift) {
        case (.box(let box), _):
            guard Self.lies(point, box.low, box.high) else { return false }
            guard case .gap = shift else { return true }
            let core = Self.core(box)
            return !Self.lies(point, core.low, core.high)
        case (.sphere, .gap): return abs(point[2]) > 1.0 / 3
        case (.sphere, _): return abs(point[2]) <= Self.band
        }
    }

    private static func lies(_ point: [Double], _ low: [Double], _ high: [Double]) -> Bool {
        zip(point, zip(low, high)).allSatisfy { $1.0 <= $0 && $0 <= $1.1 }
    }

    /// The box about the centre with a third of the volume.
    private static func core(_ box: Box) -> (low: [Double], high: [Double]) {
        let share = pow(1.0 / 3, 1 / Double(box.low.count))
        let centre = zip(box.low, box.high).map { ($0 + $1) / 2 }
        let half = zip(box.low, box.high).map { share * ($1 - $0) / 2 }
        return (zip(centre, half).map { $0 - $1 }, zip(centre, half).map { $0 + $1 })
    }

    /// A coordinate in the wider box's two margins, which are used in proportion to their widths.
    private static func beyond(_ uniform: Double, _ box: Box, _ axis: Int) -> Double {
        let (below, above) = (box.low[axis] - box.outerLow[axis], box.outerHigh[axis] - box.high[axis])
        let along = uniform * (below + above)
        return along < below ? box.outerLow[axis] + along : box.outerHigh[axis] - (along - below)
    }

    private static func place(_ uniform: [Double], _ low: [Double], _ high: [Double]) -> [Double] {
        uniform.indices.map { low[$0] + uniform[$0] * (high[$0] - low[$0]) }
    }

    /// Uniform z and uniform azimuth are uniform on the sphere (Archimedes).
    private static func onSphere(z: Double, turn: Double) -> [Double] {
        let radius = max(0, 1 - z * z).squareRoot()
        return [radius * cos(2 * .pi * turn), radius * sin(2 * .pi * turn), z]
    }
}
