import ActivationCodegen
import EvolveTypes
import Testing

@testable import Evaluation

@Suite("A comparison")
struct ComparisonTests {
    @Test("asks of every pair, and of many functions each with the first")
    func pairs() {
        #expect(Comparison.Pair.of(2) == [Comparison.Pair(0, 1)])
        #expect(Comparison.Pair.of(4).count == 6 && Set(Comparison.Pair.of(4)).count == 6)
        #expect(Comparison.Pair.of(5) == (1...4).map { Comparison.Pair(0, $0) })
    }

    @Test("is paired network by network: gains are those that are measured alone, differences turn about with the pair")
    func paired() async throws {
        let (suite, pool) = (SuitePolicy.tiny(), try TestMachine.pool(.tiny(), workers: 2))
        let evaluator = SuiteEvaluator(
            suite: suite, runSeed: 7, compiler: try TestMachine.required(TestMachine.compiler), pool: pool,
            reference: TestKernels.gelu)
        let kernels = [
            TestKernels.tanh, TestKernels.ripple, TestKernels.gelu, TestKernels.segfault, TestKernels.notANumber,
        ]
        let pairs = [(0, 1), (1, 0), (0, 2), (0, 3), (4, 0)].map { Comparison.Pair($0.0, $0.1) }
        let request = MeasurementRequest(.search, purpose: .search, seeds: 0..<2)
        let comparison = try await evaluator.compare(kernels, pairs: pairs, request)
        for (kernel, verdict) in zip(kernels.prefix(3), comparison.verdicts) {
            #expect(try await evaluator.measure(kernel, request).verdict == verdict)
        }
        guard case .crashed = comparison.verdicts[3], case .diverged = comparison.verdicts[4] else {
            Issue.record("\(comparison.verdicts)")
            return
        }
        let scores = comparison.differences.map(\.score)
        let (forth, back) = (try #require(scores[0]), try #require(scores[1]))
        for (one, other) in zip(forth.tasks, back.tasks) {
            #expect(one.gains.count == 2 && zip(one.gains, other.gains).allSatisfy { abs($0 + $1) < 1e-9 })
        }
        #expect(forth.gain.mean != 0 && abs(comparison.differences[0].p - comparison.differences[1].p) < 1e-9)
        let values = GainInterval.pValues(forth.tasks.map(\.gains), clip: suite.scoring.clip)
        #expect(comparison.differences[0].p == 2 * min(values.above, values.below))
        #expect(scores[2]?.gain == comparison.verdicts[0].score?.gain, "over the reference it is the gain")
        #expect(scores[3] == nil && scores[4] == nil && comparison.differences[4].p == 1)
        await pool.shutdown()
    }
}
