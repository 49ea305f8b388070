import ActivationCompiler
import ArgumentParser
import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Population
import RunStore
import Synchronization

/// `evolve engine-bench`: how fast the loop itself is, with training and model played. For scripts/bench/engine.
///
/// Everything else is what a run does: plans, prompts, the front end, the store.
struct EngineBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine-bench", abstract: "Run slots with a null evaluator and scripted answers, and count.",
        shouldDisplay: false)

    @Option(help: ArgumentHelp("A new store, or one of this command to go on with.", valueName: "store"))
    var store: String

    @Option(help: "Slots in all.")
    var slots: Int

    @Option(help: "Seconds after which to stop.")
    var seconds: Double?

    @Option(help: "Of what follows the seeds: model-rewrite, whose answers are scripted, or tree-mutation.")
    var variation = VariationOperator.modelRewrite

    @Option(help: "Slots under way at once.")
    var lookahead = 64

    func run() async throws {
        let place = try StorePlace(store)
        let (queue, policy) = try open(place)
        let occupation = try Occupation(queue, at: place, as: .owner)
        defer { occupation.end() }
        let begin = ContinuousClock.now
        let stop = StopSignal()
        let watch = Watch(until: slots, stop: stop)
        let clock: @Sendable () -> Double = { (ContinuousClock.now - begin) / .seconds(1) }
        let run = try Run(
            policy: policy, replay: false, store: queue, evaluator: NullEvaluator(), verifier: NullEvaluator(),
            models: ModelRoster([ModelRoster.Entry(facts: .scripted("bench", name: "bench"), model: NullModel())]),
            card: .here(capacity: lookahead), rhythm: place.rhythm, clock: clock,
            observe: { watch.take($0, at: clock()) })
        if let seconds {
            Thread.detachNewThread {
                Thread.sleep(forTimeInterval: seconds)
                stop.request()
            }
        }
        _ = try await run.execute(stop: stop)
        try Output.json(watch.report(at: clock()))
    }

    private func open(_ place: StorePlace) throws -> (any WorkQueue, RunPolicy) {
        do {
            let queue = try place.open()
            return (queue, try RunPolicy(of: queue.manifest()))
        } catch let failure as Failure where failure.kind == .badInput {
            let manifest = RunManifest(
                name: "bench", seed: 1, policy: try CanonicalJSON.encode(policy), definitions: [], replay: false,
                createdAt: Date())
            return (try place.create(manifest), policy)
        }
    }

    private var policy: RunPolicy {
        let programs = ["fmaxf(x, 0.0f)", "x * sigmoid(x)", "tanhf(x)", "x + sinf(x)"].enumerated().map {
            NamedProgram(name: "seed\($0.offset)", source: "float activation(float x) { return \($0.element); }\n")
        }
        func island(_ name: String) -> IslandPolicy {
            IslandPolicy(
                name: name, seeds: programs,
                prompts: [.system: "You write C.", .rewrite: "{{rules}}\n{{parents}}\n{{goal}}"],
                operators: [IslandPolicy.OperatorShare(kind: variation, weight: 1)],
                sampling: IslandPolicy.Sampling(temperature: 0.8, maxTokens: 120),
                // As on the islands that are shipped.
                grammar: IslandPolicy.Grammar(functions: 5, numbers: 6, forms: 3, lines: 1),
                selection: IslandPolicy.Selection(parents: 2, inspirations: 1, temperature: 1, uniform: 0.3))
        }
        let suite = SuitePolicy(
            name: "bench", costLimit: 200,
            points: SuitePolicy.Points(train: 64, inDistribution: 32, outOfDistribution: 32),
            network: SuitePolicy.Network(hidden: [8]),
            training: SuitePolicy.Training(optimiser: .adam, rate: 0.003, schedule: .cosine, batch: 16, steps: 10),
            scoring: SuitePolicy.Scoring(seeds: 2, clip: 20), racing: SuitePolicy.Racing(stages: [], rivals: 3),
            tasks: ["a", "b"].flatMap { family in
                SuitePolicy.Split.allCases.flatMap { split in
                    (0..<4).map { number in
                        SuitePolicy.Task(
                            name: "\(family)/\(split)\(number)", family: family, split: split,
                            target: .fourier(terms: 1, seed: UInt64(number)))
                    }
                }
            })
        return RunPolicy(
            name: "bench", islands: ["first", "second"].map(island), topology: .ring, migrationInterval: 50,
            suite: suite, literature: [programs[0]], slots: 100_000_000, lookahead: lookahead,
            models: ModelPolicy([ModelPolicy.Choice(.scripted("bench", name: "bench"))]),
            verification: RunPolicy.VerificationPolicy(candidates: 3, retestSeeds: 2, heldoutSeeds: 2, rates: [1]),
            maxMinutes: nil, seed: 1)
    }
}

