import ActivationCompiler
import Evaluation
import EvolveTypes
import Foundation
import Synchronization
import Testing

/// Says of each function what its cost says, and counts how often it is asked.
private final class CountingEvaluator: CandidateEvaluator {
    let asked = Mutex(0)

    func search(_ candidate: CompiledActivation, rivals: [Evidence]) async throws -> CandidateMeasurement {
        throw Failure(.internalError, "nothing is raced")
    }

    func measure(
        _ candidate: CompiledActivation, _ request: MeasurementRequest
    ) async throws -> CandidateMeasurement {
        asked.withLock { $0 += 1 }
        let verdict: Verdict
        switch candidate.formula {
        case let formula where formula.contains("tanh"): verdict = .diverged("on 3 of 4 networks")
        case let formula where formula.contains("sin"): verdict = .timedOut("after 30 s")
        default:
            verdict = .scored(MeasurementMemoryTests.score(candidate.cost.total / 7, request))
        }
        return CandidateMeasurement(verdict: verdict, compileSeconds: 1, trainSeconds: 1)
    }

    func duel(_ duel: Duel) async throws -> DuelMeasurement { throw Failure(.internalError, "no duel") }

    func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement {
        throw Failure(.internalError, "no tuning")
    }
}

@Suite("Measurements that are remembered")
final class MeasurementMemoryTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "memory-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static let suite: SuitePolicy = {
        var suite = SuitePolicy.tiny()
        suite.racing = SuitePolicy.Racing(stages: [])
        return suite
    }()

    static func score(_ gain: Double, _ request: MeasurementRequest) -> Score {
        let tasks = suite.taskIndices(in: request.split).map { suite.tasks[$0] }
        return Scoring.score(
            tasks.map { task in
                let gains = request.seeds.map { gain + Double($0) / 3 }
                return TaskScore(
                    task: task.name, family: task.family, gains: gains, inDistributionGains: gains.map { -$0 })
            }, clip: suite.scoring.clip, steps: 5)
    }

    private func compiled(_ expression: String) throws -> CompiledActivation {
        let text = "float activation(float x) { return \(expression); }"
        guard case .compiled(let candidate) = ActivationPipeline().compile(text) else {
            throw Failure(.badInput, "\(expression) does not compile")
        }
        return candidate
    }

    private func memory(_ suite: SuitePolicy = suite, seed: UInt64 = 1) throws -> MeasurementMemory {
        try MeasurementMemory(file: folder.appending(path: "memory"), suite: suite, seed: seed)
    }

    @Test("what was measured is measured no more, not by equal functions either, nor in the next process")
    func once() async throws {
        let evaluator = CountingEvaluator()
        var first: Verdict?
        for _ in 0..<2 {
            let remembering = try RememberingEvaluator(evaluator, suite: Self.suite, memory: memory())
            for expression in ["x * sigmoid(x)", "x / (1.0f + expf(-x))"] {
                let verdict = try await remembering.search(try compiled(expression), rivals: []).verdict
                #expect(verdict == first ?? verdict)
                first = verdict
            }
        }
        #expect(evaluator.asked.withLock { $0 } == 1)
        let score = try #require(first?.score)
        let exact = Self.score(
            try compiled("x * sigmoid(x)").cost.total / 7,
            MeasurementRequest(.search, purpose: .search, seeds: 0..<Self.suite.scoring.seeds))
        #expect(score.tasks.map(\.task) == exact.tasks.map(\.task))
        for (task, other) in zip(score.tasks, exact.tasks) {
            #expect(zip(task.gains, other.gains).allSatisfy { abs($0 - $1) < 0.0004 })
            #expect(zip(task.inDistributionGains, other.inDistributionGains).allSatisfy { abs($0 - $1) < 0.0004 })
        }
    }

    @Test("other tasks, purposes and seeds are other measurements")
    func requests() async throws {
        let evaluator = CountingEvaluator()
        let remembering = try RememberingEvaluator(evaluator, suite: Self.suite, memory: memory())
        let relu = try compiled("fmaxf(x, 0.0f)")
        let requests = [
            MeasurementRequest(.search, purpose: .search, seeds: 0..<1),
            MeasurementRequest(.search, purpose: .search, seeds: 1..<3),
            MeasurementRequest(.search, purpose: .retest, seeds: 0..<1),
            MeasurementRequest(.heldout, purpose: .heldout, seeds: 0..<1),
        ]
        for _ in 0..<2 {
            for request in requests { _ = try await remembering.measure(relu, request) }
        }
        #expect(evaluator.asked.withLock { $0 } == requests.count)
        #expect(remembering.measured == requests.count)
    }

    @Test("divergence is remembered, a machine that was too slow is not")
    func failures() async throws {
        let evaluator = CountingEvaluator()
        let remembering = try RememberingEvaluator(evaluator, suite: Self.suite, memory: memory())
        for _ in 0..<2 {
            #expect(
                try await remembering.search(try compiled("tanhf(x)"), rivals: []).verdict
                    == .diverged("on 3 of 4 networks"))
            #expect(
                try await remembering.search(try compiled("sinf(x)"), rivals: []).verdict == .timedOut("after 30 s"))
        }
        #expect(evaluator.asked.withLock { $0 } == 3)
    }

    @Test("a file that was cut off loses its last entry and goes on", arguments: [1, 10, 20])
    func cutOff(bytes: Int) async throws {
        let evaluator = CountingEvaluator()
        let names = ["x * sigmoid(x)", "fmaxf(x, 0.0f)"]
        for name in names {
            let remembering = try RememberingEvaluator(evaluator, suite: Self.suite, memory: memory())
            _ = try await remembering.search(try compiled(name), rivals: [])
        }
        let file = folder.appending(path: "memory")
        try Data(contentsOf: file).dropLast(bytes).write(to: file)
        for _ in 0..<2 {
            let memory = try memory()
            let remembering = try RememberingEvaluator(evaluator, suite: Self.suite, memory: memory)
            for name in names { _ = try await remembering.search(try compiled(name), rivals: []) }
            #expect(memory.functions == 2)
        }
        #expect(evaluator.asked.withLock { $0 } == 3)
    }

    @Test("a file of another suite, of another seed, of another kind, or in use is refused in one line")
    func refusals() throws {
        func message(_ body: () throws -> MeasurementMemory) -> String? {
            let failure = #expect(throws: Failure.self) { try body() }
            return failure?.message
        }
        do {
            let open = try memory()
            #expect(message { try memory() }?.contains("is in use by another process") == true)
            _ = open
        }
        var other = Self.suite
        other.training.steps += 1
        #expect(message { try memory(other) }?.contains("holds measurements on") == true)
        #expect(message { try memory(seed: 2) }?.contains("seed 1), not on") == true)
        try Data("hello".utf8).write(to: folder.appending(path: "memory"))
        #expect(message { try memory() }?.contains("holds no measurements") == true)
        #expect(throws: Failure.self) {
            try RememberingEvaluator(
                CountingEvaluator(), suite: SuitePolicy.tiny(),
                memory: MeasurementMemory(file: folder.appending(path: "races"), suite: SuitePolicy.tiny(), seed: 1))
        }
    }
}
