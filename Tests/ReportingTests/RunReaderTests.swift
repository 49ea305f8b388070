import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Population
import Reporting
import RunStore
import Testing

@Suite("What is read out of a store")
struct RunReaderTests {
    /// The same gain, nearly, on each of nine tasks, with many seeds.
    private static func gain(_ mean: Double) -> Verdict {
        let estimate = Estimate(mean: mean, low: mean - 1, high: mean + 1)
        let tasks = (0..<9).map { place in
            let gain = mean + Double(place % 3 - 1) / 10
            return TaskScore(
                task: "\(place)", family: "f", gains: Array(repeating: gain, count: 100), inDistributionGains: [0])
        }
        return .scored(
            Score(
                gain: estimate, families: ["f": estimate], inDistribution: estimate, tail: mean, tasks: tasks,
                trainingSteps: 10))
    }

    private static func policy(seeds: Int = 1) -> RunPolicy {
        let program = NamedProgram(name: "gelu", source: "float activation(float x) { return x; }")
        let island = IslandPolicy(
            name: "a", seeds: Array(repeating: program, count: seeds), prompts: [:],
            operators: [IslandPolicy.OperatorShare(kind: .treeMutation, weight: 1)],
            sampling: IslandPolicy.Sampling(temperature: 1, maxTokens: 1),
            selection: IslandPolicy.Selection(parents: 1, temperature: 1, uniform: 0))
        let suite = SuitePolicy(
            name: "s", costLimit: 100,
            points: SuitePolicy.Points(train: 2, inDistribution: 1, outOfDistribution: 1),
            network: SuitePolicy.Network(hidden: [1]),
            training: SuitePolicy.Training(optimiser: .adam, rate: 0.1, schedule: .cosine, batch: 1, steps: 1),
            scoring: SuitePolicy.Scoring(seeds: 1, clip: 20), racing: SuitePolicy.Racing(stages: []),
            tasks: [SuitePolicy.Split.search, .heldout].map {
                SuitePolicy.Task(name: "\($0)", family: "f", split: $0, target: .fourier(terms: 1, seed: 1))
            })
        return RunPolicy(
            name: "r", islands: [island], topology: .isolated, migrationInterval: 0, suite: suite,
            literature: [program], slots: max(3, seeds), lookahead: 1,
            models: ModelPolicy([]),
            verification: RunPolicy.VerificationPolicy(candidates: 2, retestSeeds: 1, heldoutSeeds: 1),
            maxMinutes: nil, seed: 1)
    }

    private static func slot(_ slot: Int, _ gain: Double) -> SlotRecord {
        SlotRecord(
            slot: slot, island: "a", variation: slot == 0 ? "seed" : "tree-mutation", parents: slot == 0 ? [] : [0],
            model: nil, source: "float activation(float x) { return x; }", idea: nil, canonicalHash: "\(slot)",
            fingerprint: "\(slot)", cost: 1, descriptor: BehaviourDescriptor(leftSlope: 0, rightSlope: 0, turns: slot),
            verdict: gain.isNaN ? .crashed("x") : Self.gain(gain),
            times: SlotRecord.Times(propose: 0, compile: 0, train: 0))
    }

    @Test("What the licence of a model wants shown is shown on its work, and on what was bred from it")
    func attributions() throws {
        var policy = Self.policy()
        var llama = ModelFacts(
            name: "llama", form: .chat, context: 9, licence: .init(name: "L", attribution: "Built with Llama"))
        llama.price = nil
        policy.models = ModelPolicy([.init(llama)])
        let store = InMemoryRunStore(
            manifest: RunManifest(
                name: "r", seed: 1, policy: try CanonicalJSON.encode(policy), definitions: [], replay: false,
                createdAt: Date(timeIntervalSince1970: 0)))
        try store.commit(Self.slot(0, 9))
        var written = Self.slot(1, 8)
        written.model = "llama"
        var standIn = written
        (standIn.slot, standIn.standIn) = (2, "tree-mutation")
        var child = Self.slot(3, 7)
        child.parents = [1]
        for record in [written, standIn, child] { try store.commit(record) }
        let reader = try RunReader(store)
        let line = ["Built with Llama (llama)"]
        #expect(try reader.attributions(of: 1) == line && reader.attributions(of: 3) == line)
        #expect(try reader.attributions(of: 0).isEmpty && reader.attributions(of: 2).isEmpty)
    }

