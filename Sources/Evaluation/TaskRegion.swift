import EvolveTypes
import Foundation

/// Where a task's points lie: a training region and an OOD region that share no point.
///
/// | target | training and in-distribution | out of distribution |
/// |---|---|---|
/// | polynomial, Fourier | [−1, 1] per coordinate | [−1.5, 1.5] per coordinate, at least one beyond ±1 |
/// | spherical harmonics | unit sphere, \|z\| ≤ 0.6 | its two caps, \|z\| > 0.6 |
/// | Feynman | the table's box | the box extended upwards by its own width, at least one coordinate beyond the table's |
///
/// Feynman boxes grow upwards only: below many of them lie zeros of a denominator.
package struct TaskRegion: Sendable {
    /// Independent uniform numbers that make one point.
    package var dimension: Int
    private var shape: Shape

    private enum Shape: Sendable {
        case box(low: [Double], high: [Double], outerLow: [Double], outerHigh: [Double])
        case sphere
    }

    /// Height of the training band on the sphere.
    package static let band = 0.6

    /// - Throws: `Failure(.badInput)` when a table's box is malformed.
    package init(_ target: SuitePolicy.Target) throws {
        switch target {
        case .polynomial(let inputs, _, _): (dimension, shape) = (inputs, Self.cube(inputs))
        case .fourier: (dimension, shape) = (1, Self.cube(1))
        case .sphericalHarmonics:
            dimension = 2
            shape = .sphere
        case .feynman(let equation):
            let (low, high) = (equation.low, equation.high)
            let count = equation.variables.count
            guard count > 0, low.count == count, high.count == count, zip(low, high).allSatisfy({ $0 < $1 }) else {
                throw Failure(
                    .badInput,
                    "equation \(equation.id): needs one low and one larger high for each of its \(count) variables")
            }
            dimension = count
            shape = .box(low: low, high: high, outerLow: low, outerHigh: zip(low, high).map { $1 + ($1 - $0) })
        }
    }

    private static func cube(_ inputs: Int) -> Shape {
        func all(_ value: Double) -> [Double] { Array(repeating: value, count: inputs) }
        return .box(low: all(-1), high: all(1), outerLow: all(-1.5), outerHigh: all(1.5))
    }

    /// The point of the training region for `uniform` numbers in [0, 1).
    package func training(_ uniform: [Double]) -> [Double] {
        switch shape {
        case .box(let low, let high, _, _): Self.place(uniform, low, high)
        case .sphere: Self.onSphere(z: Self.band * (2 * uniform[0] - 1), turn: uniform[1])
        }
    }

    /// The point of the OOD region, or nil when these numbers fall on the training region.
    package func outside(_ uniform: [Double]) -> [Double]? {
        let point: [Double]
        switch shape {
        case .box(_, _, let low, let high): point = Self.place(uniform, low, high)
        case .sphere:
            let side = 2 * uniform[0] - 1
            let height = Self.band + (1 - Self.band) * abs(side)
            point = Self.onSphere(z: side < 0 ? -height : height, turn: uniform[1])
        }
        return contains(point) ? nil : point
    }

    /// Whether a point lies in the (closed) training region.
    package func contains(_ point: [Double]) -> Bool {
        switch shape {
        case .box(let low, let high, _, _): zip(point, zip(low, high)).allSatisfy { $1.0 <= $0 && $0 <= $1.1 }
        case .sphere: abs(point[2]) <= Self.band
        }
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
