import ActivationCodegen
import EvolveTypes

/// Whether the statistics hold what they say, tried on networks whose true gain is known: a function against itself, with
/// independent seeds on both sides. Pure: outcomes in, shares out.
package struct Calibration: Sendable {
    /// Of one function: [task][seed], all seeds independent.
    package typealias Outcomes = [[TrainingOutcome]]

    private let tasks: [SuitePolicy.Task]
    private let clip: Double

    package init(tasks: [SuitePolicy.Task], clip: Double) {
        self.tasks = tasks
        self.clip = clip
    }

    /// Gains of seeds `own` over seeds `others` of the same outcomes, task by task.
    private func gains(
        _ outcomes: Outcomes, own: (Int) -> [Int], others: (Int) -> [Int], planted: Double = 0
    ) -> [[Double]] {
        outcomes.indices.map { task in
            zip(own(task), others(task)).map { mine, theirs in
                var candidate = outcomes[task][mine]
                candidate.outOfDistribution *= Self.factor(planted)
                return Scoring.gain(
                    of: Scoring.Pair(reference: outcomes[task][theirs], candidate: candidate),
                    in: \.outOfDistribution, clip: clip)
            }
        }
    }

    /// What an error is multiplied by when its function gains so many decibels.
    private static func factor(_ decibels: Double) -> Double { Scoring.power(-decibels / 10) }

    /// Intervals of as many independent comparisons of the function with itself as the outcomes allow, `seeds` on each side.
    package func selfComparisons(_ outcomes: Outcomes, seeds: Int) -> [Estimate] {
        let available = outcomes.map(\.count).min() ?? 0
        return stride(from: 0, to: available - 2 * seeds + 1, by: 2 * seeds).map { first in
            GainInterval.estimate(
                gains(
                    outcomes, own: { _ in Array(first..<first + seeds) },
                    others: { _ in Array(first + seeds..<first + 2 * seeds) }), clip: clip)
        }
    }

    /// The search gain of the best of so many copies of the function, each with seeds of its own on both sides, drawn from all
    /// that there are.
    package func bestOfCopies(
        _ outcomes: Outcomes, copies: Int, seeds: Int, _ random: inout RandomStream
    ) -> Estimate {
        var best: [[Double]] = []
        var highest = -Double.infinity
        for _ in 0..<copies {
            let drawn = draw(outcomes, seeds: seeds, planted: 0, &random)
            let mean = Scoring.mean(drawn.map(Scoring.mean))
            if mean > highest { (highest, best) = (mean, drawn) }
        }
        return GainInterval.estimate(best, clip: clip)
    }

    private func draw(
        _ outcomes: Outcomes, seeds: Int, planted: Double, _ random: inout RandomStream
    ) -> [[Double]] {
        let orders = outcomes.map { random.shuffle($0.indices) }
        return gains(
            outcomes, own: { Array(orders[$0].prefix(seeds)) },
            others: { Array(orders[$0].dropFirst(seeds).prefix(seeds)) },
            planted: planted)
    }

    /// A duel of the function, better by so many decibels, with itself: each side at its own best rate.
    /// - Parameters:
    ///   - outcomes: per rate; the same seeds at every rate.
    ///   - planted: decibels that the candidate is made better by.
    /// - Returns: gains by task.
    package func duel(
        _ outcomes: [Outcomes], seeds: Int, planted: Double, _ random: inout RandomStream
    ) -> [TaskScore] {
        guard let first = outcomes.first else { return [] }
        let orders = first.map { random.shuffle($0.indices) }
        func side(_ pick: (Int) -> [Int]) -> [[TrainingOutcome]] {
            let rates = outcomes.map { outcomes in
                outcomes.indices.map { task in pick(task).map { outcomes[task][$0] } }
            }
            let sweep = RateSweep(
                rates: rates.indices.map { Double($0 + 1) }, outcomes: rates.map { $0.flatMap(\.self) })
            return rates[sweep.best]
        }
        let mine = side { Array(orders[$0].prefix(seeds)) }
        let theirs = side { Array(orders[$0].dropFirst(seeds).prefix(seeds)) }
        return tasks.indices.map { task in
            let gains = zip(mine[task], theirs[task]).map { own, other in
                var own = own
                own.outOfDistribution *= Self.factor(planted)
                return Scoring.gain(
                    of: Scoring.Pair(reference: other, candidate: own), in: \.outOfDistribution, clip: clip)
            }
            return TaskScore(
                task: tasks[task].name, family: tasks[task].family, gains: gains,
                inDistributionGains: gains.map { _ in 0 })
        }
    }
}

extension SuiteEvaluator {
    /// What a function's networks come to, [task][seed], kept for the next time.
    /// - Parameter rate: multiple of the suite's learning rate.
    package func outcomes(
        of kernel: KernelSource, _ request: MeasurementRequest, rate: Double = 1
    ) async throws -> Calibration.Outcomes {
        let tasks = suite.taskIndices(in: request.split, family: request.family)
        let wanted = RateSweep.requests(networks(tasks, request.purpose, request.seeds), at: rate)
        let study = try await study(kernel, wanted, keep: true)
        let found = wanted.compactMap { study.outcomes[$0] }
        guard found.count == wanted.count else {
            throw Failure(.badInput, "a function of the calibration crashes or hangs a worker")
        }
        let seeds = request.seeds.count
        return tasks.indices.map { Array(found[$0 * seeds..<($0 + 1) * seeds]) }
    }
}
