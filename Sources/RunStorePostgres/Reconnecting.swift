/// When to try again after a failure that may pass: pure, so that it can be tested without waiting.
struct Reconnecting: Hashable, Sendable {
    /// Seconds before the second attempt; they double from there on, up to `longest`.
    var first: Double
    var longest: Double

    /// For a database that is away: it should be found soon after it is back, and not be overrun by all workers at once.
    static let absence = Reconnecting(first: 0.25, longest: 10)
    /// For a transaction that lost against another one: the other one is over already.
    static let contention = Reconnecting(first: 0.005, longest: 1)

    static func policy(after kind: PostgresFailure.Kind) -> Reconnecting {
        kind == .serialization ? contention : absence
    }

    /// - Parameters:
    ///   - failed: attempts that have failed, at least 1.
    ///   - jitter: 0 ..< 1; delays are shortened by up to half by it, so that workers that failed together do not come back
    ///     together.
    func delay(failed: Int, jitter: Double) -> Double {
        let doubled = min(longest, first * Double(1 << min(max(failed, 1) - 1, 30)))
        return doubled * (1 - jitter / 2)
    }
}

/// Tries something again for as long as it fails in a way that may pass.
struct Retrying {
    enum Event: Hashable, Sendable {
        /// `body` failed for the `attempt`th time, `waited` seconds after the first; it is tried again in `delay` seconds.
        case waiting(PostgresFailure, attempt: Int, waited: Double, delay: Double)
        /// It succeeded after `waited` seconds of failing.
        case recovered(waited: Double)
    }

    /// Waits that many seconds; throws to give up, for example when the program is asked to end.
    var sleep: (Double) throws -> Void
    /// A number in 0 ..< 1.
    var jitter: () -> Double
    /// A clock's seconds, from any origin.
    var now: () -> Double
    var observe: (Event) -> Void = { _ in }

    /// Runs `body` until it returns, throws what does not pass by itself (`PostgresFailure.isTransient`), or another delay
    /// would end after `seconds` (nil: never); then throws the last failure.
    ///
    /// `body` may run several times, so what it writes belongs in one `transaction`.
    func callAsFunction<Result>(for seconds: Double?, _ body: () throws -> Result) throws -> Result {
        let start = now()
        var failed = 0
        while true {
            do {
                let result = try body()
                if failed > 0 { observe(.recovered(waited: now() - start)) }
                return result
            } catch let failure as PostgresFailure where failure.isTransient {
                failed += 1
                let waited = now() - start
                let delay = Reconnecting.policy(after: failure.kind).delay(failed: failed, jitter: jitter())
                if let seconds, waited + delay > seconds { throw failure }
                observe(.waiting(failure, attempt: failed, waited: waited, delay: delay))
                try sleep(delay)
            }
        }
    }
}
