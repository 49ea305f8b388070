import EvolveTypes

/// A model whose calls are made again when that may help, under one deadline each, and not made at all while the server is
/// not to be had.
///
/// An actor, because calls share what is known of the server.
package actor GuardedModel: LanguageModel {
    package enum Event: Hashable, Sendable {
        /// No call for so many seconds, because of this failure.
        case paused(seconds: Double, ModelFailure)
        case recovered
    }

    package nonisolated let name: String
    private let model: any LanguageModel
    private let retries: RetryPolicy
    private var breaker: CircuitBreaker
    private var isPaused = false
    /// Seconds since some fixed instant.
    private let clock: @Sendable () -> Double
    private let observe: @Sendable (Event) -> Void

    package init(
        _ model: any LanguageModel, retries: RetryPolicy = RetryPolicy(), breaker: CircuitBreaker = CircuitBreaker(),
        clock: @escaping @Sendable () -> Double, observe: @escaping @Sendable (Event) -> Void
    ) {
        name = model.name
        self.model = model
        self.retries = retries
        self.breaker = breaker
        self.clock = clock
        self.observe = observe
    }

    package func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        if case .paused(let seconds) = breaker.decide(at: clock()) {
            throw ModelFailure(
                .paused, "\(name) has failed too often; the next call in \(Int(seconds.rounded(.up))) s",
                wasSent: false)
        }
        var stream = RandomStream(key: ["retry", "\(request.seed)", "\(request.index)"])
        let end = clock() + request.deadline
        var earlier: [ModelFailure] = []
        while true {
            var attempt = request
            attempt.deadline = end - clock()
            do {
                var answer = try await model.complete(attempt)
                answer.earlier = earlier
                settle(nil)
                return answer
            } catch var failure as ModelFailure {
                let left = end - clock()
                let action = retries.next(
                    after: failure, failed: earlier.count + 1, left: left, jitter: stream.uniform())
                guard case .retry(let seconds) = action else {
                    settle(failure)
                    failure.earlier = earlier
                    throw failure
                }
                earlier.append(failure)
                do {
                    try await Task.sleep(for: .seconds(seconds))
                } catch {
                    breaker.abandoned(at: clock())
                    throw error
                }
            } catch {
                breaker.abandoned(at: clock())
                throw error
            }
        }
    }

    package func promptTokens(of request: ModelRequest) async throws -> Int? {
        isPaused ? nil : try await model.promptTokens(of: request)
    }

    /// What a call says of the server.
    private func settle(_ failure: ModelFailure?) {
        guard let failure, failure.kind.isServersFault else {
            breaker.succeeded()
            if isPaused { observe(.recovered) }
            isPaused = false
            return
        }
        if let pause = breaker.failed(at: clock(), atOnce: failure.kind == .outOfCredit) {
            isPaused = true
            observe(.paused(seconds: pause, failure))
        }
    }
}
