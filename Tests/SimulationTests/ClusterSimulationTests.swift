import Engine
import Evaluation
import EvolveTypes
import LanguageModels
import Population
import Simulation
import Testing

@Suite("A cluster in virtual time")
struct ClusterSimulationTests {
    private static let times = SlotTimes(
        call: LogNormal(median: 5, sigma: 0.8), secondCall: 0.1, edit: LogNormal(median: 0.01, sigma: 0.5),
        compile: LogNormal(median: 0.05, sigma: 0.2),
        asked: SlotTimes.Ends(untrained: 0.2, duplicate: 0.2, racedOut: 0.4, scored: 0.2),
        blind: SlotTimes.Ends(untrained: 0.1, duplicate: 0.2, racedOut: 0.5, scored: 0.2),
        race: LogNormal(median: 1, sigma: 0.5), whole: LogNormal(median: 8, sigma: 0.3),
        retest: LogNormal(median: 6, sigma: 0.3))

    static func policy(slots: Int, lookahead: Int) -> RunPolicy {
        func island(_ name: String) -> IslandPolicy {
            IslandPolicy(
                name: name, seeds: (0..<3).map { NamedProgram(name: "\($0)", source: "") }, prompts: [:],
                operators: [
                    IslandPolicy.OperatorShare(kind: .modelRewrite, weight: 1),
                    IslandPolicy.OperatorShare(kind: .treeMutation, weight: 1),
                ],
                sampling: IslandPolicy.Sampling(temperature: 1, maxTokens: 100),
                selection: IslandPolicy.Selection(parents: 1, temperature: 1, uniform: 0.3))
        }
        let suite = SuitePolicy(
            name: "played", costLimit: 200,
            points: SuitePolicy.Points(train: 64, inDistribution: 32, outOfDistribution: 32),
            network: SuitePolicy.Network(hidden: [8]),
            training: SuitePolicy.Training(optimiser: .adam, rate: 0.003, schedule: .cosine, batch: 16, steps: 10),
            scoring: SuitePolicy.Scoring(seeds: 2, clip: 20), racing: SuitePolicy.Racing(stages: [], rivals: 2),
            tasks: ["a", "b"].map {
                SuitePolicy.Task(name: $0, family: $0, split: .search, target: .fourier(terms: 1, seed: 1))
            })
        return RunPolicy(
            name: "played", islands: ["first", "second"].map(island), topology: .ring, migrationInterval: 20,
            suite: suite, literature: [], retest: RetestPolicy(share: 0.15, seeds: 2, most: 12), slots: slots,
            lookahead: lookahead, models: ModelPolicy([ModelPolicy.Choice(.scripted("none", name: "played"))]),
            verification: RunPolicy.VerificationPolicy(candidates: 2, retestSeeds: 1, heldoutSeeds: 1),
            maxMinutes: nil, seed: 3)
    }

    private static func run(
        workers: Int, lookahead: Int, slots: Int, failures: Double = 0, cutOff: Double = 0.2, seed: UInt64 = 1
    ) throws -> ClusterOutcome {
        var simulation = try ClusterSimulation(
            policy: policy(slots: slots, lookahead: lookahead), times: times,
            cluster: ClusterSettings(workers: workers, failuresPerHour: failures, cutOffShare: cutOff, seed: seed))
        return try simulation.run()
    }

    @Test("However often workers fail, every slot is committed once, in order, to the same journal")
    func failures() throws {
        let calm = try Self.run(workers: 1, lookahead: 150, slots: 1500)
        #expect(calm.tally.died == 0 && calm.tally.takenOver == 0 && calm.tally.refused == 0 && calm.tally.leaders == 1)
        let rough = try (1...3).map { seed in
            // The simulation itself checks number and order.
            try Self.run(workers: 50, lookahead: 150, slots: 1500, failures: 30, cutOff: 0.5, seed: seed)
        }
        #expect(rough.allSatisfy { $0.chain == calm.chain && $0.tally.handedIn == 1500 })
        // What makes it a test: all kinds of accidents have happened.
        func sum(_ count: KeyPath<ClusterOutcome.Tally, Int>) -> Int {
            rough.reduce(0) { $0 + $1.tally[keyPath: count] }
        }
        #expect(sum(\.died) > 50 && sum(\.leadersDied) > 0 && sum(\.leaders) > 3 && sum(\.lostWithWorker) > 20)
        #expect(sum(\.refused) > 0 && sum(\.rejoined) > 5 && sum(\.givenUp) > 0 && sum(\.takenOver) > 20)
    }

    @Test("The same settings give the same course, another seed of the failures another one")
    func determinism() throws {
        func course(_ seed: UInt64) throws -> [Double] {
            let outcome = try Self.run(workers: 20, lookahead: 40, slots: 400, failures: 10, seed: seed)
            return [outcome.seconds, outcome.utilisation, Double(outcome.tally.takenOver)]
        }
        #expect(try course(1) == course(1))
        #expect(try course(1) != course(2))
    }

    @Test("Without failures workers are as busy as commits in order allow, and with a huge lookahead always")
    func utilisation() throws {
        for lookahead in [20, 40] {
            let outcome = try Self.run(workers: 20, lookahead: lookahead, slots: 2000)
            #expect(outcome.ideal < 0.999)
            #expect(outcome.utilisation > 0.9 * outcome.ideal && outcome.utilisation < 1.01 * outcome.ideal)
        }
        let huge = try Self.run(workers: 20, lookahead: 1000, slots: 3000)
        #expect(huge.ideal > 0.999 && huge.utilisation > 0.995)
    }
}

@Suite("The best that commits in order allow")
struct IdealScheduleTests {
    @Test("A long slot holds up those behind it when the lookahead is used up")
    func holdUp() {
        // Two seeds; then slot 2 takes long.
        let schedule = IdealSchedule(durations: [1, 2, 10, 1, 1, 1, 1], seeds: 2, workers: 2, lookahead: 3)
        #expect(schedule.starts == [0, 0, 2, 2, 3, 12, 12])
        #expect(schedule.commits == [1, 2, 12, 12, 12, 13, 13])
    }

    @Test("With a worker for each slot and no lookahead, slots follow each other")
    func sequence() {
        let schedule = IdealSchedule(durations: [1, 2, 3], seeds: 0, workers: 3, lookahead: 1)
        #expect(schedule.starts == [0, 1, 3])
    }
}
