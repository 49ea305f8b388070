import EvolveTypes
import LanguageModels
import Synchronization
import Testing

/// Fails as it is told, in order; then answers.
private final class MoodyModel: LanguageModel {
    let name = "moody"
    private let failures: Mutex<[ModelFailure.Kind]>
    private let count = Mutex(0)

    init(_ failures: [ModelFailure.Kind]) { self.failures = Mutex(failures) }

    var requests: Int { count.withLock { $0 } }

    func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        count.withLock { $0 += 1 }
        let next = failures.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let next { throw ModelFailure(next, "as told", usage: TokenUsage(prompt: 5, completion: 0)) }
        return ModelAnswer(text: "return x;")
    }
}

@Suite("A guarded model", .timeLimit(.minutes(1)))
final class GuardedModelTests: Sendable {
    private let time = Mutex(0.0)
    private let events = Mutex<[GuardedModel.Event]>([])

    private func guarded(_ model: MoodyModel, limit: Int = 2) -> GuardedModel {
        GuardedModel(
            model, retries: RetryPolicy(requests: 3, firstWait: 0.002, longestWait: 0.002),
            breaker: CircuitBreaker(limit: limit, firstPause: 10, longestPause: 100),
            clock: { self.time.withLock { $0 } }, observe: { event in self.events.withLock { $0.append(event) } })
    }

    @Test("asks again what may pass, and the answer tells of every request that failed before it")
    func retries() async throws {
        let model = MoodyModel([.dropped, .rateLimited])
        let answer = try await guarded(model).complete(modelRequest())
        #expect(answer.text == "return x;" && answer.earlier.map(\.kind) == [.dropped, .rateLimited])
        #expect(model.requests == 3)
    }

    @Test("gives up after so many requests, and at once where asking again is no use; the failure tells of all")
    func givesUp() async {
        let stubborn = MoodyModel([.dropped, .serverError, .dropped, .dropped])
        let failure = await #expect(throws: ModelFailure.self) { try await guarded(stubborn).complete(modelRequest()) }
        #expect(failure?.kind == .dropped && failure?.earlier.map(\.kind) == [.dropped, .serverError])
        let strict = MoodyModel([.invalidKey])
        let fatal = await #expect(throws: ModelFailure.self) { try await guarded(strict).complete(modelRequest()) }
        #expect(fatal?.kind == .invalidKey && strict.requests == 1)
    }

    @Test("pauses after failures in a row without a further request, and comes back by itself")
    func pauses() async throws {
        let model = MoodyModel([.timedOut, .timedOut])
        let guarded = guarded(model)
        for kind in [ModelFailure.Kind.timedOut, .timedOut, .paused, .paused] {
            let failure = await #expect(throws: ModelFailure.self) { try await guarded.complete(modelRequest()) }
            #expect(failure?.kind == kind && failure?.usage.prompt == (kind == .paused ? 0 : 5))
        }
        #expect(model.requests == 2)
        time.withLock { $0 = 10 }
        _ = try await guarded.complete(modelRequest())
        let events = events.withLock { $0 }
        #expect(events.count == 2 && events.last == .recovered)
        guard case .paused(10, let failure) = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(failure.kind == .timedOut)
    }

    @Test("answers that come to nothing are the model's affair and begin no pause")
    func notTheServer() async {
        let model = MoodyModel(Array(repeating: .empty, count: 10))
        let guarded = guarded(model)
        for _ in 0..<10 {
            let failure = await #expect(throws: ModelFailure.self) { try await guarded.complete(modelRequest()) }
            #expect(failure?.kind == .empty)
        }
        #expect(events.withLock { $0.isEmpty })
    }

    @Test("a cancelled call ends in its wait, and is no failure of the server")
    func cancelled() async throws {
        let model = MoodyModel([.dropped])
        let patient = GuardedModel(
            model, retries: RetryPolicy(requests: 3, firstWait: 60, longestWait: 60), breaker: CircuitBreaker(),
            clock: { 0 }, observe: { _ in })
        var request = modelRequest()
        request.deadline = 1_000
        let task = Task { [request] in try await patient.complete(request) }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
