/// Whether a failed request is made again, and when: without I/O, under the call's one deadline.
package struct RetryPolicy: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case retry(afterSeconds: Double)
        case giveUp
    }

    /// Requests of one call at most.
    package var requests: Int
    /// Seconds before the second request; they double from there on.
    package var firstWait: Double
    package var longestWait: Double

    package init(requests: Int = 4, firstWait: Double = 1, longestWait: Double = 30) {
        self.requests = requests
        self.firstWait = firstWait
        self.longestWait = longestWait
    }

    /// - Parameters:
    ///   - failed: requests of this call that have failed, this one included.
    ///   - left: seconds of the call's deadline that are left. A wait that would not leave any is not begun.
    ///   - jitter: 0 ..< 1; waits are shortened by up to half by it, so that callers that failed together do not come back
    ///     together.
    package func next(after failure: ModelFailure, failed: Int, left: Double, jitter: Double) -> Action {
        guard failure.kind.isTransient, failed < requests else { return .giveUp }
        let doubled = min(longestWait, firstWait * Double(1 << min(failed - 1, 16)))
        // What the server asks for is waited for in full.
        let wait = max(failure.retryAfter ?? 0, doubled * (1 - jitter / 2))
        return wait < left ? .retry(afterSeconds: wait) : .giveUp
    }
}
