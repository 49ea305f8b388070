import Foundation

/// What this process takes.
enum ProcessMemory {
    /// The most that it ever had resident, in bytes; 0 where the system does not say.
    static var most: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }
}
