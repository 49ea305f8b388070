import Foundation
import Glibc

/// The clock of a store on one machine: seconds since the machine started, suspensions included, the same in all its
/// processes. Setting the time of day does not move it; another start of the machine is another clock.
package struct StoreClock: Sendable {
    /// Names the start of the machine.
    package var boot: String
    package var now: @Sendable () -> Double

    package init(boot: String, now: @escaping @Sendable () -> Double) {
        self.boot = boot
        self.now = now
    }

    package static let machine = StoreClock(
        boot: (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
    ) {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
