import Engine
import EvolveTypes
import LanguageModels
import Mutation
import Population
import RunStore
import Synchronization
import Testing

/// Answers at once, with a text that depends on the prompt and a price that does not.
private struct PricedModel: LanguageModel {
    let name = "priced"
    var prompt = 100
    var completion = 50
    /// Tokens that its tokenizer counts, for every so many bytes of the user's message; nil = it has none.
    var bytesPerToken: Int?
    var asked: @Sendable (ModelRequest) -> Void = { _ in }

    func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        asked(request)
        var stream = RandomStream(key: [request.user, "\(request.seed)"])
        let number = Double(stream.index(below: 4000) + 1) / 256
        return ModelAnswer(
            text: "// own words \(number)\nfloat activation(float x) { return x + \(number)f * sinf(x); }",
            usage: TokenUsage(prompt: prompt, completion: completion))
    }

    func promptTokens(of request: ModelRequest) async throws -> Int? {
        bytesPerToken.map { request.user.utf8.count / $0 }
    }
}

@Suite("What models may cost, and what they hold")
struct ModelBudgetTests {
    private static func facts(_ name: String, context: Int = 100_000) -> ModelFacts {
        var facts = ModelFacts(name: name, form: .chat, context: context, traits: APITraits(constraint: .text))
        // 100 + 50 tokens cost 0.01 + 0.01 dollars.
        facts.price = ModelFacts.Price(input: 100, output: 200)
        return facts
    }

    private static func policy(_ models: ModelPolicy, slots: Int = 120) -> RunPolicy {
        var policy = EngineFixture.policy(slots: slots)
        policy.models = models
        return policy
    }

    private static func finished(_ policy: RunPolicy, model: PricedModel = PricedModel()) async throws
        -> InMemoryRunStore
    {
        let store = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        let run = try EngineFixture.run(policy, store: store, model: model)
        #expect(try await run.execute(stop: StopSignal()) == .complete)
        return store
    }

    private static func spend(_ store: InMemoryRunStore, _ model: String? = nil) -> Spend {
        store.slots(from: 0).flatMap { $0.spend ?? [:] }.filter { model == nil || $0.key == model }.map(\.value)
            .reduce(Spend(), +)
    }

    @Test("Slots carry what their calls cost, and their sum is that of the answers")
    func sums() async throws {
        let store = try await Self.finished(Self.policy(ModelPolicy([.init(Self.facts("a"))])))
        let answers = store.answers().map(\.spend).reduce(Spend(), +)
        let slots = Self.spend(store)
        #expect(slots.requests == answers.requests && slots.tokens == answers.tokens && slots.requests > 20)
        #expect(abs(slots.dollars - Double(slots.requests) * 0.02) < 1e-9)
        #expect(store.slots(from: 0).allSatisfy { ($0.spend == nil) == ($0.model == nil) })
    }

    /// What one slot may reserve.
    private static let largest = Budget(tokens: 100 + 120, requests: 1, dollars: 0.01 + 0.024)

    @Test(
        "A run spends its budget and no more than what was in flight above it, and goes on without the model",
        arguments: [Budget(tokens: 3_000), Budget(requests: 11), Budget(dollars: 0.35)])
    func total(_ budget: Budget) async throws {
        let policy = Self.policy(ModelPolicy([.init(Self.facts("a"))], budget: budget))
        let store = try await Self.finished(policy)
        let spend = Self.spend(store)
        #expect(budget.covers(spend), "\(spend)")
        let one = Spend(requests: 1, promptTokens: 100, completionTokens: 50, dollars: 0.02)
        let flight = (0..<policy.lookahead).reduce(spend) { sum, _ in sum + one }
        #expect(!budget.covers(flight + flight + flight + flight), "it is used: \(spend)")
        let slots = store.slots(from: 0)
        #expect(slots.count == 120)
        #expect(slots.suffix(20).allSatisfy { $0.model == nil }, "tree operators carry on")
        var state = RunState(policy: policy)
        for slot in slots.prefix(4) { try state.commit(slot) }
        #expect(state.spentModels == [])
        for slot in slots.dropFirst(4) { try state.commit(slot) }
        #expect(state.spentModels == ["a"])

        // The record alone makes the same run, budget and all.
        let again = InMemoryRunStore(manifest: try EngineFixture.manifest(policy, replay: true))
        for answer in store.answers() { try again.record(answer) }
        _ = try await EngineFixture.run(policy, store: again, replay: true).execute(stop: StopSignal())
        #expect(try RunDigest.of(again) == RunDigest.of(store))
    }

