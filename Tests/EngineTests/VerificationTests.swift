import ActivationCodegen
import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import RunStore
import Synchronization
import Testing

@Suite("Verification")
struct VerificationTests {
    private static func retest(_ index: Int, _ candidate: Int, _ verdict: Verdict) -> VerificationRecord {
        VerificationRecord(
            index: index, stage: .retest, candidate: candidate, name: "candidate \(candidate)", verdict: verdict,
            seconds: 0)
    }

    private static func gain(_ mean: Double) -> Verdict { .scored(PlayedEvaluator.score(mean)) }

    @Test("The champion has the highest re-tested gain, wherever the search had put it; the earlier one on ties")
    func champion() {
        #expect(
            Verification.champion([
                Self.retest(0, 30, Self.gain(0.5)), Self.retest(1, 10, .crashed("SIGSEGV")),
                Self.retest(2, 20, Self.gain(2)), Self.retest(3, 12, Self.gain(2)), Self.retest(4, 5, Self.gain(-1)),
                VerificationRecord(
                    index: 5, stage: .heldout, candidate: 5, name: "candidate 5", verdict: Self.gain(9), seconds: 0),
            ]) == 12)
        #expect(Verification.champion([Self.retest(0, 30, .diverged("all"))]) == nil)
    }

    @Test("The champion is chosen by what the suite selects on")
    func championOfTheTail() {
        func steady(_ mean: Double, _ tail: Double) -> Verdict {
            var score = PlayedEvaluator.score(mean)
            score.tail = tail
            return .scored(score)
        }
        let records = [
            Self.retest(0, 1, steady(2, -4)), Self.retest(1, 2, steady(1, 0.5)), Self.retest(2, 3, steady(1.8, -0.2)),
        ]
        #expect(Verification.champion(records, by: .mean) == 1)
        #expect(Verification.champion(records, by: .tail) == 2)
        #expect(Verification.champion(records, by: .mix) == 3)
    }

    @Test("Contenders are re-tested on fresh seeds of the search tasks, champion and literature on held-out tasks")
    func measurements() async throws {
        var policy = EngineFixture.policy()
        policy.verification.retestSeeds = 3
        policy.verification.heldoutSeeds = 4
        let evaluator = WatchedEvaluator()
        let store: any RunStore = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        _ = try await EngineFixture.run(policy, store: store, evaluator: evaluator).execute(stop: StopSignal())
        #expect(
            evaluator.requests.sorted() == [
                "heldout tasks, 4 heldout seeds", "heldout tasks, 4 heldout seeds", "heldout tasks, 4 heldout seeds",
                "search tasks, 3 retest seeds", "search tasks, 3 retest seeds", "search tasks, 3 retest seeds",
            ])
    }
}

/// A played evaluator that writes down what it is asked to measure after the search.
private final class WatchedEvaluator: CandidateEvaluator {
    private let asked = Mutex<[String]>([])
    var requests: [String] { asked.withLock { $0 } }

    func search(_ kernel: KernelSource) async throws -> CandidateMeasurement {
        try await PlayedEvaluator().search(kernel)
    }

    func measure(
        _ kernel: KernelSource, split: SuitePolicy.Split, seeds: SeedPurpose, count: Int
    ) async throws -> CandidateMeasurement {
        asked.withLock { $0.append("\(split) tasks, \(count) \(seeds) seeds") }
        return try await PlayedEvaluator(crashes: false).measure(kernel, split: split, seeds: seeds, count: count)
    }

    func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement {
        try await PlayedEvaluator().tune(candidate, budget: budget)
    }
}
