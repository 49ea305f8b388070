import ActivationCodegen
import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("The suite evaluator")
struct SuiteEvaluatorTests {
    private func evaluator(_ suite: SuitePolicy, workers: Int = 1, chunk: Int? = nil) throws
        -> (SuiteEvaluator, WorkerPool)
    {
        let pool = try TestMachine.pool(suite, workers: workers)
        return (
            SuiteEvaluator(
                suite: suite, runSeed: 7, compiler: try TestMachine.required(TestMachine.compiler), pool: pool,
                reference: TestKernels.gelu, chunk: chunk), pool
        )
    }

    @Test("gives the reference exactly 0 dB against itself")
    func itself() async throws {
        let (evaluator, pool) = try evaluator(.tiny())
        let score = try #require(try await evaluator.search(TestKernels.gelu, rivals: []).verdict.score)
        #expect(score.gain == Estimate(mean: 0, low: 0, high: 0))
        #expect(score.inDistribution.mean == 0 && score.tail == 0)
        #expect(score.tasks.map(\.task) == ["poly", "poly2", "wave", "sphere"])
        #expect(score.tasks.allSatisfy { $0.gains.count == 2 })
        #expect(score.trainingSteps == 4 * 2 * 60, "the first stage's networks are used again")
        await pool.shutdown()
    }

    @Test("gives the same verdict with any number of workers and any chunks")
    func determinism() async throws {
        var verdicts: [Verdict] = []
        for (workers, chunk) in [(1, nil), (1, 1), (2, 3), (2, nil)] as [(Int, Int?)] {
            let (evaluator, pool) = try evaluator(.tiny(), workers: workers, chunk: chunk)
            async let tanh = evaluator.search(TestKernels.tanh, rivals: []).verdict
            async let ripple = evaluator.search(TestKernels.ripple, rivals: []).verdict
            verdicts += try await [tanh, ripple]
            await pool.shutdown()
        }
        #expect(verdicts[0].score != nil && verdicts[0] != verdicts[1])
        for index in verdicts.indices { #expect(verdicts[index] == verdicts[index % 2]) }
    }

    @Test("races out a candidate that is clearly worse, and says so with what it saw")
    func racing() async throws {
        let suite = SuitePolicy.tiny(steps: 400, margin: 1)
        let (evaluator, pool) = try evaluator(suite)
        guard case .racedOut(let score) = try await evaluator.search(TestKernels.identity, rivals: []).verdict else {
            Issue.record("a linear network was trained to the end")
            return
        }
        #expect(score.tasks.count == 2 && score.trainingSteps == 800)
        #expect(score.gain.mean < -1)
        // The same candidate, measured: no racing.
        let measured = try await evaluator.measure(
            TestKernels.identity, MeasurementRequest(.search, purpose: .retest, seeds: 0..<1))
        guard case .scored(let full) = measured.verdict else {
            Issue.record("measure raced")
            return
        }
        #expect(full.tasks.count == 4)
        await pool.shutdown()
    }

    @Test("measures held-out tasks with seeds of their own")
    func heldout() async throws {
        let (evaluator, pool) = try evaluator(.tiny())
        let a = try await evaluator.measure(
            TestKernels.tanh, MeasurementRequest(.heldout, purpose: .heldout, seeds: 0..<3))
        let b = try await evaluator.measure(
            TestKernels.tanh, MeasurementRequest(.heldout, purpose: .retest, seeds: 0..<3))
        let (first, second) = (try #require(a.verdict.score), try #require(b.verdict.score))
        #expect(first.tasks.map(\.task) == ["sealed"])
        #expect(first.tasks[0].gains.count == 3)
        #expect(first.tasks[0].gains != second.tasks[0].gains)
        #expect(a.trainSeconds > 0)
        await pool.shutdown()
    }

    @Test("tells divergence, crashes and hangs apart, and goes on with the next candidate")
    func failures() async throws {
        let (evaluator, pool) = try evaluator(.tiny(), workers: 2)
        guard case .diverged(let words) = try await evaluator.search(TestKernels.notANumber, rivals: []).verdict else {
            Issue.record("NaN was scored")
            return
        }
        #expect(words == "2 of 2 networks stopped being finite")
        guard case .crashed(let how) = try await evaluator.search(TestKernels.segfault, rivals: []).verdict else {
            Issue.record("a crash was scored")
            return
        }
        #expect(how.contains("SIGSEGV"))
        #expect(try await evaluator.search(TestKernels.relu, rivals: []).verdict.score != nil)
        await pool.shutdown()
    }

    @Test("reports a task that cannot be built as bad input, with its name")
    func badTask() async throws {
        var suite = SuitePolicy.tiny()
        suite.tasks[0].target = .feynman(
            SuitePolicy.Equation(id: "X", formula: "sqrt(-q)", variables: ["q"], low: [1], high: [2]))
        let (evaluator, pool) = try evaluator(suite)
        let failure = await #expect(throws: Failure.self) { try await evaluator.search(TestKernels.relu, rivals: []) }
        #expect(failure?.kind == .badInput)
        #expect(failure?.message.contains("poly") == true)
        await pool.shutdown()
    }
}
