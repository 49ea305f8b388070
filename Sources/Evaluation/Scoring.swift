import EvolveTypes
import Foundation

/// From paired outcomes to gains in decibels, and from gains to a score.
package enum Scoring {
    /// The two networks of one task and seed: same data, same initial weights, same batches.
    package struct Pair: Sendable {
        package var reference: TrainingOutcome
        package var candidate: TrainingOutcome

        package init(reference: TrainingOutcome, candidate: TrainingOutcome) {
            self.reference = reference
            self.candidate = candidate
        }
    }

    /// Normalised errors below this count as this: float32 networks resolve nothing finer.
    package static let floor = 1e-12

    /// 10 log10(reference / candidate) of two normalised errors, clipped to ± `clip` dB. Positive = the candidate is
    /// better; +1 dB is 20.6 % less error.
    package static func gain(reference: Double, candidate: Double, clip: Double) -> Double {
        let ratio = 10 * log10(max(reference, floor) / max(candidate, floor))
        return min(clip, max(-clip, ratio))
    }

    /// The gain of a pair in one of its errors. A network that diverged is as bad as can be: −clip for the candidate's,
    /// +clip for the reference's, 0 when both did.
    package static func gain(of pair: Pair, in error: KeyPath<TrainingOutcome, Double>, clip: Double) -> Double {
        switch (pair.reference.diverged, pair.candidate.diverged) {
        case (true, true): 0
        case (false, true): -clip
        case (true, false): clip
        case (false, false):
            gain(reference: pair.reference[keyPath: error], candidate: pair.candidate[keyPath: error], clip: clip)
        }
    }

    /// - Parameters:
    ///   - pairs: per task, in the order of `tasks`, one pair per seed; at least one task, at least one seed each.
    ///   - steps: optimiser steps spent on the candidate.
    package static func score(tasks: [SuitePolicy.Task], pairs: [[Pair]], clip: Double, steps: Int) -> Score {
        let scores = zip(tasks, pairs).map { task, pairs in
            TaskScore(
                task: task.name, family: task.family,
                gains: pairs.map { gain(of: $0, in: \.outOfDistribution, clip: clip) },
                inDistributionGains: pairs.map { gain(of: $0, in: \.inDistribution, clip: clip) },
                accuracy: accuracy(pairs))
        }
        return score(
            scores, clip: clip, steps: steps,
            losses: LossSums(
                candidate: sum(of: pairs.map { $0.map(\.candidate) }),
                reference: sum(of: pairs.map { $0.map(\.reference) })))
    }

    /// - Parameters:
    ///   - tasks: at least one, with at least one gain each.
    ///   - steps: optimiser steps spent on the candidate.
    package static func score(_ tasks: [TaskScore], clip: Double, steps: Int, losses: LossSums? = nil) -> Score {
        let families = Dictionary(grouping: tasks, by: \.family).mapValues { family in
            GainInterval.estimate(family.map(\.gains), clip: clip)
        }
        return Score(
            gain: GainInterval.estimate(tasks.map(\.gains), clip: clip), families: families,
            inDistribution: GainInterval.estimate(tasks.map(\.inDistributionGains), clip: clip),
            tail: tail(tasks.map(\.gains)), tasks: tasks, trainingSteps: steps, losses: losses)
    }

    /// nil when a network diverged: it has no loss, and any number in its place would rule the sum.
    private static func sum(of outcomes: [[TrainingOutcome]]) -> Double? {
        var total = 0.0
        for task in outcomes {
            let losses = task.compactMap(\.loss)
            guard losses.count == task.count else { return nil }
            total += mean(losses)
        }
        return total
    }

    /// nil for a task without classes, and when all its networks diverged.
    private static func accuracy(_ pairs: [Pair]) -> AccuracyPair? {
        let outcomes = pairs.flatMap { [$0.candidate, $0.reference] }
        guard let none = outcomes.compactMap(\.accuracy).first?.none,
            let candidate = Accuracy.mean(pairs.map { $0.candidate.accuracy ?? none }),
            let reference = Accuracy.mean(pairs.map { $0.reference.accuracy ?? none })
        else { return nil }
        return AccuracyPair(candidate: candidate, reference: reference)
    }

    /// Mean over the worst quarter of the tasks (rounded up) of their mean gains.
    package static func tail(_ gains: [[Double]]) -> Double {
        let worst = gains.map(mean).sorted().prefix(SelectionRule.tailCount(of: gains.count))
        return mean(Array(worst))
    }

    /// log10 of a normalised error, at most `limit`.
    static func logError(_ error: Double, atMost limit: Double) -> Double { min(limit, log10(max(error, floor))) }

    /// 10 to the power of `exponent`.
    static func power(_ exponent: Double) -> Double { pow(10, exponent) }

    /// How far a multiple is from 1, up or down.
    static func distance(_ multiple: Double) -> Double { abs(log(multiple)) }

    package static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
}
