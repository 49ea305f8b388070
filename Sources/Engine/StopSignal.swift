import Synchronization

/// A request to stop, seen by everyone who waits for it, now or later.
package final class StopSignal: Sendable {
    private struct State {
        var grace: Double?
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    package init() {}

    package var isRequested: Bool { grace != nil }

    /// Seconds that answers under way may be waited for; nil = no stop has been requested.
    package var grace: Double? { state.withLock { $0.grace } }

    /// The first request counts.
    package func request(grace: Double = 0) {
        let waiters = state.withLock { state in
            state.grace = state.grace ?? grace
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when a stop has been requested or the waiting task has been cancelled.
    package func wait() async {
        let ticket = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.grace != nil || Task.isCancelled { return true }
                    state.waiters[ticket] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
        }
    }
}
