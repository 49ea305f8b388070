import CGSL
import EvolveTypes

/// The mean over tasks of the mean over seeds, with an interval that holds as often as it says.
///
/// Student's t over the tasks' means: tasks are what was drawn from all that might have been asked, and the spread of
/// their means already contains the seeds'. A bootstrap that draws tasks and then seeds within them counts the seeds twice: on
/// functions compared with themselves its 95 % interval missed zero far too rarely, and one that draws tasks alone is too
/// short where there are few (docs/decisions/0006). A single task's seeds speak of that task alone.
package enum GainInterval {
    /// - Parameters:
    ///   - gains: per task, one gain per seed, in decibels within ± `clip`; tasks without any are left out.
    ///   - clip: limits of the interval, and the interval of a single number, which tells nothing about spread.
    ///   - level: how often the interval is to contain what it estimates.
    package static func estimate(_ gains: [[Double]], clip: Double, level: Double = 0.95) -> Estimate {
        let sample = Sample(gains)
        guard let error = sample.standardError else { return Estimate(mean: sample.mean, low: -clip, high: clip) }
        let reach = error > 0 ? error * gsl_cdf_tdist_Pinv(0.5 + level / 2, Double(sample.freedom)) : 0
        return Estimate(
            mean: sample.mean, low: max(-clip, sample.mean - reach), high: min(clip, sample.mean + reach))
    }

    /// How probable so large a mean is, of either sign, when there is no gain; 1 when the spread is unknown.
    package static func pValue(_ gains: [[Double]]) -> Double {
        let sample = Sample(gains)
        guard let error = sample.standardError else { return 1 }
        guard error > 0 else { return sample.mean == 0 ? 1 : 0 }
        return 2 * gsl_cdf_tdist_Q(abs(sample.mean) / error, Double(sample.freedom))
    }

    private struct Sample {
        var mean: Double
        /// nil when there is only one number.
        var standardError: Double?
        var freedom: Int

        init(_ gains: [[Double]]) {
            let tasks = gains.filter { !$0.isEmpty }
            let values = tasks.count == 1 ? tasks[0] : tasks.map(Scoring.mean)
            let mean = Scoring.mean(values)
            self.mean = mean
            freedom = values.count - 1
            guard values.count > 1 else { return }
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            standardError = (squares / Double(freedom) / Double(values.count)).squareRoot()
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
