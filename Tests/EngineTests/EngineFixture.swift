import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Population
import RunStore

/// A small run without processes: real language, real population, real store protocol; training and model are played.
enum EngineFixture {
    static let relu = NamedProgram(
        name: "relu", source: "// ReLU\nfloat activation(float x) { return fmaxf(x, 0.0f); }\n")
    static let gelu = NamedProgram(
        name: "gelu", source: "// GELU\nfloat activation(float x) { return 0.5f*x*(1.0f + erff(x*0.70710678f)); }\n")
    static let tanh = NamedProgram(name: "tanh", source: "// tanh\nfloat activation(float x) { return tanhf(x); }\n")
    static let sine = NamedProgram(name: "sine", source: "// sine\nfloat activation(float x) { return x + sinf(x); }\n")

    static func policy(
        slots: Int = 40, lookahead: Int = 6, seed: UInt64 = 3, topology: Topology = .ring,
        maxMinutes: Double? = nil
    ) -> RunPolicy {
        func island(_ name: String, _ seeds: [NamedProgram]) -> IslandPolicy {
            IslandPolicy(
                name: name, seeds: seeds, prompts: [.rewrite: "{{rules}}\n{{parents}}\n{{goal}}"], goals: ["a", "b"],
                operators: [
                    IslandPolicy.OperatorShare(kind: .modelRewrite, weight: 1),
                    IslandPolicy.OperatorShare(kind: .treeMutation, weight: 1),
                    IslandPolicy.OperatorShare(kind: .treeCrossover, weight: 1),
                ],
                sampling: IslandPolicy.Sampling(temperature: 0.8, maxTokens: 120),
                selection: IslandPolicy.Selection(parents: 2, temperature: 1, uniform: 0.3))
        }
        return RunPolicy(
            name: "fixture", islands: [island("smooth", [relu, gelu]), island("periodic", [gelu, sine, tanh])],
            topology: topology, migrationInterval: 5, suite: suite, literature: [gelu, relu],
            retest: RetestPolicy(share: 0.2, seeds: 2, most: 5), slots: slots, lookahead: lookahead,
            models: ModelPolicy([ModelPolicy.Choice(.scripted("none", name: "played"))]),
            verification: RunPolicy.VerificationPolicy(
                candidates: 3, retestSeeds: 2, heldoutSeeds: 2, rates: [0.5, 1]),
            maxMinutes: maxMinutes, seed: seed)
    }

    static let suite = SuitePolicy(
        name: "fixture", costLimit: 150,
        points: SuitePolicy.Points(train: 64, inDistribution: 32, outOfDistribution: 32),
        network: SuitePolicy.Network(hidden: [8]),
        training: SuitePolicy.Training(optimiser: .adam, rate: 0.003, schedule: .cosine, batch: 16, steps: 10),
        scoring: SuitePolicy.Scoring(seeds: 1, clip: 20),
        racing: SuitePolicy.Racing(stages: [], rivals: 2),
        tasks: ["a", "b"].flatMap { family in
            SuitePolicy.Split.allCases.map { split in
                SuitePolicy.Task(
                    name: "\(family)/\(split)", family: family, split: split, target: .fourier(terms: 1, seed: 1))
            }
        })

    static func manifest(_ policy: RunPolicy, replay: Bool = false) throws -> RunManifest {
        RunManifest(
            name: policy.name, seed: policy.seed, policy: try CanonicalJSON.encode(policy), definitions: [],
            replay: replay, createdAt: Date(timeIntervalSince1970: 0))
    }

