import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Population
import RunStore

/// A run whose records follow from its plans; what became of them is drawn.
package struct PlayedRun {
    package let store: InMemoryRunStore
    private let policy: RunPolicy
    private var state: RunState
    private var stream: RandomStream

    package init(seed: UInt64, slots: Int) throws {
        policy = Self.policy(seed: seed, slots: slots)
        store = InMemoryRunStore(
            manifest: RunManifest(
                name: "played", seed: seed, policy: try CanonicalJSON.encode(policy), definitions: [], replay: false,
                createdAt: Date(timeIntervalSince1970: 0)))
        state = RunState(policy: policy)
        stream = RandomStream(key: ["played", "\(seed)"])
    }

    private static func policy(seed: UInt64, slots: Int) -> RunPolicy {
        let programs = ["gelu", "sine"].map {
            NamedProgram(name: $0, source: "float activation(float x) { return x + sinf(x); }")
        }
        func island(_ name: String) -> IslandPolicy {
            IslandPolicy(
                name: name, seeds: programs, prompts: [:],
                operators: [.modelRewrite, .treeMutation, .treeCrossover, .constantTuning].map {
                    IslandPolicy.OperatorShare(kind: $0, weight: 1)
                },
                sampling: IslandPolicy.Sampling(temperature: 1, maxTokens: 100),
                selection: IslandPolicy.Selection(parents: 2, temperature: 1, uniform: 0.2))
        }
        let suite = SuitePolicy(
            name: "s", costLimit: 100,
            points: SuitePolicy.Points(train: 2, inDistribution: 1, outOfDistribution: 1),
            network: SuitePolicy.Network(hidden: [1]),
            training: SuitePolicy.Training(optimiser: .adam, rate: 0.1, schedule: .cosine, batch: 1, steps: 1),
            scoring: SuitePolicy.Scoring(seeds: 1, clip: 20), racing: SuitePolicy.Racing(stages: []),
            tasks: ["a", "b"].flatMap { family in
                [SuitePolicy.Split.search, .heldout].map {
                    SuitePolicy.Task(
                        name: "\(family)/\($0)", family: family, split: $0, target: .fourier(terms: 1, seed: 1))
                }
            })
        return RunPolicy(
            name: "played", islands: ["one", "two"].map(island), topology: .ring, migrationInterval: 20, suite: suite,
            literature: [programs[0]], retest: RetestPolicy(share: 0.1, seeds: 1, most: 4), slots: slots, lookahead: 5,
            models: models(["first", "second"]),
            bandit: BanditPolicy(most: 3, memory: 50, stepsPerToken: 1, stepsPerDollar: 9),
            verification: RunPolicy.VerificationPolicy(candidates: 2, retestSeeds: 1, heldoutSeeds: 1), maxMinutes: nil,
            seed: seed)
    }

    private static func models(_ names: [String]) -> ModelPolicy {
        ModelPolicy(
            names.map { name in
                var facts = ModelFacts(
                    name: name, form: .chat, context: 9_000,
                    licence: .init(name: "L", attribution: name == "first" ? nil : "Built with \(name)"))
                facts.price = ModelFacts.Price(input: 1, output: 3)
                return ModelPolicy.Choice(facts)
            }, budget: Budget(dollars: 9_000))
    }

    /// Goes on to so many slots.
    /// - Parameter keeping: keeps a snapshot whenever so many more are committed; nil = never.
    package mutating func go(to count: Int, keeping interval: Int? = nil) throws {
        while state.committed < min(count, policy.slots) {
            guard let plan = state.plans[state.committed] else { throw Failure(.internalError, "no plan") }
            let record = try record(plan)
            try state.commit(record)
            try store.commit(record)
            if let interval, state.committed.isMultiple(of: interval) { try keep() }
        }
    }

    package func keep() throws { store.keep(try state.snapshot(of: store)) }

    /// Asks other models from here on.
    package mutating func amend(_ names: [String]) throws {
        try store.record(
            AmendmentRecord(
                index: store.amendments().count, slot: state.committed,
                models: try CanonicalJSON.encode(Self.models(names)), createdAt: .distantPast))
        state = try RunState(
            policy: policy, history: ModelHistory(policy, store.amendments()), resuming: store)
    }

    /// Records of the whole verification.
    package func verify() throws {
        let verification = Verification(policy, state.population)
        for step in verification.retests { try measure(step) }
        for step in verification.finals(store.verifications()) { try measure(step) }
    }

    private func measure(_ step: Verification.Step) throws {
        var stream = RandomStream(key: [step.name, step.stage.rawValue, step.family ?? ""])
        try store.record(
            VerificationRecord(
                index: store.verifications().count, stage: step.stage, family: step.family, candidate: step.candidate,
                name: step.name,
                duel: step.duel.map {
                    VerificationRecord.Duel(
                        opponent: $0.opponent.name, form: $0.form.rawValue, rates: [1], rate: 1, opponentRate: 1)
                },
                verdict: .scored(Self.score(&stream)), seconds: 1))
    }

    private mutating func record(_ plan: SlotPlan) throws -> SlotRecord {
        let slot = plan.slot
        var record = SlotRecord(
            slot: slot, island: policy.islands[plan.island].name, variation: plan.variation.rawValue,
            parents: plan.parents.map(\.id), model: plan.model, source: nil, idea: nil, canonicalHash: nil,
            fingerprint: nil, cost: nil, descriptor: nil, verdict: .unanswered("nothing"),
            times: SlotRecord.Times(propose: 0, compile: 0, train: 0))
        if plan.variation == .constantTuning { record.tuningSteps = 7 }
        record.idea = Self.ideas[slot % Self.ideas.count]
        if let model = plan.model { try ask(model, &record) }
        switch stream.index(below: plan.variation == .seed ? 1 : 6) {
        case _ where plan.variation == .retest: record.verdict = .retested(Self.score(&stream))
        case 0, 1, 2:
            record.source = "float activation(float x) { return x + \(Double(slot) / 8)f * sinf(x); }"
            (record.canonicalHash, record.fingerprint, record.cost) = ("\(slot)", "\(slot)", Double(slot % 7 + 2))
            record.descriptor = BehaviourDescriptor(
                leftSlope: Double(slot % 3), rightSlope: 1, turns: stream.index(below: 5))
            record.verdict = .scored(Self.score(&stream))
        case 3:
            record.fingerprint = "1"
            record.verdict = .duplicate(of: 1)
        case 4: record.verdict = .racedOut(Self.score(&stream))
        default: break
        }
        return record
    }

    /// One answer, or one that failed and one after it; now and then besides a call that was lost.
    private mutating func ask(_ model: String, _ record: inout SlotRecord) throws {
        if stream.index(below: 8) == 0 { record.standIn = VariationOperator.treeMutation.rawValue }
        for attempt in 0...stream.index(below: 3) {
            var answer = AnswerRecord(
                slot: record.slot, attempt: attempt, turn: 0, model: model, prompt: "p", text: "t", failure: nil,
                promptTokens: 30, completionTokens: stream.index(below: 90), seconds: 0.5)
            answer.dollars = 0.125
            if attempt == 1 {
                answer.failure = "lost"
                answer.fault = AnswerRecord.lost
                record.lost = [model: answer.spend]
            } else {
                if stream.index(below: 4) == 0 { answer.earlier = [AnswerRecord.Fault(kind: "timed out", detail: "")] }
                record.spend = [model: (record.spend?[model] ?? Spend()) + answer.spend]
            }
            try store.record(answer)
        }
    }

    /// What models write: little, much, and what would steer a terminal or a page.
    private static let ideas = [
        "a ripple", "\u{1B}[31m\u{202E}red\u{7} <script>alert(1)</script> 渦巻きのような活性化関数を試してみる",
        String(repeating: "a gate that opens slowly and ", count: 6) + String(repeating: "wide", count: 40),
    ]

    private static func score(_ stream: inout RandomStream) -> Score {
        let gain = 4 * stream.uniform() - 2
        let estimate = Estimate(mean: gain, low: gain - 1, high: gain + 1)
        let tasks = ["a", "b"].map { family in
            TaskScore(
                task: "\(family)/search", family: family, gains: [gain + stream.uniform()], inDistributionGains: [gain])
        }
        return Score(
            gain: estimate, families: ["a": estimate, "b": estimate], inDistribution: estimate, tail: gain,
            tasks: tasks,
            trainingSteps: 10)
    }
}
