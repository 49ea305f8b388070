import Engine
import Evaluation
import EvolveTypes
import Foundation
import Population
import RunStore

/// A run of which it is known what helps: parents, and children whose gains over them are planted.
struct PlantedRun {
    /// A kind of change: the child of the gate with this steepness, and what it gains, in decibels.
    struct Change: Sendable {
        var body: @Sendable (Double) -> String
        var gain: Double

        /// Waves on top.
        static func sine(_ gain: Double) -> Change {
            Change(body: { "\(gate($0)) + 0.2f * sinf(4.0f * x)" }, gain: gain)
        }
        static func tanh(_ gain: Double) -> Change { Change(body: { "\(gate($0)) + 0.2f * tanhf(x)" }, gain: gain) }
        static func erf(_ gain: Double) -> Change { Change(body: { "\(gate($0)) + 0.2f * erff(x)" }, gain: gain) }
        static func number(_ gain: Double) -> Change { Change(body: { gate($0 + 0.3) }, gain: gain) }
    }

    static func gate(_ steepness: Double) -> String { "x * sigmoid(\(steepness)f * x)" }

    let store: InMemoryRunStore

    /// - Parameters:
    ///   - spread: standard deviation of a task's gain around the child's.
    init(_ changes: [Change], parents: Int = 24, spread: Double = 0.3, suite: String = "s", seed: UInt64 = 1) throws {
        let policy = Self.policy(suite: suite, seed: seed)
        store = InMemoryRunStore(
            manifest: RunManifest(
                name: "planted", seed: seed, policy: try CanonicalJSON.encode(policy), definitions: [], replay: false,
                createdAt: Date(timeIntervalSince1970: 0)))
        var stream = RandomStream(key: ["planted", "\(seed)"])
        var slot = 0
        func commit(_ variation: VariationOperator, _ body: String, parents: [CandidateID], gain: Double) throws {
            let tasks = policy.suite.tasks.map { task in
                let noise = spread * (stream.uniform() + stream.uniform() + stream.uniform() - 1.5) * 2
                return TaskScore(
                    task: task.name, family: task.family, gains: [variation == .seed ? gain : gain + noise],
                    inDistributionGains: [0])
            }
            let estimate = GainInterval.estimate(tasks.map(\.gains), clip: 20)
            let score = Score(
                gain: estimate, families: [:], inDistribution: estimate, tail: 0, tasks: tasks, trainingSteps: 1)
            try store.commit(
                SlotRecord(
                    slot: slot, island: "i", variation: variation.rawValue, parents: parents, model: nil,
                    source: "float activation(float x) { return \(body); }", idea: nil, canonicalHash: "\(slot)",
                    fingerprint: "\(slot)", cost: 40,
                    descriptor: BehaviourDescriptor(leftSlope: 0, rightSlope: 1, turns: body.contains("sinf") ? 9 : 1),
                    verdict: .scored(score), times: SlotRecord.Times(propose: 0, compile: 0, train: 0)))
            slot += 1
        }
        for number in 0..<parents {
            let steepness = 1 + Double(number) / 8
            let parent = slot
            let standing = stream.uniform()
            try commit(.seed, Self.gate(steepness), parents: [], gain: standing)
            for change in changes {
                try commit(.treeMutation, change.body(steepness), parents: [parent], gain: standing + change.gain)
            }
        }
    }

    static func policy(suite: String, seed: UInt64 = 1) -> RunPolicy {
        let gelu = NamedProgram(name: "gelu", source: "float activation(float x) { return x; }")
        return RunPolicy(
            name: "planted",
            islands: [
                IslandPolicy(
                    name: "i", seeds: [gelu], prompts: [:], operators: [],
                    sampling: IslandPolicy.Sampling(temperature: 1, maxTokens: 100),
                    selection: IslandPolicy.Selection(parents: 1, temperature: 1, uniform: 0.2))
            ], topology: .ring, migrationInterval: 0,
            suite: SuitePolicy(
                name: suite, costLimit: 100,
                points: SuitePolicy.Points(train: 2, inDistribution: 1, outOfDistribution: 1),
                network: SuitePolicy.Network(hidden: [1]),
                training: SuitePolicy.Training(optimiser: .adam, rate: 0.1, schedule: .cosine, batch: 1, steps: 1),
                scoring: SuitePolicy.Scoring(seeds: 1, clip: 20), racing: SuitePolicy.Racing(stages: []),
                tasks: (0..<8).map { number in
                    SuitePolicy.Task(
                        name: "\(suite)/\(number)", family: number < 4 ? "first" : "second", split: .search,
                        target: .fourier(terms: 1, seed: 1))
                }),
            literature: [gelu], slots: 1_000, lookahead: 1, models: ModelPolicy([]),
            verification: RunPolicy.VerificationPolicy(candidates: 1, retestSeeds: 1, heldoutSeeds: 1), maxMinutes: nil,
            seed: seed)
    }
}