    @Test("First scores, beliefs, re-tests and held-out gains are told apart, and the finding is the duels'")
    func stages() throws {
        let policy = Self.policy()
        let store = InMemoryRunStore(
            manifest: RunManifest(
                name: "r", seed: 1, policy: try CanonicalJSON.encode(policy), definitions: [], replay: false,
                createdAt: Date(timeIntervalSince1970: 0)))
        // The seed stays ahead of both, so that it remains the only parent.
        for (slot, gain) in [9.0, 8, 7].enumerated() { try store.commit(Self.slot(slot, gain)) }
        #expect(try RunReader(store).summary().phase == .verifying)
        func record(_ stage: VerificationRecord.Stage, _ candidate: Int?, _ gain: Double, form: String? = nil) throws {
            try store.record(
                VerificationRecord(
                    index: store.verifications().count, stage: stage, candidate: candidate,
                    name: candidate.map { "candidate \($0)" } ?? "gelu",
                    duel: form.map {
                        VerificationRecord.Duel(opponent: "gelu", form: $0, rates: [1, 3], rate: 1, opponentRate: 3)
                    },
                    verdict: Self.gain(gain), seconds: 0))
        }
        try record(.retest, 1, 4)
        try record(.retest, 2, 6.8)
        try record(.heldout, 2, -3)
        try record(.heldout, nil, 0)
        #expect(try RunReader(store).summary().phase == .verifying)
        try record(.duel, 2, -2, form: "as written")
        try record(.duel, 2, -1, form: "unit moment")
        let summary = try RunReader(store).summary()
        #expect(summary.phase == .complete)
        let champion = try #require(summary.champion)
        #expect(champion.id == 2)
        #expect([champion.searchGain.mean, champion.retestGain?.mean, champion.heldoutGain?.mean] == [7, 6.8, -3])
        #expect(abs(champion.believed.mean - 6.9) < 0.1)
        #expect(champion.finding == .worse)
        #expect(summary.heldout.map(\.name) == ["candidate 2", "gelu"])
        #expect(summary.heldout.map { $0.gain?.mean } == [-3, 0])
        #expect(summary.findings.map { $0.duels.map(\.opponentRate) } == [[3, 3]])
        let text = SummaryText.render(summary)
        #expect(
            text.contains("all tasks (9 × 100 seeds), against gelu:") && text.contains("worse, p < 0.001")
                && text.contains("rates 1×!, 3×!")
                && text.contains("! highest or lowest of the run's verification.rates")
        )
        #expect(CardText.render(try CandidateCard(2, in: RunReader(store))).contains("loses on"))
    }

    @Test("A card names what is the same up to input and output scale, in the library and in the run")
    func nearDuplicates() throws {
        let store = InMemoryRunStore(
            manifest: RunManifest(
                name: "r", seed: 1, policy: try CanonicalJSON.encode(Self.policy(seeds: 4)), definitions: [],
                replay: false,
                createdAt: Date(timeIntervalSince1970: 0)))
        let values = ["softplus(x)", "0.5f * softplus(-2.0f * x)", "softplus(x)", "sinf(x)"]
        for (slot, value) in values.enumerated() {
            let source = "float activation(float x) { return \(value); }"
            try store.commit(
                SlotRecord(
                    slot: slot, island: "a", variation: "seed", parents: [], model: nil, source: source, idea: nil,
                    canonicalHash: value, fingerprint: value, cost: 1, descriptor: nil,
                    verdict: slot == 2 ? .duplicate(of: 0) : Self.gain(1),
                    times: SlotRecord.Times(propose: 0, compile: 0, train: 0)))
        }
        let library = ["2.0f * softplus(x)", "tanhf(x)"].map {
            NamedProgram(name: $0, source: "float activation(float x) { return \($0); }")
        }
        let run = try RunReader(store)
        let cards = try (0..<4).map { try CandidateCard($0, in: run, library: library) }
        #expect(cards[0].nearDuplicates == NearDuplicates(literature: ["2.0f * softplus(x)"], candidates: [1]))
        #expect(cards[1].nearDuplicates?.candidates == [0])
        #expect(cards[3].nearDuplicates?.isEmpty == true)
        #expect(CardText.render(cards[0]).contains("the same as 2.0f * softplus(x), candidate 1"))
        #expect(!CardText.render(cards[3]).contains("the same as"))
    }
}
