/// A mean with its 95 % confidence interval.
package struct Estimate: Codable, Hashable, Sendable {
    package var mean: Double
    package var low: Double
    package var high: Double

    package init(mean: Double, low: Double, high: Double) {
        self.mean = mean
        self.low = low
        self.high = high
    }
}

/// How one trained network ended.
package struct TrainingOutcome: Codable, Hashable, Sendable {
    /// Normalised errors, dimensionless: mean squared error over the variance of that set's targets or, of classes,
    /// cross-entropy over that of the training frequencies on that set.
    package var train: Double
    package var inDistribution: Double
    package var outOfDistribution: Double
    /// True when a loss or weight stopped being finite; the errors above are then meaningless.
    package var diverged: Bool
    /// Optimiser steps done; fewer than the suite's when diverged.
    package var steps: Int
    /// Out of distribution, not normalised: mean squared error in standardised units, or cross-entropy in nats. nil when
    /// diverged.
    package var loss: Double?
    /// Of classes only; nil when diverged.
    package var accuracy: Accuracy?

    package init(
        train: Double, inDistribution: Double, outOfDistribution: Double, diverged: Bool, steps: Int = 0,
        loss: Double? = nil, accuracy: Accuracy? = nil
    ) {
        self.train = train
        self.inDistribution = inDistribution
        self.outOfDistribution = outOfDistribution
        self.diverged = diverged
        self.steps = steps
        self.loss = loss
        self.accuracy = accuracy
    }
}

/// The paired gains of a candidate over the reference on one task, one entry per seed, in decibels (positive = better).
package struct TaskScore: Codable, Hashable, Sendable {
    package var task: String
    package var family: String
    package var gains: [Double]
    package var inDistributionGains: [Double]
    /// Of classes only: means over the seeds, where a diverged network counts 0.
    package var accuracy: AccuracyPair?

    package init(
        task: String, family: String, gains: [Double], inDistributionGains: [Double], accuracy: AccuracyPair? = nil
    ) {
        self.task = task
        self.family = family
        self.gains = gains
        self.inDistributionGains = inDistributionGains
        self.accuracy = accuracy
    }
}

/// What training a candidate showed: gain over the reference (GELU) in decibels of out-of-distribution error.
package struct Score: Codable, Hashable, Sendable {
    package var gain: Estimate
    package var families: [String: Estimate]
    package var inDistribution: Estimate
    /// Mean gain over the worst quarter of the tasks.
    package var tail: Double
    package var tasks: [TaskScore]
    /// Optimiser steps spent on the candidate (the reference's are not counted: they are cached).
    package var trainingSteps: Int
    /// The plain aggregate of published tables; nil in scores stored before it was kept.
    package var losses: LossSums?

    package init(
        gain: Estimate, families: [String: Estimate], inDistribution: Estimate, tail: Double, tasks: [TaskScore],
        trainingSteps: Int, losses: LossSums? = nil
    ) {
        self.gain = gain
        self.families = families
        self.inDistribution = inDistribution
        self.tail = tail
        self.tasks = tasks
        self.trainingSteps = trainingSteps
        self.losses = losses
    }
}

/// Sums over the tasks of the OOD loss, each the mean over its seeds: what published tables add up. It has the
/// units of whatever task is largest and no pairing; nil for a side of which a network diverged.
package struct LossSums: Codable, Hashable, Sendable {
    package var candidate: Double?
    package var reference: Double?

    package init(candidate: Double?, reference: Double?) {
        self.candidate = candidate
        self.reference = reference
    }
}
