import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("The interval of a gain")
struct GainIntervalTests {
    /// Gains of `tasks` × 2 seeds: task effects with this standard deviation about `mean`, seed noise with sd 2.5.
    private static func gains(_ tasks: Int, mean: Double, effect: Double, _ random: inout RandomStream) -> [[Double]] {
        (0..<tasks).map { _ in
            let center = mean + effect * random.normal()
            return (0..<2).map { _ in center + 2.5 * random.normal() }
        }
    }

    @Test(
        "misses the true mean in 3 to 8 of 100, with few tasks and with many, whether tasks differ or not",
        arguments: [(4, 0.0), (4, 3), (12, 0), (12, 3), (32, 2)])
    func coverage(tasks: Int, effect: Double) {
        var random = RandomStream(key: ["coverage", "\(tasks)", "\(effect)"])
        let rounds = 2000
        let missed = (0..<rounds).count { _ in
            let estimate = GainInterval.estimate(
                Self.gains(tasks, mean: 1, effect: effect, &random), clip: 40)
            return estimate.low > 1 || estimate.high < 1
        }
        // Four standard errors of the share about 5 %.
        #expect(abs(Double(missed) / Double(rounds) - 0.05) < 0.02)
    }

    @Test("and the p-value agree on what is shown, at any level")
    func agreement() {
        var random = RandomStream(key: ["p"])
        for _ in 0..<200 {
            let gains = Self.gains(9, mean: 1.2, effect: 1, &random)
            for level in [0.9, 0.95, 0.99] {
                let estimate = GainInterval.estimate(gains, clip: 40, level: level)
                let p = GainInterval.pValues(gains, clip: 40)
                #expect((estimate.low > 0) == (p.above < (1 - level) / 2))
                #expect((estimate.high < 0) == (p.below < (1 - level) / 2))
            }
        }
    }

    @Test("says nothing when there is one gain, speaks of one task by its seeds, and stays within the clip")
    func corners() {
        #expect(GainInterval.estimate([[3]], clip: 20) == Estimate(mean: 3, low: -20, high: 20))
        let one = GainInterval.pValues([[3]], clip: 20)
        #expect(one.above == 1 && one.below == 1)
        #expect(GainInterval.estimate([[3], [3]], clip: 20) == Estimate(mean: 3, low: 3, high: 3))
        let (none, sure) = (GainInterval.pValues([[0], [0]], clip: 20), GainInterval.pValues([[2], [2]], clip: 20))
        #expect(none.above == 1 && none.below == 1 && sure.above == 0 && sure.below == 1)
        // t with one degree of freedom reaches 12.7 standard errors.
        #expect(GainInterval.estimate([[0, 2]], clip: 40).high.rounded() == 14)
        #expect(GainInterval.estimate([[0], [19]], clip: 20).high == 20)
    }

    @Test("is not made of certainty where all gains lie at the clip: how far apart they are is not known then")
    func clipped() {
        let three = GainInterval.estimate([[20, 20], [20, 20], [20, 20]], clip: 20)
        // Standard deviation 5, t with two degrees of freedom.
        #expect(abs(three.low - (20 - 4.303 * 5 / 3.0.squareRoot())) < 0.01 && three.high == 20)
        #expect(GainInterval.pValues([[20], [20], [20]], clip: 20).above > 0.005)
        #expect(GainInterval.estimate([[20], [-20]], clip: 20).low == -20)
    }

    @Test("Holm's correction multiplies the smallest by all, and never lets a larger one pass before it")
    func holm() {
        #expect(Holm.adjust([0.01, 0.04, 0.03]) == [0.03, 0.06, 0.06])
        #expect(Holm.adjust([0.5, 0.6]) == [1, 1])
        #expect(Holm.adjust([]) == [])
    }
}
