import ActivationCodegen
import ActivationCompiler
import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("Constant tuning")
struct ConstantTuningTests {
    private static let sine = "float activation(float x) { return x + 0.5f * sinf(3.0f * x); }\n"
    private static let snake =
        "float activation(float x)\n{\n    float a = trainable(2.0f);\n    float s = sinf(a * x);\n    return x + 0.7f * s * s;\n}\n"
    private static let budget = TuningBudget(trials: 12, networks: 3)

    private func evaluator(_ suite: SuitePolicy, workers: Int = 1) throws -> (SuiteEvaluator, WorkerPool) {
        let pool = try TestMachine.pool(suite, workers: workers)
        return (
            SuiteEvaluator(
                suite: suite, runSeed: 7, compiler: try TestMachine.required(TestMachine.compiler), pool: pool,
                reference: TestKernels.gelu), pool
        )
    }

    /// The mean gain of a source's ordinary kernel on the networks that a tuning trains.
    private func gain(of source: String, _ evaluator: SuiteEvaluator) async throws -> Double {
        guard case .compiled(let compiled) = ActivationPipeline().compile(source) else {
            throw Failure(.badInput, source)
        }
        let networks = evaluator.suite.tuningNetworks(Self.budget.networks, runSeed: evaluator.runSeed)
        let library = try await evaluator.compiler.compile(compiled.kernel)
        let report = try await evaluator.trainer.train(networks, library: library)
        guard case .outcomes(let outcomes) = report.result else { throw Failure(.badInput, source) }
        return TuningRequest(
            numbers: [], networks: networks, references: try await evaluator.references(networks), trials: 1,
            clip: evaluator.suite.scoring.clip
        ).gain(outcomes)
    }

    @Test(
        "never ends worse than it began, and the text with the new numbers is what was tried", arguments: [sine, snake])
    func improves(source: String) async throws {
        let (evaluator, pool) = try evaluator(.tiny(steps: 120))
        let candidate = try #require(ActivationPipeline().tunable(source))
        #expect(candidate.numbers.count == 2)
        let found = try await evaluator.tune(candidate, budget: Self.budget)
        guard case .tuned(let values, let before, let after) = found.result else {
            Issue.record("\(found.result)")
            return
        }
        #expect(after > before)
        #expect(found.steps == 12 * 3 * 120 && found.seconds > 0)
        // Constants are folded in the one kernel and read in the other: rounding may differ.
        #expect(abs(try await gain(of: source, evaluator) - before) < 0.05)
        let text = try #require(candidate.source(with: values, idea: nil))
        #expect(text != source)
        #expect(abs(try await gain(of: text, evaluator) - after) < 0.05, "\(text)")
        await pool.shutdown()
    }

    @Test("finds the same numbers with any number of workers, and others with another run's seed")
    func determinism() async throws {
        let candidate = try #require(ActivationPipeline().tunable(Self.sine))
        var found: [[Float]] = []
        for workers in [1, 2] {
            let (evaluator, pool) = try evaluator(.tiny(), workers: workers)
            async let other = evaluator.search(TestKernels.tanh, rivals: [])
            guard case .tuned(let values, _, _) = try await evaluator.tune(candidate, budget: Self.budget).result else {
                Issue.record("nothing was tuned")
                return
            }
            found.append(values)
            _ = try await other
            await pool.shutdown()
        }
        #expect(found[0] == found[1])
    }

    @Test("uses tasks of every family and seeds of its own, and each task again only when there are no more")
    func networks() {
        let suite = SuitePolicy.tiny()
        let few = suite.tuningNetworks(2, runSeed: 7)
        #expect(Set(few.map { suite.tasks[$0.task].family }) == ["polynomials", "harmonics"])
        let many = suite.tuningNetworks(10, runSeed: 7)
        #expect(many.count == 10 && Set(many).count == 10)
        #expect(many.allSatisfy { suite.tasks[$0.task].split == .search })
        for purpose in SeedPurpose.allCases where purpose != .tuning {
            let seeds = (0..<5).flatMap { index in
                suite.tasks.map { purpose.modelSeed(runSeed: 7, index: index, task: $0) }
            }
            #expect(Set(seeds).isDisjoint(with: many.map(\.seed)))
        }
    }

    @Test("moves a number by a factor, in four digits, and not at all where the shift is 0")
    func digits() {
        let number = TuningRequest.Number(value: 0.70710678, places: [0], isNegative: false)
        #expect(number.moved(by: 0) == 0.70710678)
        #expect(number.moved(by: TuningRequest.step) == 1.06)
        #expect(number.moved(by: 1e-9) == 0.7071)
        #expect(TuningRequest.Number(value: 3e-5, places: [], isNegative: true).moved(by: -1) == 1.104e-5)
    }

    @Test("stays within a tenth and ten times the number, and pays for no trial beyond")
    func reach() async throws {
        let (evaluator, pool) = try evaluator(.tiny(steps: 120))
        // A cube that only does harm: its best factor is 0.
        let source = "float activation(float x) { return gelu(x) + 0.5f * x * x * x; }\n"
        let candidate = try #require(ActivationPipeline().tunable(source))
        let found = try await evaluator.tune(candidate, budget: TuningBudget(trials: 40, networks: 4))
        guard case .tuned(let values, _, _) = found.result else {
            Issue.record("\(found.result)")
            return
        }
        #expect(values.count == 1 && values[0] >= 0.05 && values[0] < 0.2, "\(values)")
        #expect(found.steps < 40 * 4 * 120)
        await pool.shutdown()
    }

    @Test("tells a crash of the kernel, and goes on with the next")
    func crash() async throws {
        let (evaluator, pool) = try evaluator(.tiny())
        var candidate = try #require(ActivationPipeline().tunable(Self.sine))
        let sound = candidate
        candidate.kernel = TestKernels.segfault
        for index in candidate.numbers.indices { candidate.numbers[index].places = [] }
        guard case .stopped(.crashed) = try await evaluator.tune(candidate, budget: Self.budget).result else {
            Issue.record("a crash was tuned")
            return
        }
        guard case .tuned = try await evaluator.tune(sound, budget: Self.budget).result else {
            Issue.record("the next was not tuned")
            return
        }
        await pool.shutdown()
    }
}