extension VariationOperator: ExpressibleByArgument {}

/// Counts commits, and stops the run when there are enough.
private final class Watch: Sendable {
    private struct State {
        var first: (slot: Int, time: Double)?
        var last: (slot: Int, time: Double)?
    }

    struct Report: Encodable {
        /// Slots in the store, and those of this session.
        var slots: Int
        var committed: Int
        /// Until the first plan: the time that a resumption takes.
        var secondsToStart: Double
        var seconds: Double
        var slotsPerSecond: Double
        /// Of the process, bytes.
        var residentBytes: Int
    }

    private let state = Mutex(State())
    private let until: Int
    private let stop: StopSignal

    init(until: Int, stop: StopSignal) {
        self.until = until
        self.stop = stop
    }

    func take(_ event: RunEvent, at time: Double) {
        switch event {
        case .searching(let committed, _, _):
            state.withLock { $0.first = (committed, time) }
            if committed >= until { stop.request() }
        case .committed(let record):
            state.withLock { $0.last = (record.slot + 1, time) }
            if record.slot + 1 >= until { stop.request() }
        default: break
        }
    }

    func report(at time: Double) -> Report {
        state.withLock { state in
            let first = state.first ?? (0, 0)
            let last = state.last ?? first
            let seconds = last.time - first.time
            return Report(
                slots: last.slot, committed: last.slot - first.slot, secondsToStart: first.time, seconds: seconds,
                slotsPerSecond: seconds > 0 ? Double(last.slot - first.slot) / seconds : 0,
                residentBytes: ProcessMemory.most)
        }
    }
}

/// Gives every kernel a score at once.
private struct NullEvaluator: CandidateEvaluator {
    func search(_ candidate: CompiledActivation, rivals: [Evidence]) async throws -> CandidateMeasurement {
        measured(candidate.kernel.hash)
    }

    func measure(
        _ candidate: CompiledActivation, _ request: MeasurementRequest
    ) async throws -> CandidateMeasurement {
        measured(candidate.kernel.hash)
    }

    func duel(_ duel: Duel) async throws -> DuelMeasurement { DuelMeasurement(verdict: measured("").verdict) }

    func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement {
        throw Failure(.internalError, "nothing is tuned here")
    }

    private func measured(_ hash: String) -> CandidateMeasurement {
        var stream = RandomStream(key: [hash])
        let gain = 3 * stream.uniform() - 2
        let tasks = (0..<8).map { number in
            TaskScore(
                task: "t\(number)", family: number < 4 ? "a" : "b",
                gains: (0..<2).map { _ in gain + stream.uniform() }, inDistributionGains: [gain, gain])
        }
        let estimate = Estimate(mean: gain, low: gain - 1, high: gain + 1)
        let score = Score(
            gain: estimate, families: ["a": estimate, "b": estimate], inDistribution: estimate, tail: gain,
            tasks: tasks, trainingSteps: 160)
        return CandidateMeasurement(verdict: .scored(score), compileSeconds: 0, trainSeconds: 0)
    }
}

/// A new function for each request.
private struct NullModel: LanguageModel {
    let name = "bench"

    func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        let number = Double(request.index % 1_000_000 + 1) / 1000
        let shape = ["x * sigmoid(x)", "tanhf(x)", "fmaxf(x, 0.0f)", "sinf(x)"][request.index % 4]
        return ModelAnswer(
            text: "// ripple \(number)\nfloat activation(float x) { return \(shape) + \(number)f * sinf(x); }",
            usage: TokenUsage(prompt: 400, completion: 40))
    }
}
