import Distillation
import Engine
import EvolveTypes
import Foundation
import Population
import RunStore
import Testing

@Suite("Examples of a journal")
struct RunExamplesTests {
    /// A score with these gains of the tasks' seeds.
    private static func score(_ gains: [[Double]]) -> Score {
        let mean = gains.joined().reduce(0, +) / Double(gains.joined().count)
        let estimate = Estimate(mean: mean, low: mean, high: mean)
        let tasks = gains.enumerated().map { place, gains in
            TaskScore(
                task: "\(place)", family: place < 2 ? "first" : "second", gains: gains,
                inDistributionGains: gains.map { _ in 0 })
        }
        return Score(
            gain: estimate, families: [:], inDistribution: estimate, tail: 0, tasks: tasks, trainingSteps: 1)
    }

    /// Two seed programs, of which the second is the better, and then what is given.
    private static func examples(
        _ children: [(variation: VariationOperator, parents: [CandidateID], verdict: Verdict)]
    ) throws -> RunExamples {
        let policy = PlantedRun.policy(suite: "s")
        let store = InMemoryRunStore(
            manifest: RunManifest(
                name: "r", seed: 1, policy: try CanonicalJSON.encode(policy), definitions: [], replay: false,
                createdAt: Date(timeIntervalSince1970: 0)))
        let parents: [(VariationOperator, [CandidateID], Verdict)] = [
            (.seed, [], .scored(score([[0, 0], [0, 0], [0, 0], [0, 0]]))),
            (.seed, [], .scored(score([[1, 3], [1, 3], [1, 3], [1, 3]]))),
        ]
        for (slot, child) in (parents + children.map { ($0.variation, $0.parents, $0.verdict) }).enumerated() {
            try store.commit(
                SlotRecord(
                    slot: slot, island: "i", variation: child.0.rawValue, parents: child.1, model: nil,
                    source: "float activation(float x) { return x * sigmoid(\(slot + 1).0f * x); }", idea: nil,
                    canonicalHash: "\(slot)", fingerprint: "\(slot)", cost: 40,
                    descriptor: BehaviourDescriptor(leftSlope: 0, rightSlope: 1, turns: 1), verdict: child.2,
                    times: SlotRecord.Times(propose: 0, compile: 0, train: 0)))
        }
        return try RunExamples(store, called: "r.evolve")
    }

    @Test("A child is held against the best of its parents, network by network")
    func paired() throws {
        let child = Self.score([[2, 4], [2.2, 4.2], [1.9, 3.9], [2.1, 4.1]])
        let run = try Self.examples([(.treeCrossover, [0, 1], .scored(child))])
        let example = try #require(run.examples.first)
        #expect(run.examples.count == 1 && run.slots == 3 && example.slot == 2 && example.parent.id == 1)
        #expect(abs(example.gain.mean - 1.05) < 1e-12 && example.gain.low > 0.8 && example.label == .improved)
        #expect(abs((example.families["first"] ?? 0) - 1.1) < 1e-12 && example.families.count == 2)
        #expect(example.change.contains("numbers") && example.context.contains("sigmoid"))
    }

    @Test("What was raced out counts as far as it was trained; one task decides nothing")
    func racedOut() throws {
        let run = try Self.examples([
            (.treeMutation, [1], .racedOut(Self.score([[-9]]))),
            (.treeMutation, [1], .racedOut(Self.score([[-9], [-9.5], [-10]]))),
        ])
        #expect(run.examples.map(\.gain.mean) == [-10, -10.5] && run.examples.map(\.label) == [.undecided, .worse])
    }

    @Test("A child that diverged is surely worse, whatever the parent gained")
    func diverged() throws {
        let run = try Self.examples([(.modelEdit, [1], .diverged("all"))])
        #expect(run.examples.map(\.label) == [.worse] && run.examples.map(\.gain.mean) == [-run.clip])
    }

    @Test("Duplicates, re-tests, what was refused and what has no parent are no examples")
    func others() throws {
        let score = Self.score([[0, 0]])
        let run = try Self.examples([
            (.treeMutation, [1], .duplicate(of: 0)), (.retest, [1], .retested(score)),
            (.treeMutation, [1], .unsound("a pole")), (.grammarSampling, [], .scored(score)),
        ])
        #expect(run.examples.isEmpty && run.slots == 6)
    }
}
