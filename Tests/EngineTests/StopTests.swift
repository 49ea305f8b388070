import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Population
import RunStore
import Synchronization
import Testing

@Suite("A run that is told to stop while models answer", .timeLimit(.minutes(1)))
struct StopTests {
    /// Holds its answers back until it is told to give them.
    private final class HeldModel: LanguageModel {
        let name = "played"
        let asked = Mutex(0)
        let gate = StopSignal()

        func complete(_ request: ModelRequest) async throws -> ModelAnswer {
            asked.withLock { $0 += 1 }
            await gate.wait()
            try Task.checkCancellation()
            return try await PlayedModel(jitter: 0).complete(request)
        }
    }

    /// Ends training as a pool of workers that is shut down does.
    private struct ClosedEvaluator: CandidateEvaluator {
        let stop: StopSignal

        func search(_ candidate: CompiledActivation, rivals: [Evidence]) async throws -> CandidateMeasurement {
            try await measure(candidate, MeasurementRequest(.search, purpose: .search, seeds: 0..<1))
        }

        func measure(
            _ candidate: CompiledActivation, _ request: MeasurementRequest
        ) async throws -> CandidateMeasurement {
            if stop.isRequested { throw CancellationError() }
            return try await PlayedEvaluator(jitter: 0).measure(candidate, request)
        }

        func duel(_ duel: Duel) async throws -> DuelMeasurement { throw CancellationError() }

        func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement {
            throw CancellationError()
        }
    }

    private let store: InMemoryRunStore
    private let policy: RunPolicy
    private let model = HeldModel()
    private let stop = StopSignal()

    init() throws {
        var policy = EngineFixture.policy()
        for index in policy.islands.indices {
            policy.islands[index].operators = [IslandPolicy.OperatorShare(kind: .modelRewrite, weight: 1)]
        }
        policy.retest = nil
        self.policy = policy
        store = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
    }

    private func callsUnderWay() -> Int { (0..<policy.slots).reduce(0) { $0 + store.openCalls(of: $1).count } }

    /// Runs until all that it takes on at once is asked, then asks it to stop.
    private func stopped(grace: Double, then: @escaping @Sendable () async throws -> Void) async throws -> [RunEvent] {
        let told = Mutex<[RunEvent]>([])
        let run = try EngineFixture.run(policy, store: store, evaluator: ClosedEvaluator(stop: stop), model: model) {
            event in told.withLock { $0.append(event) }
        }
        let ending = try await withThrowingTaskGroup(of: RunEnding?.self) { group in
            group.addTask { try await run.execute(stop: stop) }
            group.addTask {
                while model.asked.withLock({ $0 }) < policy.lookahead { try await Task.sleep(for: .milliseconds(5)) }
                stop.request(grace: grace)
                try await then()
                return nil
            }
            return try await group.reduce(nil) { $0 ?? $1 }
        }
        #expect(ending == .stopped)
        return told.withLock(\.self)
    }

    @Test("records the answers that come in time at what they cost, asks nothing more, and loses nothing")
    func grace() async throws {
        let (model, stop) = (model, stop)
        let events = try await stopped(grace: 30) {
            try await Task.sleep(for: .milliseconds(100))
            #expect(stop.isRequested)
            model.gate.request()
        }
        #expect(events.contains { if case .stopping(6, 30) = $0 { true } else { false } })
        let answers = store.answers()
        #expect(answers.count == policy.lookahead && model.asked.withLock { $0 } == policy.lookahead)
        #expect(callsUnderWay() == 0 && answers.allSatisfy { $0.fault != AnswerRecord.lost })
        #expect(store.workers().map(\.state) == [.left])

        let rest = HeldModel()
        rest.gate.request()
        let ending = try await EngineFixture.run(policy, store: store, model: rest).execute(stop: StopSignal())
        #expect(ending == .complete)
        #expect(store.answers().allSatisfy { $0.fault != AnswerRecord.lost })
        #expect(
            Set(store.answers().map { [$0.slot, $0.turn ?? 0] }).count == store.answers().count, "none asked twice")
    }

    @Test("waits no longer than it is allowed to; what has not come by then is written off")
    func graceOver() async throws {
        let start = ContinuousClock.now
        let model = model
        _ = try await stopped(grace: 0.3) {
            try await Task.sleep(for: .seconds(0.8))
            model.gate.request()
        }
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(store.answers().isEmpty && callsUnderWay() == policy.lookahead)
        let ledger = StoreLedger(
            store: store, history: ModelHistory(policy), replay: false, clock: { 0 }, observe: { _ in })
        for slot in 0..<policy.slots { try ledger.open(slot) }
        #expect(store.answers().count { $0.fault == AnswerRecord.lost } == policy.lookahead)
    }

    @Test("without a call under way it leaves at once, whatever it may wait")
    func idle() async throws {
        stop.request(grace: 30)
        let start = ContinuousClock.now
        let run = try EngineFixture.run(policy, store: store, model: model)
        #expect(try await run.execute(stop: stop) == .stopped)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("a leader whose process is gone is not waited for, nor are its tasks", .timeLimit(.minutes(1)))
    func deadLeader() async throws {
        let dead = store.join(WorkerCard(host: "dead", pid: 1, capacity: 6), lease: 1e6)
        _ = store.lead(dead)
        let run = try EngineFixture.run(policy, store: store, isDead: { $0.host == "dead" })
        #expect(try await run.execute(stop: StopSignal()) == .complete)
        #expect(store.workers().map(\.state) == [.lost, .left])
    }
}
