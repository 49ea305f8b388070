import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import RunStore
import Synchronization
import Testing

@Suite("A run")
struct RunTests {
    private static func finished(_ policy: RunPolicy) async throws -> any WorkQueue {
        let store: any WorkQueue = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        let ending = try await EngineFixture.run(policy, store: store).execute(stop: StopSignal())
        #expect(ending == .complete)
        return store
    }

    @Test("Two runs that differ only in who finishes first have one digest")
    func completionOrderDoesNotMatter() async throws {
        let policy = EngineFixture.policy()
        let digests = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<6 { group.addTask { try RunDigest.of(try await Self.finished(policy)) } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(digests.count == 1)
        let other = try RunDigest.of(try await Self.finished(EngineFixture.policy(seed: 4)))
        #expect(!digests.contains(other))
    }

    @Test("Of two workers, each of which could take on everything, both do a good part, and the digest is that of one")
    func sharing() async throws {
        let policy = EngineFixture.policy()
        let alone = try await Self.finished(policy)
        let store = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        try await withThrowingTaskGroup { group in
            for _ in 0..<2 {
                group.addTask { _ = try await EngineFixture.run(policy, store: store).execute(stop: StopSignal()) }
            }
            try await group.waitForAll()
        }
        let done = store.workers().map(\.done)
        #expect(done.count == 2 && done.allSatisfy { $0 > done.reduce(0, +) / 10 }, "\(done)")
        #expect(try RunDigest.of(store) == RunDigest.of(alone))
    }

    @Test("Of a verification's measurements a worker takes on twice as many as it trains at once, and all in the end")
    func verificationInParts() async throws {
        let policy = EngineFixture.policy()
        for (trainers, most) in [(1, 2...2), (6, 3...6)] {
            let store = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
            let watch = DuelWatch()
            let ending = try await EngineFixture.run(policy, store: store, trainers: trainers, evaluator: watch)
                .execute(stop: StopSignal())
            #expect(ending == .complete && most.contains(watch.most.withLock { $0 }), "\(watch.most.withLock { $0 })")
        }
    }

    @Test("Seed programs are not raced: they are what everything is bred from")
    func seeds() async throws {
        let policy = EngineFixture.policy(slots: 20)
        let store = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        let run = try EngineFixture.run(policy, store: store, evaluator: HardRace())
        #expect(try await run.execute(stop: StopSignal()) == .complete)
        for record in store.slots(from: 0) where record.fingerprint != nil {
            let isSeed = record.variation == "seed"
            let expected: Set = isSeed ? ["scored", "duplicate"] : ["raced out", "duplicate"]
            #expect(expected.contains(record.verdict.name), "slot \(record.slot)")
        }
    }

    @Test("Stopped anywhere and gone on with, again and again, it ends as if undisturbed")
    func stopAndResume() async throws {
        let policy = EngineFixture.policy()
        let undisturbed = try await Self.finished(policy)
        let store: any WorkQueue = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        var sessions = 0
        var stream = RandomStream(key: ["stops"])
        while true {
            sessions += 1
            let stop = StopSignal()
            let left = Mutex(stream.index(below: 9) + 1)
            let run = try EngineFixture.run(policy, store: store) { event in
                switch event {
                case .committed, .answered, .verified:
                    if left.withLock({
                        $0 -= 1; return $0 == 0
                    }) {
                        stop.request()
                    }
                default: break
                }
            }
            if try await run.execute(stop: stop) == .complete { break }
            #expect(sessions < 200)
        }
        #expect(sessions > 5)
        #expect(try RunDigest.of(store) == RunDigest.of(undisturbed))
        let answered = try store.answers().filter { $0.fault != AnswerRecord.lost }
        #expect(try answered.count == undisturbed.answers().count, "what was paid for is not asked again")
    }

    @Test("A replay asks no model and gives the same digest")
    func replay() async throws {
        let policy = EngineFixture.policy()
        let original = try await Self.finished(policy)
        let copy: any WorkQueue = InMemoryRunStore(manifest: try EngineFixture.manifest(policy, replay: true))
        for answer in try original.answers() { try copy.record(answer) }
        _ = try await EngineFixture.run(policy, store: copy, replay: true, model: ForbiddenModel())
            .execute(stop: StopSignal())
        #expect(try RunDigest.of(copy) == RunDigest.of(original))
    }

    @Test("A state kept at any slot goes on to what the whole replay comes to; one of another run is not used")
    func snapshots() async throws {
        let policy = EngineFixture.policy(slots: 150)
        let store = try await Self.finished(policy)
        let slots = try store.slots(from: 0)
        let whole = try RunState(policy: policy, replaying: slots)
        let expected = try CanonicalJSON.encode(whole.image)
        for count in [1, 5, 6, 40, 149, 150] {
            let part = try RunState(policy: policy, replaying: Array(slots.prefix(count)))
            try store.keep(try part.snapshot(of: store))
            let resumed = try RunState(policy: policy, history: ModelHistory(policy), resuming: store)
            #expect(try CanonicalJSON.encode(resumed.image) == expected, "kept after \(count) slots")
        }
        var foreign = try #require(try store.snapshot())
        foreign.slots = 3
        foreign.chain = "another"
        try store.keep(foreign)
        let resumed = try RunState(policy: policy, history: ModelHistory(policy), resuming: store)
        #expect(try CanonicalJSON.encode(resumed.image) == expected)
    }

    @Test("A record that belongs to another prompt is refused, not used")
    func foreignRecord() async throws {
        let policy = EngineFixture.policy()
        let original = try await Self.finished(policy)
        let other = EngineFixture.policy(seed: 99)
        let copy: any WorkQueue = InMemoryRunStore(manifest: try EngineFixture.manifest(other, replay: true))
        for answer in try original.answers() { try copy.record(answer) }
        let run = try EngineFixture.run(other, store: copy, replay: true, model: ForbiddenModel())
        // With another seed the same slots ask for other things, or have no answer at all; neither may pass for one.
        do {
            _ = try await run.execute(stop: StopSignal())
            let used = try copy.slots(from: 0).filter { $0.variation == "model-rewrite" && $0.source != nil }
            #expect(used.isEmpty)
        } catch let failure as Failure {
            #expect(failure.message.contains("belongs to another prompt"))
        }
    }

    @Test("A time budget ends the search at a slot boundary: the shorter run is a prefix of the longer one")
    func timeBudget() async throws {
        let policy = EngineFixture.policy(slots: 1200, maxMinutes: 0.15 / 60)
        let store: any WorkQueue = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        let ending = try await EngineFixture.run(policy, store: store).execute(stop: StopSignal())
        #expect(ending == .complete)
        let short = try store.slots(from: 0)
        #expect(short.count < 1200)
        #expect(try store.verifications().contains { $0.stage == .heldout })
        let long = try await Self.finished(EngineFixture.policy(slots: 1200)).slots(from: 0)
        func essence(_ records: [SlotRecord]) -> [SlotRecord] {
            records.map { record in
                var record = record
                record.times = SlotRecord.Times(propose: 0, compile: 0, train: 0)
                return record
            }
        }
        #expect(essence(short) == essence(Array(long.prefix(short.count))))
    }

    @Test("Every slot is in the journal once, in order, with its operator, parents and verdict")
    func journal() async throws {
        let policy = EngineFixture.policy(slots: 120)
        let store = try await Self.finished(policy)
        let slots = try store.slots(from: 0)
        #expect(slots.map(\.slot) == Array(0..<120))
        #expect(slots.prefix(5).allSatisfy { $0.variation == "seed" })
        #expect(slots.dropFirst(5).allSatisfy { $0.variation != "seed" })
        for record in slots {
            #expect(record.parents.allSatisfy { $0 < record.slot })
            for parent in record.parents {
                guard case .scored = slots[parent].verdict else {
                    Issue.record("parent \(parent) of \(record.slot) was never scored")
                    continue
                }
            }
        }
        // GELU is a seed of both islands: one evaluation, and the second says of whom it is a duplicate.
        #expect(slots[2].verdict == .duplicate(of: 1))
        let names = Set(slots.map(\.verdict.name))
        #expect(names.isSuperset(of: ["scored", "raced out", "duplicate", "refused", "unanswered"]))
    }

    @Test("Re-tests take an elite's next seeds; nobody is re-tested twice at once or beyond the most")
    func retests() async throws {
        let policy = EngineFixture.policy(slots: 200)
        let slots = try await Self.finished(policy).slots(from: 0)
        let retests = slots.filter { $0.variation == "re-test" }
        #expect(retests.count > 10)
        for (place, record) in retests.enumerated() {
            let earlier = retests.prefix(place).filter { $0.parents == record.parents }
            // One seed of the evaluation, then further ones, one in each task of this evaluator, at most five in all.
            #expect(earlier.count < 4, "\(record.parents) in slot \(record.slot)")
            if let last = earlier.last { #expect(record.slot >= last.slot + policy.lookahead) }
            #expect(record.verdict.score != nil && record.source == nil)
        }
    }

    @Test("After the search: re-tests, the champion beside the literature, and duels of every champion")
    func verification() async throws {
        let policy = EngineFixture.policy()
        let store = try await Self.finished(policy)
        let records = try store.verifications()
        var state = RunState(policy: policy)
        for record in try store.slots(from: 0) { try state.commit(record) }
        let verification = Verification(policy, state.population)
        #expect(verification.titles == [nil, "a", "b"])
        let champions = verification.champions(records)
        #expect(champions.map(\.family) == [nil, "a", "b"])
        let all = try #require(champions.first?.elite.id)
        #expect(records.filter { $0.stage == .heldout }.map(\.name) == ["candidate \(all)", "gelu", "relu"])
        let duels = records.filter { $0.stage == .duel }
        #expect(Set(duels.compactMap(\.duel?.form)) == ["as written", "unit moment"])
        for champion in champions {
            let own = duels.filter { $0.family == champion.family }
            #expect(own.allSatisfy { $0.candidate == champion.elite.id })
            #expect(Set(own.compactMap(\.duel?.opponent)).contains("gelu"))
        }
        #expect(records.map(\.index) == Array(0..<records.count))
    }

    @Test("What a person has verified later is found, counted among the champions, and outside the digest")
    func requested() async throws {
        let policy = EngineFixture.policy()
        let store = try await Self.finished(policy)
        let digest = try RunDigest.of(store)
        let before = Findings(try store.verifications(), reference: "gelu", clip: 20).rows.filter(\.isReference)
        let known = Set(before.map(\.candidate))
        let other = try #require(
            try store.slots(from: 0).first {
                if case .scored = $0.verdict { return !known.contains($0.slot) && $0.variation != "seed" }
                return false
            })
        for _ in 0..<2 {
            let ending = try await EngineFixture.run(policy, store: store)
                .verify(candidate: other.slot, stop: StopSignal())
            #expect(ending == .complete)
        }
        let after = Findings(try store.verifications(), reference: "gelu", clip: 20).rows.filter(\.isReference)
        #expect(after.count == before.count + 1 && after.allSatisfy { $0.champions == before.count + 1 })
        #expect(try RunDigest.of(store) == digest)
        let seed = try #require(
            try store.slots(from: 0).first { $0.variation == "seed" && $0.verdict.name == "scored" })
        let refused = await #expect(throws: Failure.self) {
            try await EngineFixture.run(policy, store: store).verify(candidate: seed.slot, stop: StopSignal())
        }
        #expect(refused?.message.contains("it is a seed program") == true)
        await #expect(throws: Failure.self) {
            try await EngineFixture.run(policy, store: store).verify(candidate: 2, stop: StopSignal())
        }
    }
}

