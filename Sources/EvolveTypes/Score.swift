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
    /// Normalised mean squared errors (error over the variance of that split's targets), dimensionless.
    package var train: Double
    package var inDistribution: Double
    package var outOfDistribution: Double
    /// True when a loss or weight stopped being finite; the errors above are then meaningless.
    package var diverged: Bool

    package init(train: Double, inDistribution: Double, outOfDistribution: Double, diverged: Bool) {
        self.train = train
        self.inDistribution = inDistribution
        self.outOfDistribution = outOfDistribution
        self.diverged = diverged
    }
}

/// The paired gains of a candidate over the reference on one task, one entry per seed, in decibels (positive = better).
package struct TaskScore: Codable, Hashable, Sendable {
    package var task: String
    package var family: String
    package var gains: [Double]
    package var inDistributionGains: [Double]

    package init(task: String, family: String, gains: [Double], inDistributionGains: [Double]) {
        self.task = task
        self.family = family
        self.gains = gains
        self.inDistributionGains = inDistributionGains
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

    package init(
        gain: Estimate, families: [String: Estimate], inDistribution: Estimate, tail: Double, tasks: [TaskScore],
        trainingSteps: Int
    ) {
        self.gain = gain
        self.families = families
        self.inDistribution = inDistribution
        self.tail = tail
        self.tasks = tasks
        self.trainingSteps = trainingSteps
    }
}
