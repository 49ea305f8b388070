import Glibc

/// A point in time that a wait does not go beyond.
struct Deadline {
    let seconds: Double
    private let end: ContinuousClock.Instant

    init(seconds: Double) {
        self.seconds = seconds
        end = .now + .seconds(max(0, seconds))
    }

    /// "no answer for 40 s", or 0.4.
    var passed: String { "no answer for \(seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)") s" }

    /// Seconds that are left, not below 0.
    var left: Double {
        let (seconds, attoseconds) = (ContinuousClock.now.duration(to: end)).components
        return max(0, Double(seconds) + Double(attoseconds) * 1e-18)
    }
}

/// Waits until `socket` has something to read (or, with `toWrite`, room to write), or broke.
/// - Returns: false when the deadline came first.
func waitForSocket(_ socket: Int32, toWrite: Bool, _ deadline: Deadline) -> Bool {
    guard socket >= 0 else { return true }
    while true {
        var entry = pollfd(fd: socket, events: Int16(POLLIN | (toWrite ? POLLOUT : 0)), revents: 0)
        let left = deadline.left
        let count = poll(&entry, 1, Int32(min(left * 1000, 1e9).rounded(.up)))
        if count > 0 { return true }
        // A signal interrupts a wait, and a wait may end some microseconds early.
        if count == 0, deadline.left == 0 { return false }
        if count < 0, errno != EINTR { return true }
    }
}
