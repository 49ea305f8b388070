import Engine
import EvolveTypes
import LanguageModels
import Mutation
import RunStore
import Testing

@Suite("The ledger of a model's answers")
struct StoreLedgerTests {
    /// Answers after `meanwhile`.
    private struct Interrupted: LanguageModel {
        let name = "played"
        var meanwhile: @Sendable () throws -> Void = {}

        func complete(_ request: ModelRequest) async throws -> ModelAnswer {
            try meanwhile()
            return ModelAnswer(text: "t", usage: TokenUsage(prompt: 10, completion: 20))
        }
    }

    private static let request = ModelRequest(
        system: "s", user: "u", prefill: nil, grammar: nil, temperature: 1, maxTokens: 50, seed: 1, deadline: 5,
        index: 0)

    private let store: InMemoryRunStore
    private let policy = EngineFixture.policy()

    init() throws { store = InMemoryRunStore(manifest: try EngineFixture.manifest(policy)) }

    private func ledger() -> StoreLedger {
        StoreLedger(store: store, history: ModelHistory(policy), replay: false, clock: { 0 }, observe: { _ in })
    }

    private func ask(_ ledger: StoreLedger, _ model: Interrupted = Interrupted()) async throws -> RecordedAnswer {
        try await ledger.answer(
            to: RequestLadder(Self.request), slot: 5, turn: 0,
            from: ModelRoster.Entry(facts: .scripted("none", name: "played"), model: model))
    }

    @Test("An answer is asked for once: another worker that takes the slot up uses what is recorded")
    func once() async throws {
        #expect(try await ask(ledger()).text == "t")
        let other = ledger()
        try other.open(5)
        #expect(try await ask(other, Interrupted(meanwhile: { Issue.record("asked twice") })).text == "t")
        #expect(store.answers().count == 1 && store.openCalls(of: 5).isEmpty)
        #expect(other.spend(of: 5).used?["played"]?.tokens == 30 && other.spend(of: 5).lost == nil)
    }

    @Test("Whose slot was taken over during a call has nothing to hand in; the call is written off and asked anew")
    func takenOver() async throws {
        let other = ledger()
        await #expect(throws: TaskTakenOver.self) {
            try await ask(ledger(), Interrupted(meanwhile: { try other.open(5) }))
        }
        #expect(store.answers().map(\.fault) == [AnswerRecord.lost])
        #expect(try await ask(other).text == "t")
        #expect(store.answers().map(\.attempt) == [0, 1])
        #expect(other.spend(of: 5).used?["played"]?.tokens == 30)
        #expect((other.spend(of: 5).lost?["played"]?.tokens ?? 0) >= 50, "at the most that it may have cost")
    }
}