    @Test("What a server does not count is charged as what it must have been")
    func uncounted() async throws {
        let store = try await Self.finished(
            Self.policy(ModelPolicy([.init(Self.facts("a"))])), model: PricedModel(prompt: 0, completion: 0))
        let spend = Self.spend(store)
        #expect(
            spend.requests > 15 && spend.promptTokens > 20 * spend.requests
                && spend.completionTokens > 10 * spend.requests)
        #expect(spend.dollars > 0)
    }

    @Test("A model with a budget of its own leaves the work to the others when it is spent")
    func own() async throws {
        let models = ModelPolicy([
            .init(Self.facts("dear"), budget: Budget(requests: 5)), .init(Self.facts("plenty")),
        ])
        let store = try await Self.finished(Self.policy(models))
        #expect(Self.spend(store, "dear").requests <= 5 && Self.spend(store, "dear").requests >= 3)
        #expect(Self.spend(store, "plenty").requests > 15)
    }

    @Test("A budget of nothing asks nothing, and is known beforehand to do so")
    func nothing() async throws {
        let policy = Self.policy(ModelPolicy([.init(Self.facts("a"))], budget: Budget(requests: 0)))
        #expect(policy.modelsOutOfReach == ["a"])
        #expect(
            Self.policy(ModelPolicy([.init(Self.facts("a"))], budget: Budget(requests: 1))).modelsOutOfReach.isEmpty)
        let store = try await Self.finished(policy)
        #expect(store.answers().isEmpty)
    }

    @Test("A budget in dollars that only free models are under is known to end nothing")
    func free() {
        var free = Self.facts("free")
        free.price = ModelFacts.Price(input: 0, output: 0)
        let dollars = Budget(dollars: 1)
        #expect(ModelPolicy([.init(free)], budget: dollars).dollarsBuyNothing)
        #expect(ModelPolicy([.init(free, budget: dollars), .init(Self.facts("a"))]).dollarsBuyNothing)
        #expect(!ModelPolicy([.init(free), .init(Self.facts("a"))], budget: dollars).dollarsBuyNothing)
        #expect(!ModelPolicy([.init(free)], budget: Budget(tokens: 1)).dollarsBuyNothing)
    }

    @Test("What is spent is carried over a stop: the second session goes on where the first one's budget stood")
    func resumed() async throws {
        let policy = Self.policy(ModelPolicy([.init(Self.facts("a"))], budget: Budget(requests: 11)))
        let whole = try await Self.finished(policy)
        let store = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        let stop = StopSignal()
        let first = try EngineFixture.run(policy, store: store, model: PricedModel()) { event in
            if case .committed(let record) = event, record.slot == 40 { stop.request() }
        }
        #expect(try await first.execute(stop: stop) == .stopped)
        _ = try await EngineFixture.run(policy, store: store, model: PricedModel()).execute(stop: StopSignal())
        #expect(try RunDigest.of(store) == RunDigest.of(whole))
        #expect(store.answers().count <= 11)
    }

    @Test("A run that is resumed with other models asks those, keeps what was paid for, and is replayed with both")
    func amended() async throws {
        var policy = Self.policy(ModelPolicy([.init(Self.facts("first"))]), slots: 80)
        policy.bandit = BanditPolicy(most: 3, memory: 50, stepsPerToken: 1, stepsPerDollar: 100)
        let store = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        let stop = StopSignal()
        let first = try EngineFixture.run(policy, store: store, model: PricedModel()) { event in
            if case .committed(let record) = event, record.slot == 30 { stop.request() }
        }
        #expect(try await first.execute(stop: stop) == .stopped)
        let done = store.slotCount()
        try store.record(
            AmendmentRecord(
                index: 0, slot: done,
                models: try CanonicalJSON.encode(
                    ModelPolicy([.init(Self.facts("second")), .init(Self.facts("third"))])),
                createdAt: .distantPast))
        _ = try await EngineFixture.run(policy, store: store, model: PricedModel()).execute(stop: StopSignal())
        let slots = store.slots(from: 0)
        #expect(slots.count == 80)
        #expect(Set(slots.prefix(done).compactMap(\.model)) == ["first"])
        #expect(Set(slots.dropFirst(done).compactMap(\.model)) == ["second", "third"])
        for slot in slots where slot.model != nil {
            let last = store.answers().last { $0.slot == slot.slot }
            #expect(last?.model == slot.model, "no answer is taken for another model's")
        }
        let paid = store.answers().map(\.spend).reduce(Spend(), +)
        #expect(Self.spend(store).requests == paid.requests, "also the answers that were asked for in vain")

        let again = InMemoryRunStore(manifest: try EngineFixture.manifest(policy, replay: true))
        for answer in store.answers() { try again.record(answer) }
        for amendment in store.amendments() { try again.record(amendment) }
        _ = try await EngineFixture.run(policy, store: again, replay: true).execute(stop: StopSignal())
        #expect(try RunDigest.of(again) == RunDigest.of(store))
    }

    @Test("Where the context is small inspirations are dropped, and what cannot fit is not asked; replays know both")
    func context() async throws {
        var policy = Self.policy(ModelPolicy([.init(Self.facts("small", context: 120 + 250))]), slots: 60)
        for place in policy.islands.indices { policy.islands[place].selection.inspirations = 2 }
        let longest = Mutex(0)
        let model = PricedModel(bytesPerToken: 1) { request in
            longest.withLock { $0 = max($0, request.user.utf8.count) }
        }
        let store = try await Self.finished(policy, model: model)
        let dropped = store.answers().filter { $0.dropped != nil }
        #expect(dropped.contains { $0.failure == nil } && store.answers().contains { $0.dropped == nil })
        #expect(longest.withLock { $0 } <= 250)
        let refused = store.answers().filter { $0.fault == "context exceeded" }
        #expect(refused.allSatisfy { $0.requests == 0 && $0.failure?.contains("> 370 tokens of context") == true })

        let again = InMemoryRunStore(manifest: try EngineFixture.manifest(policy, replay: true))
        for answer in store.answers() { try again.record(answer) }
        _ = try await EngineFixture.run(policy, store: again, replay: true).execute(stop: StopSignal())
        #expect(try RunDigest.of(again) == RunDigest.of(store))
    }
}
