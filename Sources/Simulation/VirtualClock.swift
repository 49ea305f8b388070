import Synchronization

/// The simulation's time, as the store reads it.
final class VirtualClock: Sendable {
    private let time = Mutex(0.0)

    var seconds: Double {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}
