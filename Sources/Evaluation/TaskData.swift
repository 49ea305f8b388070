import CTrainer
import EvolveTypes
import Foundation

/// The three data sets of a task. The same on every machine and for every candidate and seed.
///
/// Points are consecutive pieces of one Sobol sequence: training, then in-distribution test, then OOD test; a point
/// where the target is not finite, or an OOD point whose target lies more than `farthest` training standard deviations
/// from the training mean (the rim of a singularity: one such point would be the whole error), is skipped.
/// Inputs (per coordinate) and targets are standardised by the training set's mean and standard deviation, also in
/// the test sets.
package struct TaskData: Sendable {
    package struct Points: Sendable {
        /// Before standardisation.
        package var coordinates: [[Double]]
        package var values: [Double]
        /// Standardised, row-major [points × inputs] and [points].
        package var inputs: [Float] = []
        package var targets: [Float] = []
    }

    package var inputs: Int
    package var train: Points
    package var inDistribution: Points
    package var outOfDistribution: Points

    /// Training standard deviations.
    package static let farthest = 100.0

    /// - Throws: `Failure(.badInput)` naming the task, when its target or box is malformed, when it is constant on the
    ///   training points, or when too few points have a usable value.
    package init(_ task: SuitePolicy.Task, points: SuitePolicy.Points) throws {
        do {
            try self.init(target: task.target, points: points)
        } catch let failure as Failure {
            throw Failure(failure.kind, "task \(task.name): \(failure.message)")
        }
    }

    private init(target: SuitePolicy.Target, points: SuitePolicy.Points) throws {
        guard points.train > 1, points.inDistribution > 0, points.outOfDistribution > 0 else {
            throw Failure(.badInput, "needs at least 2 training points and 1 of each test set")
        }
        let function = try TargetFunction(target)
        let region = try TaskRegion(target)
        var sampler = Sampler(region: region, function: function)
        inputs = function.inputs
        train = try sampler.take(points.train, place: region.training) { _ in true }
        inDistribution = try sampler.take(points.inDistribution, place: region.training) { _ in true }

        let output = try Standardisation(train.values, "target")
        outOfDistribution = try sampler.take(points.outOfDistribution, place: region.outside) {
            abs(output($0)) <= Self.farthest
        }
        let axes = try (0..<inputs).map { axis in
            try Standardisation(train.coordinates.map { $0[axis] }, "input \(axis + 1)")
        }
        train.standardise(axes, output)
        inDistribution.standardise(axes, output)
        outOfDistribution.standardise(axes, output)
    }
}

extension TaskData.Points {
    fileprivate mutating func standardise(_ axes: [Standardisation], _ output: Standardisation) {
        inputs = coordinates.flatMap { point in zip(axes, point).map { Float($0($1)) } }
        targets = values.map { Float(output($0)) }
    }
}

/// x ↦ (x − mean) / standard deviation.
private struct Standardisation {
    var mean: Double
    var deviation: Double

    init(_ values: [Double], _ what: String) throws {
        mean = values.reduce(0, +) / Double(values.count)
        let mean = mean
        deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        guard deviation.isFinite, deviation > 1e-9 * (1 + abs(mean)) else {
            throw Failure(.badInput, "the \(what) is constant or too large on the training points")
        }
    }

    func callAsFunction(_ value: Double) -> Double { (value - mean) / deviation }
}

/// Walks along the Sobol sequence.
private struct Sampler {
    var region: TaskRegion
    var function: TargetFunction
    /// Point 0 of the sequence is the origin and is not used.
    var next = 1

    mutating func take(_ count: Int, place: ([Double]) -> [Double]?, where usable: (Double) -> Bool) throws
        -> TaskData.Points
    {
        var points = TaskData.Points(coordinates: [], values: [])
        let limit = next + 64 * count + 4096
        while points.values.count < count {
            guard next < limit else {
                throw Failure(
                    .badInput,
                    "only \(points.values.count) of \(count) points have a finite, not too large target; change its box"
                )
            }
            for uniform in try sobol(first: next, count: count) where points.values.count < count {
                next += 1
                guard let point = place(uniform) else { continue }
                let value = function.value(point)
                guard value.isFinite, usable(value) else { continue }
                points.coordinates.append(point)
                points.values.append(value)
            }
        }
        return points
    }

    private func sobol(first: Int, count: Int) throws -> [[Double]] {
        let dimension = region.dimension
        var flat = [Double](repeating: 0, count: count * dimension)
        let status = evt_sobol(Int32(dimension), Int64(first), Int64(count), &flat)
        guard status == EVT_OK else {
            throw Failure(.badInput, "no Sobol sequence of dimension \(dimension); at most \(EVT_MAX_SOBOL)")
        }
        return (0..<count).map { Array(flat[($0 * dimension)..<(($0 + 1) * dimension)]) }
    }
}
