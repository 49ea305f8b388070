import Foundation
import RunStore

extension WorkerCard {
    /// Of this process.
    /// - Parameter capacity: tasks that it takes on at once.
    static func here(capacity: Int) -> WorkerCard {
        let info = ProcessInfo.processInfo
        let environment = info.environment
        var job: String?
        if let id = environment["SLURM_JOB_ID"] {
            let task = environment["SLURM_ARRAY_TASK_ID"].map { "_\($0)" } ?? ""
            job = "slurm \(environment["SLURM_ARRAY_JOB_ID"] ?? id)\(task)"
        }
        return WorkerCard(
            host: info.hostName, pid: Int(info.processIdentifier), job: job, capacity: capacity)
    }
}
