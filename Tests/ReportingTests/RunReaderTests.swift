import Engine
import Evaluation
import EvolveTypes
import Foundation
import Population
import Reporting
import RunStore
import Testing

@Suite("What is read out of a store")
struct RunReaderTests {
    private static func gain(_ mean: Double) -> Verdict {
        let estimate = Estimate(mean: mean, low: mean - 1, high: mean + 1)
        return .scored(
            Score(gain: estimate, families: [:], inDistribution: estimate, tail: mean, tasks: [], trainingSteps: 10))
    }

    private static func policy() -> RunPolicy {
        let program = NamedProgram(name: "gelu", source: "float activation(float x) { return x; }")
        let island = IslandPolicy(
            name: "a", seeds: [program, program], prompt: "", operators: [],
            sampling: IslandPolicy.Sampling(temperature: 1, maxTokens: 1),
            selection: IslandPolicy.Selection(parents: 1, temperature: 1, uniform: 0))
        let suite = SuitePolicy(
            name: "s", costLimit: 100,
            points: SuitePolicy.Points(train: 2, inDistribution: 1, outOfDistribution: 1),
            network: SuitePolicy.Network(hidden: [1]),
            training: SuitePolicy.Training(optimiser: .adam, rate: 0.1, schedule: .cosine, batch: 1, steps: 1),
            scoring: SuitePolicy.Scoring(seeds: 1, clip: 20), firstLook: SuitePolicy.FirstLook(tasks: 0, margin: 1),
            tasks: [])
        return RunPolicy(
            name: "r", islands: [island], topology: .isolated, migrationInterval: 0, suite: suite,
            literature: [program], slots: 2, lookahead: 1,
            model: RunPolicy.ModelPolicy(backend: .scripted, script: nil),
            verification: RunPolicy.VerificationPolicy(candidates: 2, retestSeeds: 1, heldoutSeeds: 1),
            maxMinutes: nil, seed: 1)
    }

    @Test("Search, re-test and held-out gains are told apart, and the finding is the held-out one's")
    func stages() throws {
        let policy = Self.policy()
        let store = InMemoryRunStore(
            manifest: RunManifest(
                name: "r", seed: 1, policy: try CanonicalJSON.encode(policy), definitions: [], replay: false,
                createdAt: Date(timeIntervalSince1970: 0)))
        for (slot, gain) in [9.0, 8].enumerated() {
            try store.commit(
                SlotRecord(
                    slot: slot, island: "a", variation: "seed", parents: [], model: nil,
                    source: "float activation(float x) { return x; }",
                    idea: nil,
                    canonicalHash: "\(slot)", fingerprint: "\(slot)", cost: 1, descriptor: nil,
                    verdict: Self.gain(gain), times: SlotRecord.Times(propose: 0, compile: 0, train: 0)))
        }
        for (stage, candidate, gain) in [
            (.retest, 0, 4), (.retest, 1, 5), (.heldout, 1, -3), (.heldout, nil, 0),
        ] as [(VerificationRecord.Stage, Int?, Double)] {
            try store.record(
                VerificationRecord(
                    index: store.verifications().count, stage: stage, candidate: candidate,
                    name: candidate.map { "candidate \($0)" } ?? "gelu", verdict: Self.gain(gain), seconds: 0))
        }
        let summary = try RunReader(store).summary()
        #expect(summary.phase == .complete)
        let champion = try #require(summary.champion)
        #expect(champion.id == 1)
        #expect([champion.searchGain.mean, champion.retestGain.mean, champion.heldoutGain?.mean] == [8, 5, -3])
        #expect(champion.finding == .worse)
        #expect(summary.heldout.map(\.name) == ["candidate 1", "gelu"])
        #expect(summary.heldout.map { $0.gain?.mean } == [-3, 0])
    }

    @Test("A card names what is the same up to input and output scale, in the library and in the run")
    func nearDuplicates() throws {
        let store = InMemoryRunStore(
            manifest: RunManifest(
                name: "r", seed: 1, policy: try CanonicalJSON.encode(Self.policy()), definitions: [], replay: false,
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
