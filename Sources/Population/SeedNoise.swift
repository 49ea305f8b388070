import EvolveTypes

/// How much gains vary with the seed, from all that has been measured.
package struct SeedNoise: Codable, Sendable {
    private var squares = 0.0
    private var freedom = 0.0
    /// What is assumed before any task has had two seeds: 2.5 dB, the standard deviation on the laboratory suite.
    private static let blank = (variance: 6.25, weight: 4.0)
    /// Degrees of freedom that the run's common variance weighs against a candidate's own.
    private static let common = 16.0

    package init() {}

    package mutating func add(_ evidence: Evidence) { change(by: evidence, 1) }

    /// Before what was measured of a candidate is added again, with more.
    package mutating func remove(_ evidence: Evidence) { change(by: evidence, -1) }

    private mutating func change(by evidence: Evidence, _ sign: Double) {
        let own = Self.own(evidence)
        squares += sign * own.squares
        freedom += sign * own.freedom
    }

    private var variance: Double {
        (max(0, squares) + Self.blank.variance * Self.blank.weight) / (freedom + Self.blank.weight)
    }

    fileprivate static func own(_ evidence: Evidence) -> (squares: Double, freedom: Double) {
        var (squares, freedom) = (0.0, 0.0)
        for task in evidence.tasks where task.gains.count > 1 {
            let mean = task.gains.reduce(0, +) / Double(task.gains.count)
            squares += task.gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            freedom += Double(task.gains.count - 1)
        }
        return (squares, freedom)
    }

    package func observation(_ reading: Reading) -> Shrinkage.Observation {
        let perSeed = (reading.squares + Self.common * variance) / (reading.freedom + Self.common)
        return Shrinkage.Observation(
            gain: reading.gain, variance: reading.seedShare * perSeed + reading.betweenTasks)
    }
}

/// What a candidate's evidence says of the number that a rule ranks by: all that a belief needs of it, at any noise.
package struct Reading: Hashable, Sendable {
    /// Decibels.
    var gain: Double
    /// The variance that one seed brings is multiplied by this.
    var seedShare: Double
    /// Variance that tasks not measured bring, decibels squared.
    var betweenTasks: Double
    /// Of the candidate's own gains about their tasks' means.
    var squares: Double
    var freedom: Double

    init(gain: Double, seedShare: Double, betweenTasks: Double, squares: Double, freedom: Double) {
        self.gain = gain
        self.seedShare = seedShare
        self.betweenTasks = betweenTasks
        self.squares = squares
        self.freedom = freedom
    }

    /// - Parameter tasks: how many there are to be measured; those missing add to the noise.
    /// - Returns: nil without evidence.
    package init?(_ evidence: Evidence, rule: SelectionRule, tasks: Int) {
        guard !evidence.tasks.isEmpty else { return nil }
        (squares, freedom) = SeedNoise.own(evidence)
        (seedShare, betweenTasks) = (0, 0)
        let means = evidence.tasks.map { $0.gains.reduce(0, +) / Double($0.gains.count) }
        let weights = rule.weights(means)
        gain = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 }
        // Paired with itself the reference has no gain and no noise.
        if evidence.tasks.allSatisfy({ $0.gains.allSatisfy { $0 == 0 } }) { return }
        seedShare = zip(weights, evidence.tasks).reduce(0) { $0 + $1.0 * $1.0 / Double($1.1.gains.count) }
        let measured = Double(means.count)
        guard means.count < tasks else { return }
        let missing = (1 - measured / Double(tasks)) / measured
        if means.count > 1 {
            let mean = means.reduce(0, +) / measured
            betweenTasks = missing * means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (measured - 1)
        } else {
            // One task alone does not tell how tasks differ.
            seedShare += missing
        }
    }
}