/// Counts the duels that are fought at once.
private final class DuelWatch: CandidateEvaluator {
    private let played = PlayedEvaluator(jitter: 10)
    private let now = Mutex(0)
    let most = Mutex(0)

    func search(_ candidate: CompiledActivation, rivals: [Evidence]) async throws -> CandidateMeasurement {
        try await played.search(candidate, rivals: rivals)
    }

    func measure(
        _ candidate: CompiledActivation, _ request: MeasurementRequest
    ) async throws -> CandidateMeasurement {
        try await played.measure(candidate, request)
    }

    func duel(_ duel: Duel) async throws -> DuelMeasurement {
        let count = now.withLock { count in
            count += 1
            return count
        }
        most.withLock { $0 = max($0, count) }
        defer { now.withLock { $0 -= 1 } }
        try await Task.sleep(for: .milliseconds(10))
        return try await played.duel(duel)
    }

    func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement {
        try await played.tune(candidate, budget: budget)
    }
}

/// Races out whoever is raced.
private struct HardRace: CandidateEvaluator {
    private let played = PlayedEvaluator(crashes: false)

    func search(_ candidate: CompiledActivation, rivals: [Evidence]) async throws -> CandidateMeasurement {
        CandidateMeasurement(verdict: .racedOut(PlayedEvaluator.score(-9)), compileSeconds: 0, trainSeconds: 0)
    }

    func measure(
        _ candidate: CompiledActivation, _ request: MeasurementRequest
    ) async throws -> CandidateMeasurement {
        CandidateMeasurement(
            verdict: .scored(PlayedEvaluator.score(-3, families: request.family.map { [$0] } ?? ["a", "b"])),
            compileSeconds: 0, trainSeconds: 0)
    }

    func duel(_ duel: Duel) async throws -> DuelMeasurement { try await played.duel(duel) }

    func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement {
        try await played.tune(candidate, budget: budget)
    }
}

/// A model that must not be asked.
struct ForbiddenModel: LanguageModel {
    let name = "forbidden"

    func complete(_ request: LanguageModels.ModelRequest) async throws -> ModelAnswer {
        Issue.record("the model was asked")
        throw ModelFailure(.unreachable, "forbidden")
    }
}
