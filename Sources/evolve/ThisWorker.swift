import Foundation
import Glibc
import RunStore

extension WorkerCard {
    /// Of this process.
    /// - Parameters:
    ///   - capacity: tasks that it takes on at once.
    ///   - trainers: tasks that it trains at once; nil = all of them.
    static func here(capacity: Int, trainers: Int? = nil) -> WorkerCard {
        let info = ProcessInfo.processInfo
        let environment = info.environment
        var job: String?
        if let id = environment["SLURM_JOB_ID"] {
            let task = environment["SLURM_ARRAY_TASK_ID"].map { "_\($0)" } ?? ""
            job = "slurm \(environment["SLURM_ARRAY_JOB_ID"] ?? id)\(task)"
        }
        let host = environment["SLURMD_NODENAME"] ?? info.hostName
        return WorkerCard(
            host: host, pid: Int(info.processIdentifier), job: job, capacity: capacity, trainers: trainers,
            process: .of(info.processIdentifier))
    }

    /// Whether its process is known to be gone: nothing is known of one on another machine.
    var isDead: Bool {
        guard let process, process.home == WorkerCard.ProcessName.here else { return false }
        return WorkerCard.ProcessName.of(pid_t(pid)) != process
    }

    /// For people.
    var place: String { "\(host), " + (job.map { "\($0), " } ?? "") + "pid \(pid)" }
}

extension WorkerCard.ProcessName {
    /// Of this process.
    fileprivate static let here = of(ProcessInfo.processInfo.processIdentifier)?.home

    /// nil when there is no such process, or nothing can be known of it.
    static func of(_ pid: pid_t) -> WorkerCard.ProcessName? {
        guard let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8),
            let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid"),
            let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        else { return nil }
        // The name, in parentheses, may hold anything; the state and 19 more fields stand before the birth.
        let fields = status[(status.lastIndex(of: ")") ?? status.startIndex)...].split(separator: " ")
        guard fields.count > 20, let birth = Int(fields[20]), !["Z", "X"].contains(fields[1]) else { return nil }
        return WorkerCard.ProcessName(
            home: boot.trimmingCharacters(in: .whitespacesAndNewlines) + " " + namespace, birth: birth)
    }
}
