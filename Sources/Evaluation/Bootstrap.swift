import EvolveTypes

/// The mean over tasks of the mean over seeds, with a 95 % percentile interval from a two-level bootstrap
/// (Davison and Hinkley 1997, §3.8): tasks are drawn with replacement, then seeds within each drawn task.
package enum Bootstrap {
    package static let resamples = 2000

    /// - Parameters:
    ///   - gains: per task, one gain per seed, in decibels within ± `clip`.
    ///   - clip: a single gain tells nothing about spread: its interval is the whole range ± `clip`.
    package static func estimate(_ gains: [[Double]], clip: Double) -> Estimate {
        let mean = Scoring.mean(gains.map(Scoring.mean))
        guard gains.count > 1 || (gains.first?.count ?? 0) > 1 else {
            return Estimate(mean: mean, low: -clip, high: clip)
        }
        // Keyed by the data: the same gains have the same interval wherever and whenever they are looked at.
        var random = RandomStream(
            key: ["bootstrap"] + gains.map { $0.map { String($0.bitPattern, radix: 16) }.joined(separator: " ") })
        var means = (0..<resamples).map { _ in resample(gains, &random) }
        means.sort()
        return Estimate(mean: mean, low: quantile(means, 0.025), high: quantile(means, 0.975))
    }

    private static func resample(_ gains: [[Double]], _ random: inout RandomStream) -> Double {
        var total = 0.0
        for _ in gains {
            let task = gains[random.index(below: gains.count)]
            var sum = 0.0
            for _ in task { sum += task[random.index(below: task.count)] }
            total += sum / Double(max(1, task.count))
        }
        return total / Double(gains.count)
    }

    /// Linear interpolation between order statistics.
    private static func quantile(_ sorted: [Double], _ level: Double) -> Double {
        let place = level * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}
