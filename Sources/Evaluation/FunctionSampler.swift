import CTrainer
import EvolveTypes

/// Draws a function's data sets by walking along a Sobol sequence.
///
/// Points are consecutive pieces of one sequence: training, then in-distribution test, then OOD test; a point where
/// the target is not finite, or an OOD point with an output more than `farthest` training standard deviations from
/// the training mean (the rim of a singularity: one such point would be the whole error), is skipped.
struct FunctionSampler {
    struct Sets {
        var train: TaskData.Points
        var inDistribution: TaskData.Points
        var outOfDistribution: TaskData.Points
        /// Of each output, by the training set.
        var standardisation: [Standardisation]
    }

    /// Training standard deviations.
    static let farthest = 100.0

    private let region: TaskRegion
    private let function: TargetFunction
    /// Point 0 of the sequence is the origin and is not used.
    private var next = 1

    static func sets(_ function: TargetFunction, _ region: TaskRegion, _ points: SuitePolicy.Points) throws -> Sets {
        var sampler = FunctionSampler(region: region, function: function)
        let train = try sampler.take(points.train, place: region.training) { _ in true }
        let inside = try sampler.take(points.inDistribution, place: region.training) { _ in true }
        let goals = try (0..<function.outputs).map { output in
            try Standardisation(
                stride(from: output, to: train.values.count, by: function.outputs).map { train.values[$0] }, "target")
        }
        let outside = try sampler.take(points.outOfDistribution, place: region.outside) { values in
            zip(goals, values).allSatisfy { abs($0($1)) <= farthest }
        }
        return Sets(train: train, inDistribution: inside, outOfDistribution: outside, standardisation: goals)
    }

    private init(region: TaskRegion, function: TargetFunction) {
        self.region = region
        self.function = function
    }

    private mutating func take(_ count: Int, place: ([Double]) -> [Double]?, where usable: ([Double]) -> Bool) throws
        -> TaskData.Points
    {
        var points = TaskData.Points()
        let limit = next + 64 * count + 4096
        while points.coordinates.count < count {
            guard next < limit else {
                throw Failure(
                    .badInput,
                    "only \(points.coordinates.count) of \(count) points have a finite, not too large target; change its box"
                )
            }
            for uniform in try sobol(first: next, count: count) where points.coordinates.count < count {
                next += 1
                guard let point = place(uniform) else { continue }
                let values = function.values(point)
                guard values.allSatisfy(\.isFinite), usable(values) else { continue }
                points.coordinates.append(point)
                points.values += values
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
