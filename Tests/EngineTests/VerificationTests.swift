import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import LanguageModels
import RunStore
import Synchronization
import Testing

@Suite("Verification")
struct VerificationTests {
    @Test("Contenders are measured on fresh seeds of the search tasks, champions and literature on held-out tasks")
    func measurements() async throws {
        var policy = EngineFixture.policy()
        policy.verification.retestSeeds = 3
        policy.verification.heldoutSeeds = 4
        let watched = WatchedEvaluator()
        let store: any WorkQueue = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        _ = try await Run(
            policy: policy, replay: false, store: store, evaluator: PlayedEvaluator(), verifier: watched,
            models: ModelRoster([]), card: WorkerCard(host: "here", pid: 1, capacity: 4), clock: { 0 },
            observe: { _ in }
        ).execute(stop: StopSignal())
        let requests = watched.requests
        let retests = requests.filter { $0.purpose == .retest }
        #expect(retests.count >= 4 && retests.allSatisfy { $0.split == .search && $0.seeds == 0..<3 })
        #expect(retests.filter(\.keep).count == 1, "relu, to know the best of the literature")
        let heldout = requests.filter { $0.split == .heldout }
        #expect(heldout.count == 3 && heldout.allSatisfy { $0.purpose == .heldout && $0.seeds == 0..<4 })
        #expect(heldout.filter { !$0.keep }.count == 1, "the champion is trained anew")
        #expect(watched.duels.allSatisfy { $0.rates == [0.5, 1] && $0.seeds == 4 })
        #expect(Set(watched.duels.map(\.family)) == [nil, "a", "b"])
    }

    @Test("The opponent is the best of the suite's table, or else of the literature's re-tests, or the reference")
    func rival() {
        func known(_ name: String, _ gain: Double) -> VerificationRecord {
            VerificationRecord(
                index: 0, stage: .retest, candidate: nil, name: name, verdict: .scored(PlayedEvaluator.score(gain)),
                seconds: 0)
        }
        var policy = EngineFixture.policy()
        func name(_ records: [VerificationRecord], _ family: String? = nil) -> String? {
            Verification(policy, RunState(policy: policy).population).rival(family, records)?.name
        }
        #expect(name([known("relu", 1)]) == "relu" && name([known("relu", 1)], "a") == "relu")
        #expect(name([known("relu", -1)]) == "gelu")
        policy.rivals = [RunPolicy.Rival(family: "a", program: EngineFixture.tanh)]
        #expect(name([], "a") == "tanh")
    }
}

/// A played evaluator that writes down what it is asked to measure after the search.
private final class WatchedEvaluator: CandidateEvaluator {
    private let asked = Mutex<(requests: [MeasurementRequest], duels: [Duel])>(([], []))
    var requests: [MeasurementRequest] { asked.withLock(\.requests) }
    var duels: [Duel] { asked.withLock(\.duels) }

    func search(_ candidate: CompiledActivation, rivals: [Evidence]) async throws -> CandidateMeasurement {
        try await PlayedEvaluator().search(candidate, rivals: rivals)
    }

    func measure(
        _ candidate: CompiledActivation, _ request: MeasurementRequest
    ) async throws -> CandidateMeasurement {
        asked.withLock { $0.requests.append(request) }
        return try await PlayedEvaluator(crashes: false).measure(candidate, request)
    }

    func duel(_ duel: Duel) async throws -> DuelMeasurement {
        asked.withLock { $0.duels.append(duel) }
        return try await PlayedEvaluator().duel(duel)
    }

    func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement {
        try await PlayedEvaluator().tune(candidate, budget: budget)
    }
}