    static func run(
        _ policy: RunPolicy, store: any WorkQueue, replay: Bool = false, capacity: Int = 6, trainers: Int? = nil,
        evaluator: any CandidateEvaluator = PlayedEvaluator(),
        model: any LanguageModel = PlayedModel(), modelDeadline: Double = Run.modelDeadline,
        observe: @escaping @Sendable (RunEvent) -> Void = { _ in },
        isDead: @escaping @Sendable (WorkerCard) -> Bool = { _ in false }
    ) throws -> Run {
        try Run(
            policy: policy, replay: replay, store: store, evaluator: evaluator, verifier: evaluator,
            models: ModelRoster(
                try ModelHistory(policy, store.amendments()).everything.map {
                    ModelRoster.Entry(facts: $0, model: model)
                }),
            modelDeadline: modelDeadline,
            card: WorkerCard(host: "here", pid: 1, capacity: capacity, trainers: trainers),
            rhythm: Rhythm(lease: 5, renewal: 0.02, poll: 0.01), isDead: isDead, clock: { 0 }, observe: observe)
    }
}

/// Gives every kernel a score that depends on nothing but its text, after a delay that depends on nothing at all.
struct PlayedEvaluator: CandidateEvaluator {
    /// Longest delay, in milliseconds.
    var jitter = 3
    /// Kernels whose training "crashes": those whose score's last digit is 0.
    var crashes = true

    func search(_ candidate: CompiledActivation, rivals: [Evidence]) async throws -> CandidateMeasurement {
        try await measure(candidate, MeasurementRequest(.search, purpose: .search, seeds: 0..<1))
    }

    func measure(
        _ candidate: CompiledActivation, _ request: MeasurementRequest
    ) async throws -> CandidateMeasurement {
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...jitter)))
        var stream = RandomStream(key: [candidate.kernel.hash, request.purpose.rawValue])
        let gain = Double(stream.index(below: 600)) / 100 - 4
        let isFirst = request.purpose == .search && request.seeds.lowerBound == 0
        let verdict: Verdict
        switch stream.index(below: 10) {
        case 0 where crashes && isFirst: verdict = .crashed("SIGSEGV")
        case 1 where isFirst: verdict = .racedOut(Self.score(min(gain, -2.5)))
        default:
            // Further seeds say something else.
            var noise = RandomStream(key: [candidate.kernel.hash, "\(request.seeds)"])
            verdict = .scored(
                Self.score(gain + noise.uniform() - 0.5, families: request.family.map { [$0] } ?? ["a", "b"]))
        }
        return CandidateMeasurement(verdict: verdict, compileSeconds: 0, trainSeconds: Double.random(in: 0...1))
    }

    func duel(_ duel: Duel) async throws -> DuelMeasurement {
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...jitter)))
        var stream = RandomStream(key: [duel.candidate.hash, duel.opponent.hash, duel.family ?? ""])
        return DuelMeasurement(
            verdict: .scored(Self.score(Double(stream.index(below: 400)) / 100 - 2)), rate: duel.rates[0],
            opponentRate: duel.rates[1])
    }

    /// The same gain on one task of each family.
    static func score(_ gain: Double, families: [String] = ["a", "b"]) -> Score {
        let estimate = Estimate(mean: gain, low: gain - 1, high: gain + 1)
        return Score(
            gain: estimate, families: Dictionary(uniqueKeysWithValues: families.map { ($0, estimate) }),
            inDistribution: estimate, tail: gain,
            tasks: families.map {
                TaskScore(task: "\($0)/search", family: $0, gains: [gain], inDistributionGains: [gain])
            },
            trainingSteps: 10)
    }
}

/// Answers with a function that depends on the prompt alone, after a random delay; sometimes with nonsense.
struct PlayedModel: LanguageModel {
    let name = "played"
    var jitter = 5

    func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...jitter)))
        var stream = RandomStream(key: [request.user])
        let number = Double(stream.index(below: 40) + 1) / 8
        let text: String
        switch stream.index(below: 8) {
        case 0: throw ModelFailure(.serverError, "status 500")
        case 1: text = "I am sorry, I can not."
        case 2: text = "float activation(float x) { return sine(x); }"
        default: text = "```c\n// wave \(number)\nfloat activation(float x) { return x + \(number)f * sinf(x); }\n```"
        }
        return ModelAnswer(text: text, usage: TokenUsage(prompt: 10, completion: 20))
    }
}

extension RunState {
    init(policy: RunPolicy, replaying records: [SlotRecord]) throws {
        self.init(policy: policy)
        for record in records { try commit(record) }
    }
}
