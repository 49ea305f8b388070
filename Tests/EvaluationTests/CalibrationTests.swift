import EvolveTypes
import Testing

@testable import Evaluation

@Suite("Functions against themselves, on trained networks")
struct CalibrationTests {
    private static let seeds = 80

    private static func outcomes() async throws -> (SuitePolicy, Calibration.Outcomes) {
        let (suite, pool) = (SuitePolicy.tiny(), try TestMachine.pool(.tiny(), workers: 2))
        let evaluator = SuiteEvaluator(
            suite: suite, runSeed: 7, compiler: try TestMachine.required(TestMachine.compiler), pool: pool,
            reference: TestKernels.gelu)
        let outcomes = try await evaluator.outcomes(
            of: TestKernels.gelu, MeasurementRequest(.search, purpose: .retest, seeds: 0..<seeds))
        await pool.shutdown()
        return (suite, outcomes)
    }

    @Test("Few intervals miss zero; the best of many copies looks good in the search and not when it is verified")
    func calibrated() async throws {
        let (suite, outcomes) = try await Self.outcomes()
        let calibration = Calibration(tasks: suite.taskIndices(in: .search).map { suite.tasks[$0] }, clip: 20)
        let estimates = calibration.selfComparisons(outcomes, seeds: 2)
        #expect(estimates.count == 20)
        // 5 % of 20; more than 5 has a probability of 3 in 10,000.
        #expect(estimates.count { $0.low > 0 || $0.high < 0 } <= 5)
        #expect(Set(estimates.map(\.mean)).count == 20)

        var random = RandomStream(key: ["copies"])
        var (search, contains) = (0.0, 0)
        for _ in 0..<40 {
            search += calibration.bestOfCopies(outcomes, copies: 50, seeds: 2, &random).mean / 40
            let gains = calibration.duel([outcomes], seeds: 6, planted: 0, &random).map(\.gains)
            let verified = GainInterval.estimate(gains, clip: 20)
            contains += verified.low <= 0 && verified.high >= 0 ? 1 : 0
        }
        #expect(search > 0.5, "the winner's curse")
        #expect(contains >= 33)
    }

    @Test("A planted gain moves every gain by so much, up to the clip")
    func planted() async throws {
        let (suite, outcomes) = try await Self.outcomes()
        let calibration = Calibration(tasks: suite.taskIndices(in: .search).map { suite.tasks[$0] }, clip: 40)
        func gains(_ planted: Double) -> [Double] {
            var random = RandomStream(key: ["planted"])
            return calibration.duel([outcomes, outcomes], seeds: 3, planted: planted, &random).flatMap(\.gains)
        }
        for (with, without) in zip(gains(1.5), gains(0)) { #expect(abs(with - without - 1.5) < 1e-9) }
    }
}
