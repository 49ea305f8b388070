import ActivationCodegen
import EvolveTypes
import Testing

@testable import Evaluation

@Suite("A duel")
struct DuelTests {
    private static func outcome(fit: Double, ood: Double, diverged: Bool = false) -> TrainingOutcome {
        TrainingOutcome(train: fit, inDistribution: fit, outOfDistribution: ood, diverged: diverged)
    }

    @Test("takes each side's rate by its fit alone; divergence counts against a rate, and the suite's own wins a tie")
    func bestRate() {
        func best(_ rates: [Double], _ outcomes: [[TrainingOutcome]]) -> Double {
            rates[RateSweep(rates: rates, outcomes: outcomes).best]
        }
        let (good, bad) = (Self.outcome(fit: 0.01, ood: 9), Self.outcome(fit: 0.1, ood: 0.001))
        #expect(best([0.5, 1, 2], [[bad, bad], [bad, good], [good, good]]) == 2)
        let wild = Self.outcome(fit: 0, ood: 0, diverged: true)
        #expect(best([1, 2], [[bad, bad], [good, wild]]) == 1)
        #expect(best([0.25, 0.5, 1, 2], [[good], [good], [good], [good]]) == 1)
        // By the logarithm: a single large error does not decide.
        #expect(best([1, 2], [[Self.outcome(fit: 0.5, ood: 1), Self.outcome(fit: 1e-6, ood: 1)], [bad, bad]]) == 1)
    }

    @Test("of a function with itself is exactly even, and is fought at the rate that fits best")
    func itself() async throws {
        let (suite, pool) = (SuitePolicy.tiny(), try TestMachine.pool(.tiny(), workers: 2))
        let evaluator = SuiteEvaluator(
            suite: suite, runSeed: 7, compiler: try TestMachine.required(TestMachine.compiler), pool: pool,
            reference: TestKernels.gelu)
        func duel(_ a: KernelSource, _ b: KernelSource, family: String? = nil) async throws -> DuelMeasurement {
            try await evaluator.duel(
                Duel(
                    candidate: a, opponent: b, family: family, rates: [0.001, 1], seeds: 2, keepsOpponent: false))
        }
        let even = try await duel(TestKernels.tanh, TestKernels.tanh)
        #expect(even.verdict.score?.gain == Estimate(mean: 0, low: 0, high: 0))
        #expect(even.rate == 1 && even.opponentRate == 1, "a thousandth of the rate learns nothing in 60 steps")
        #expect(even.verdict.score?.tasks.map(\.task) == ["sealed"])
        let there = try await duel(TestKernels.tanh, TestKernels.gelu, family: "polynomials").verdict.score
        let back = try await duel(TestKernels.gelu, TestKernels.tanh).verdict.score
        let (forth, reverse) = (try #require(there?.tasks[0].gains), try #require(back?.tasks[0].gains))
        #expect(forth.count == 2 && zip(forth, reverse).allSatisfy { abs($0 + $1) < 1e-9 } && there?.gain.mean != 0)
        guard case .crashed = try await duel(TestKernels.segfault, TestKernels.gelu).verdict else {
            Issue.record("a crash was scored")
            return
        }
        await pool.shutdown()
    }
}
