import CGSL
import EvolveTypes

/// The mean over tasks of the mean over seeds, with an interval that holds as often as it says.
///
/// Student's t over the tasks' means: tasks are what was drawn from all that might have been asked, and the spread of
/// their means already contains the seeds'. A bootstrap that draws tasks and then seeds within them counts the
/// seeds twice, and one that draws tasks alone is too short where there are few (docs/decisions/0006). A single task's seeds speak of that task alone. Gains that lie at the clip hide how
/// far apart they are: the tasks' standard deviation is then taken as at least a quarter of it.
package enum GainInterval {
    /// - Parameters:
    ///   - gains: per task, one gain per seed, in decibels within ± `clip`; tasks without any are left out.
    ///   - clip: limits of the interval, and the interval of a single number, which tells nothing about spread.
    ///   - level: how often the interval is to contain what it estimates.
    package static func estimate(_ gains: [[Double]], clip: Double, level: Double = 0.95) -> Estimate {
        let sample = Sample(gains, clip: clip)
        guard let error = sample.standardError else { return Estimate(mean: sample.mean, low: -clip, high: clip) }
        let reach = error > 0 ? error * gsl_cdf_tdist_Pinv(0.5 + level / 2, Double(sample.freedom)) : 0
        return Estimate(
            mean: sample.mean, low: max(-clip, sample.mean - reach), high: min(clip, sample.mean + reach))
    }

    /// How probable so large a mean is when there is no gain; 1 when the spread is unknown.
    package static func pValues(_ gains: [[Double]], clip: Double) -> OneSided {
        let sample = Sample(gains, clip: clip)
        guard let error = sample.standardError else { return OneSided(above: 1, below: 1) }
        guard error > 0 else {
            return OneSided(above: sample.mean > 0 ? 0 : 1, below: sample.mean < 0 ? 0 : 1)
        }
        let above = gsl_cdf_tdist_Q(sample.mean / error, Double(sample.freedom))
        return OneSided(above: above, below: 1 - above)
    }

    /// Of the claim that there is a gain, and of the claim that there is a loss.
    package struct OneSided: Sendable {
        package var above: Double
        package var below: Double
    }

    private struct Sample {
        var mean: Double
        /// nil when there is only one number.
        var standardError: Double?
        var freedom: Int

        init(_ gains: [[Double]], clip: Double) {
            let tasks = gains.filter { !$0.isEmpty }
            let values = tasks.count == 1 ? tasks[0] : tasks.map(Scoring.mean)
            let mean = Scoring.mean(values)
            self.mean = mean
            freedom = values.count - 1
            guard values.count > 1 else { return }
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            var deviation = (squares / Double(freedom)).squareRoot()
            if values.contains(where: { abs($0) >= clip }) { deviation = max(deviation, clip / 4) }
            standardError = deviation / Double(values.count).squareRoot()
        }
    }
}

/// Holm's correction (Holm 1979) for having asked several questions.
package enum Holm {
    /// - Returns: for each p-value the adjusted one: below α, the question is answered with all answers together wrong at most
    ///   α of the time.
    package static func adjust(_ values: [Double]) -> [Double] {
        var adjusted = values
        var highest = 0.0
        for (rank, index) in values.indices.sorted(by: { values[$0] < values[$1] }).enumerated() {
            highest = max(highest, min(1, Double(values.count - rank) * values[index]))
            adjusted[index] = highest
        }
        return adjusted
    }
}
