import EvolveTypes
import Foundation
import Population
import Testing

@Suite("What is believed of noisy gains")
struct ShrinkageTests {
    /// True gains of two kinds, and as measured with noise of this standard deviation.
    private static func tried(_ count: Int, noise: Double, _ random: inout RandomStream)
        -> [(truth: Double, seen: Shrinkage.Observation)]
    {
        (0..<count).map { _ in
            let truth = random.uniform() < 0.4 ? -4 + 2 * normal(&random) : -0.3 + 0.4 * normal(&random)
            return (truth, Shrinkage.Observation(gain: truth + noise * normal(&random), variance: noise * noise))
        }
    }

    private static func normal(_ random: inout RandomStream) -> Double {
        (-2 * log(1 - random.uniform())).squareRoot() * cos(2 * .pi * random.uniform())
    }

    @Test("The best by belief is on average as good as believed; the best as measured is not", arguments: [40, 200])
    func winnersCurse(candidates: Int) {
        var random = RandomStream(key: ["curse", "\(candidates)"])
        var (naive, shrunk) = (0.0, 0.0)
        let rounds = 200
        for _ in 0..<rounds {
            let all = Self.tried(candidates, noise: 0.6, &random)
            let prior = Shrinkage(all.map(\.seen))
            let beliefs = all.map { prior.belief($0.seen).mean }
            if let best = all.max(by: { $0.seen.gain < $1.seen.gain }) { naive += best.seen.gain - best.truth }
            if let best = all.indices.max(by: { beliefs[$0] < beliefs[$1] }) {
                shrunk += beliefs[best] - all[best].truth
            }
        }
        #expect(naive / Double(rounds) > 0.5)
        #expect(abs(shrunk / Double(rounds)) < 0.12)
    }

    @Test("About seven of ten truths lie within one standard deviation of the belief")
    func calibrated() {
        var random = RandomStream(key: ["calibrated"])
        let all = Self.tried(3000, noise: 0.8, &random)
        let prior = Shrinkage(all.map(\.seen))
        let within = all.count { one in
            let belief = prior.belief(one.seen)
            return abs(belief.mean - one.truth) < belief.deviation
        }
        // Of a mixture a little more than of a normal distribution.
        #expect(abs(Double(within) / 3000 - 0.7) < 0.05)
    }

    @Test("Much evidence is believed, little is drawn to what was tried, none changes the order of equals")
    func weight() {
        let tried = (0..<60).map { Shrinkage.Observation(gain: Double($0 % 7) / 10 - 0.3, variance: 0.1) }
        let prior = Shrinkage(tried)
        #expect(abs(prior.belief(Shrinkage.Observation(gain: 2, variance: 1e-6)).mean - 2) < 0.01)
        #expect(prior.belief(Shrinkage.Observation(gain: 2, variance: 4)).mean < 0.5)
        let ordered = stride(from: -1.0, to: 2, by: 0.1).map {
            prior.belief(Shrinkage.Observation(gain: $0, variance: 0.3)).mean
        }
        #expect(ordered == ordered.sorted())
        #expect(Shrinkage([]).belief(Shrinkage.Observation(gain: 1, variance: 9)).mean == 0.5)
    }

    @Test("The reference itself is known without noise")
    func reference() throws {
        let zero = Evidence([Evidence.Task(name: "t", family: "f", gains: [0, 0])])
        let seen = SeedNoise().observation(try #require(Reading(zero, rule: .mean, tasks: 1)))
        #expect(seen.gain == 0 && seen.variance == 0)
        #expect(Reading(Evidence(), rule: .mean, tasks: 1) == nil)
    }

    @Test("Noise falls with seeds and rises with tasks that were not measured")
    func noise() throws {
        func seen(_ tasks: Int, _ seeds: Int, of all: Int) throws -> Double {
            let evidence = Evidence(
                (0..<tasks).map { place in
                    Evidence.Task(
                        name: "\(place)", family: "f", gains: (0..<seeds).map { Double($0 % 2) + Double(place) })
                })
            return SeedNoise().observation(try #require(Reading(evidence, rule: .mean, tasks: all))).variance
        }
        #expect(try seen(4, 8, of: 4) < seen(4, 2, of: 4))
        #expect(try seen(4, 2, of: 4) < seen(4, 2, of: 12))
    }
}
