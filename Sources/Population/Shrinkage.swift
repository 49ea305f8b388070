import EvolveTypes
import Foundation

/// From noisy gains to what may be believed of them: the posterior mean of a candidate's true gain, given what the run has
/// tried (empirical Bayes; Robbins 1956, Efron 2010).
///
/// The best of many noisy numbers is too high on average. Here every measured candidate, raced out or not, tells how true
/// gains are spread: a mixture of two normal distributions (what is roughly as good as its parents, and what is
/// spoilt), fitted by expectation and maximisation with each candidate's own noise. A gain is then drawn towards
/// where gains usually lie, the more the noisier it is; further seeds make it less noisy, so a lucky one falls back.
package struct Shrinkage: Sendable {
    /// What is believed of a true gain, in decibels.
    package struct Belief: Codable, Hashable, Sendable {
        package var mean: Double
        /// Standard deviation.
        package var deviation: Double

        package init(mean: Double, deviation: Double) {
            self.mean = mean
            self.deviation = deviation
        }
    }

    /// A candidate's gain as measured, and the variance of its noise.
    package struct Observation: Sendable {
        package var gain: Double
        package var variance: Double

        package init(gain: Double, variance: Double) {
            self.gain = gain
            self.variance = variance
        }
    }

    private struct Component: Sendable {
        var share: Double
        var mean: Double
        var variance: Double
    }

    private var components: [Component]

    /// Before anything is known: gains of a few decibels either way.
    private static let blank = Component(share: 1, mean: 0, variance: 9)
    /// Fewer observations than this say nothing of two kinds.
    private static let fewForTwo = 12
    private static let rounds = 60
    /// No kind is narrower: 0.1 dB.
    private static let leastVariance = 0.01

    package init(_ observations: [Observation]) {
        let gains = observations.map(\.gain).sorted()
        guard gains.count > 1 else {
            components = [Self.blank]
            return
        }
        let middle = gains[gains.count / 2]
        let spread = max(
            Self.leastVariance, gains.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(gains.count))
        if gains.count < Self.fewForTwo {
            components = [Component(share: 1, mean: middle, variance: spread)]
        } else {
            components = [
                Component(share: 0.5, mean: gains[gains.count / 4], variance: spread),
                Component(share: 0.5, mean: gains[3 * gains.count / 4], variance: spread / 4),
            ]
        }
        for _ in 0..<Self.rounds { fit(observations) }
    }

    /// One round of expectation and maximisation.
    private mutating func fit(_ observations: [Observation]) {
        var sums = components.map { _ in (weight: 0.0, mean: 0.0, square: 0.0) }
        for observation in observations {
            for (index, part) in parts(observation).enumerated() {
                sums[index].weight += part.share
                sums[index].mean += part.share * part.mean
                sums[index].square += part.share * (part.mean * part.mean + part.variance)
            }
        }
        // One more observation, half a decibel off, keeps a component from closing in on a single candidate.
        let (extra, square) = (1.0, 0.25)
        let total = Double(observations.count) + extra * Double(components.count)
        for (index, sum) in sums.enumerated() where sum.weight > 0 {
            let mean = sum.mean / sum.weight
            let within = max(0, sum.square - sum.weight * mean * mean)
            components[index] = Component(
                share: (sum.weight + extra) / total, mean: mean,
                variance: max(Self.leastVariance, (within + extra * square) / (sum.weight + extra)))
        }
    }

    /// Of each component: how likely the observation is its own, and what is then believed of the true gain.
    private func parts(_ observation: Observation) -> [(share: Double, mean: Double, variance: Double)] {
        let logs = components.map { part in
            let variance = part.variance + observation.variance
            let distance = observation.gain - part.mean
            return log(max(part.share, 1e-12)) - 0.5 * (log(variance) + distance * distance / variance)
        }
        let highest = logs.max() ?? 0
        let likelihoods = logs.map { exp($0 - highest) }
        let total = likelihoods.reduce(0, +)
        return zip(components, likelihoods).map { part, likelihood in
            let pull = part.variance / (part.variance + observation.variance)
            return (
                likelihood / total, part.mean + pull * (observation.gain - part.mean), pull * observation.variance
            )
        }
    }

    package func belief(_ observation: Observation) -> Belief {
        let parts = parts(observation)
        let mean = parts.reduce(0) { $0 + $1.share * $1.mean }
        let square = parts.reduce(0) { $0 + $1.share * ($1.variance + $1.mean * $1.mean) }
        return Belief(mean: mean, deviation: max(0, square - mean * mean).squareRoot())
    }
}

/// How much gains vary with the seed, from all that has been measured.
package struct SeedNoise: Sendable {
    private var squares = 0.0
    private var freedom = 0.0
    /// What is assumed before any task has had two seeds: 2.5 dB, the standard deviation on the laboratory suite.
    private static let blank = (variance: 6.25, weight: 4.0)
    /// Degrees of freedom that the run's common variance weighs against a candidate's own.
    private static let common = 16.0

    package init() {}

    package mutating func add(_ evidence: Evidence) {
        let own = Self.own(evidence)
        squares += own.squares
        freedom += own.freedom
    }

    private var variance: Double {
        (squares + Self.blank.variance * Self.blank.weight) / (freedom + Self.blank.weight)
    }

    private static func own(_ evidence: Evidence) -> (squares: Double, freedom: Double) {
        var (squares, freedom) = (0.0, 0.0)
        for task in evidence.tasks where task.gains.count > 1 {
            let mean = task.gains.reduce(0, +) / Double(task.gains.count)
            squares += task.gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            freedom += Double(task.gains.count - 1)
        }
        return (squares, freedom)
    }

    /// What was measured of the number that a rule ranks by.
    /// - Parameter tasks: how many there are to be measured; those missing add to the noise.
    /// - Returns: nil without evidence.
    package func observation(_ evidence: Evidence, rule: SelectionRule, tasks: Int) -> Shrinkage.Observation? {
        guard !evidence.tasks.isEmpty else { return nil }
        // Paired with itself the reference has no gain and no noise.
        if evidence.tasks.allSatisfy({ $0.gains.allSatisfy { $0 == 0 } }) {
            return Shrinkage.Observation(gain: 0, variance: 0)
        }
        let own = Self.own(evidence)
        let perSeed = (own.squares + Self.common * variance) / (own.freedom + Self.common)
        let means = evidence.tasks.map { $0.gains.reduce(0, +) / Double($0.gains.count) }
        let weights = rule.weights(means)
        let gain = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 }
        var noise = zip(weights, evidence.tasks).reduce(0) { $0 + $1.0 * $1.0 * perSeed / Double($1.1.gains.count) }
        let measured = Double(means.count)
        if means.count < tasks {
            let mean = means.reduce(0, +) / measured
            let between =
                means.count > 1 ? means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (measured - 1) : perSeed
            noise += (1 - measured / Double(tasks)) * between / measured
        }
        return Shrinkage.Observation(gain: gain, variance: noise)
    }
}
