import EvolveTypes
import Foundation

/// A minimisation inside one worker: the numbers of a kernel, by trainings of a fixed set of networks.
package struct TuningRequest: Codable, Sendable {
    package struct Number: Codable, Hashable, Sendable {
        /// As in the text: above 0.
        package var value: Float
        /// Where the kernel reads it in `p`.
        package var places: [Int]
        /// Whether it reads the negative there.
        package var isNegative: Bool

        package init(value: Float, places: [Int], isNegative: Bool) {
            self.value = value
            self.places = places
            self.isNegative = isNegative
        }

        /// The number when its logarithm is moved by `shift`; the sign never changes, and at 0 not a bit.
        ///
        /// Four digits, because what is tried is what the child's text will say.
        package func moved(by shift: Double) -> Float {
            guard shift != 0 else { return value }
            return Float(String(format: "%.3e", Double(value) * exp(shift))) ?? value
        }
    }

    /// The logarithm of half as much again: where the first simplex looks.
    package static let step = 0.405
    /// The logarithm of ten: a number that wants to be farther away is a term that wants to go, and is not trained for.
    /// Without this end a term of no use is tuned to 1e-12, and the child behaves as an ancestor.
    package static let reach = 2.303

    package static func isWithinReach(_ shifts: [Double]) -> Bool { shifts.allSatisfy { abs($0) <= reach } }

    package var numbers: [Number]
    /// Trained in every trial, from the same weights in the same batches.
    package var networks: [NetworkRequest]
    /// The reference's outcomes of the same networks.
    package var references: [TrainingOutcome]
    /// Sets of numbers tried, the given ones among them.
    package var trials: Int
    /// Decibels.
    package var clip: Double

    package init(
        numbers: [Number], networks: [NetworkRequest], references: [TrainingOutcome], trials: Int, clip: Double
    ) {
        self.numbers = numbers
        self.networks = networks
        self.references = references
        self.trials = trials
        self.clip = clip
    }

    /// The mean gain out of distribution, in decibels, of the outcomes of `networks`.
    package func gain(_ outcomes: [TrainingOutcome]) -> Double {
        Scoring.mean(
            zip(references, outcomes).map {
                Scoring.gain(of: Scoring.Pair(reference: $0, candidate: $1), in: \.outOfDistribution, clip: clip)
            })
    }
}

package struct TuningReply: Codable, Sendable {
    /// One per number; those of the text when nothing tried was better.
    package var values: [Float]
    /// Mean gain of the text's numbers and of `values` on the networks that chose them.
    package var before: Double
    package var after: Double
    package var trials: Int
    /// Optimiser steps.
    package var steps: Int
    /// Of the core's time.
    package var seconds: Double

    package init(values: [Float], before: Double, after: Double, trials: Int, steps: Int, seconds: Double) {
        self.values = values
        self.before = before
        self.after = after
        self.trials = trials
        self.steps = steps
        self.seconds = seconds
    }
}
