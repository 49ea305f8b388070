import EvolveTypes
import Foundation

/// From noisy gains to what may be believed of them: the posterior mean of a candidate's true gain, given what the run has
/// tried (empirical Bayes; Robbins 1956, Efron 2010).
///
/// The best of many noisy numbers is too high on average. Here every measured candidate, raced out or not, tells how true
/// gains are spread: a mixture of two normal distributions (what is roughly as good as its parents, and what is
/// spoilt), fitted by expectation and maximisation with each candidate's own noise. A gain is then drawn towards
/// where gains usually lie, the more the noisier it is; further seeds make it less noisy, so a lucky one falls back.
package struct Shrinkage: Codable, Sendable {
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

    private struct Component: Codable, Sendable {
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
    private static let fewRounds = 8
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

    /// Fitted on from what it is now: a few rounds do where the observations are little else than those of the last time.
    package mutating func update(_ observations: [Observation]) {
        guard observations.count > 1 else { return }
        for _ in 0..<Self.fewRounds { fit(observations) }
    }

    /// One round of expectation and maximisation.
    private mutating func fit(_ observations: [Observation]) {
        var sums = components.map { _ in (weight: 0.0, mean: 0.0, square: 0.0) }
        var parts: [Part] = []
        for observation in observations {
            split(observation, into: &parts)
            for index in parts.indices {
                let part = parts[index]
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

    private struct Part {
        var share: Double
        var mean: Double
        var variance: Double
    }

    /// Of each component: how likely the observation is its own, and what is then believed of the true gain.
    /// - Parameter parts: filled anew; of one fit always the same array, for there are a great many observations.
    private func split(_ observation: Observation, into parts: inout [Part]) {
        parts.removeAll(keepingCapacity: true)
        var highest = -Double.infinity
        for component in components {
            let variance = component.variance + observation.variance
            let distance = observation.gain - component.mean
            let likelihood =
                log(max(component.share, 1e-12)) - 0.5 * (log(variance) + distance * distance / variance)
            highest = max(highest, likelihood)
            let pull = component.variance / variance
            parts.append(
                Part(
                    share: likelihood, mean: component.mean + pull * distance, variance: pull * observation.variance))
        }
        var total = 0.0
        for index in parts.indices {
            parts[index].share = exp(parts[index].share - highest)
            total += parts[index].share
        }
        for index in parts.indices { parts[index].share /= total }
    }

    package func belief(_ observation: Observation) -> Belief {
        var parts: [Part] = []
        split(observation, into: &parts)
        let mean = parts.reduce(0) { $0 + $1.share * $1.mean }
        let square = parts.reduce(0) { $0 + $1.share * ($1.variance + $1.mean * $1.mean) }
        return Belief(mean: mean, deviation: max(0, square - mean * mean).squareRoot())
    }
}
