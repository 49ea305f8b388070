import LanguageModels
import Testing

@Suite("Retry policy")
struct RetryPolicyTests {
    private let policy = RetryPolicy(requests: 4, firstWait: 1, longestWait: 3)

    private func next(
        _ kind: ModelFailure.Kind, failed: Int = 1, left: Double = 100, jitter: Double = 0, retryAfter: Double? = nil
    ) -> RetryPolicy.Action {
        policy.next(
            after: ModelFailure(kind, "", retryAfter: retryAfter), failed: failed, left: left, jitter: jitter)
    }

    @Test("only what may pass is asked again", arguments: ModelFailure.Kind.allCases)
    func kinds(kind: ModelFailure.Kind) {
        let again: Set<ModelFailure.Kind> = [.unreachable, .dropped, .rateLimited, .serverError, .badAnswer]
        #expect((next(kind) != .giveUp) == again.contains(kind))
    }

    @Test("waits double up to a limit, and jitter shortens them by up to half")
    func waits() {
        #expect((1...3).map { next(.dropped, failed: $0) } == [1, 2, 3].map { .retry(afterSeconds: $0) })
        #expect(next(.dropped, failed: 4) == .giveUp)
        #expect(next(.dropped, failed: 2, jitter: 0.5) == .retry(afterSeconds: 1.5))
    }

    @Test("what a server asks for is waited for, unless the call's deadline comes first")
    func retryAfter() {
        #expect(next(.rateLimited, jitter: 0.9, retryAfter: 20) == .retry(afterSeconds: 20))
        #expect(next(.rateLimited, jitter: 0.5, retryAfter: 0.1) == .retry(afterSeconds: 0.75))
        #expect(next(.rateLimited, left: 20, retryAfter: 20) == .giveUp)
        #expect(next(.dropped, left: 0.9) == .giveUp)
    }
}
