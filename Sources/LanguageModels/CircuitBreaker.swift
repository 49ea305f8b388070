/// Pauses a back end that keeps failing, so that a dead server costs no time and a struggling one gets air: without I/O.
///
/// Closed, every call may go. After `limit` failures in a row it is open: for a while no call may go. Then one may, on
/// trial: if it succeeds all may again, if it fails the pause begins anew, twice as long.
package struct CircuitBreaker: Hashable, Sendable {
    package enum Decision: Hashable, Sendable {
        case go
        case paused(secondsLeft: Double)
    }

    private enum State: Hashable {
        case closed(failures: Int)
        case open(until: Double)
        case trial
    }

    package var limit: Int
    package var firstPause: Double
    package var longestPause: Double
    private var state = State.closed(failures: 0)
    /// In a row, without a success between them.
    private var pauses = 0

    package init(limit: Int = 5, firstPause: Double = 15, longestPause: Double = 600) {
        self.limit = limit
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// - Parameter now: seconds since some fixed instant.
    package mutating func decide(at now: Double) -> Decision {
        switch state {
        case .closed: return .go
        case .trial: return .paused(secondsLeft: 0)
        case .open(let until):
            guard now >= until else { return .paused(secondsLeft: until - now) }
            state = .trial
            return .go
        }
    }

    package mutating func succeeded() {
        state = .closed(failures: 0)
        pauses = 0
    }

    /// A call that was let go has ended without telling anything of the server.
    package mutating func abandoned(at now: Double) {
        if state == .trial { state = .open(until: now) }
    }

    /// - Parameter atOnce: the failure is one that the next call would meet as well.
    /// - Returns: the length of the pause that begins, if one does.
    package mutating func failed(at now: Double, atOnce: Bool = false) -> Double? {
        switch state {
        // A call that was under way when the pause began.
        case .open: return nil
        case .closed(let failures) where !atOnce && failures + 1 < limit:
            state = .closed(failures: failures + 1)
            return nil
        case .closed, .trial:
            let pause = min(longestPause, firstPause * Double(1 << min(pauses, 16)))
            pauses += 1
            state = .open(until: now + pause)
            return pause
        }
    }
}
