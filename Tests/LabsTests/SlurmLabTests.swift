import Foundation
import Labs
import Testing

@Suite(.enabled(if: SlurmLab.isUsable, "Slurm is not installed"))
struct SlurmLabTests {
    @Test("a job runs on both nodes, a node that lost its power takes the job's processes with it, and comes back")
    func nodes() throws {
        let lab = try SlurmLab.shared()
        let script = #"echo "$SLURMD_NODENAME""#
        #expect(try lab.run("srun", "-N2", "hostname").split(separator: "\n").count == 2)
        #expect(try lab.run("srun", "-N2", "sh", "-c", script).split(separator: "\n").sorted() == ["node1", "node2"])

        let mark = lab.folder + "/pid"
        // A process without environment, that left its parents: the hardest to find.
        let job = "echo $$ >\(mark); exec env -i sleep 300"
        _ = try lab.run("sbatch", "--no-requeue", "-w", "node1", "-o", "/dev/null", "--wrap", job)
        let process = try #require(wait(seconds: 10) { (try? String(contentsOfFile: mark, encoding: .utf8)) ?? "" })
            .trimmed
        // Others come and go meanwhile.
        let bustle = Process()
        bustle.executableURL = URL(fileURLWithPath: "/bin/sh")
        bustle.arguments = ["-c", "while /bin/true; do /bin/true; done"]
        try bustle.run()
        defer { bustle.terminate() }
        try lab.killNode("node1")
        #expect(!isAlive(process))
        func node1Becomes(_ state: String) throws -> Bool {
            try wait(seconds: 30) {
                try lab.run("scontrol", "-o", "show", "node", "node1").contains(" State=\(state)") ? state : ""
            } != nil
        }
        // Brought back before it was missed, it would seem to run the job for another 20 s.
        #expect(try node1Becomes("DOWN"))
        try lab.startNode("node1")
        #expect(try node1Becomes("IDLE"))
    }
}

private func isAlive(_ process: String) -> Bool {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    return status.contains("State:") && !status.contains("State:\tZ")
}

/// Polls until `value` is not empty.
private func wait(seconds: Double, _ value: () throws -> String) rethrows -> String? {
    let end = Date() + seconds
    while Date() < end {
        let found = try value()
        if !found.isEmpty { return found }
        Thread.sleep(forTimeInterval: 0.05)
    }
    return nil
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
