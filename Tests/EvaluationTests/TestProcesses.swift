import Foundation

/// Processes of this machine, from /proc.
enum TestProcesses {
    struct Entry {
        var pid: Int32
        /// Lines of /proc/PID/status.
        var status: [String: String]
    }

    /// Children and grandchildren of a process.
    static func below(_ ancestor: Int32, named name: String) throws -> [Entry] {
        let entries = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.compactMap(
            entry)
        let children = entries.filter { $0.status["PPid"] == String(ancestor) }
        let parents = Set(children.map { String($0.pid) })
        let all = children + entries.filter { parents.contains($0.status["PPid"] ?? "") }
        return all.filter { $0.status["Name"] == name }
    }

    /// nil when it has ended meanwhile.
    private static func entry(_ pid: Int32) -> Entry? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        var status: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { status[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        return Entry(pid: pid, status: status)
    }
}
