import Foundation
import Glibc
import Testing

@testable import Slurm

/// The script run by a shell, with a scontrol of this test.
@Suite("The shell around a task")
struct SupervisionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// What the worker does.
        var worker: String
        /// Sent to the shell once the worker is up.
        var signal: Int32?
        var status: Int32
        var requeued: String
        var testDescription: String { name }
    }

    @Test(
        "asks for another start only when the time limit stopped the worker",
        arguments: [
            Case(name: "complete", worker: "exit 0", status: 0, requeued: ""),
            Case(name: "error", worker: "exit 69", status: 69, requeued: ""),
            Case(name: "stopped", worker: "exit 75", status: 75, requeued: ""),
            Case(name: "killed", worker: "kill -KILL $$", status: 137, requeued: ""),
            Case(
                name: "time limit", worker: "trap 'sleep 0.3; exit 75' USR1; touch up; sleep 2 & wait", signal: SIGUSR1,
                status: 75, requeued: "requeue 12_3\n"),
            Case(
                name: "complete at the time limit", worker: "trap 'exit 0' USR1; touch up; sleep 2 & wait",
                signal: SIGUSR1, status: 0, requeued: ""),
            Case(
                name: "error at the time limit", worker: "trap 'exit 70' USR1; touch up; sleep 2 & wait",
                signal: SIGUSR1, status: 70, requeued: ""),
            Case(
                name: "cancelled", worker: "touch up; sleep 0.5; exit 75", signal: SIGTERM, status: 75, requeued: ""),
        ])
    func endings(which: Case) async throws {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                // Threads of Swift block signals, and a child would block them as well.
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_UNBLOCK, &all, nil)
                continuation.resume(with: Result { try Self.run(which) })
            }
        }
    }

    private static func run(_ which: Case) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "slurm-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = BatchScript(
            jobName: "j", tasks: 1, log: "l", command: ["/bin/bash", "-c", which.worker].map { .literal($0) })
        let program = "#!/bin/bash\necho \"$@\" >>\(folder.path)/asked\n"
        for (name, text) in [("scontrol", program), ("script", script.text)] {
            let file = folder.appending(path: name)
            try text.write(to: file, atomically: true, encoding: .utf8)
            chmod(file.path, 0o755)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["script"]
        process.currentDirectoryURL = folder
        process.environment = [
            "PATH": "\(folder.path):/usr/bin:/bin", "SLURM_ARRAY_JOB_ID": "12", "SLURM_ARRAY_TASK_ID": "3",
        ]
        try process.run()
        if let signal = which.signal {
            let up = folder.appending(path: "up").path
            while process.isRunning, !FileManager.default.fileExists(atPath: up) { usleep(5_000) }
            usleep(50_000)
            kill(process.processIdentifier, signal)
        }
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == which.status)
        #expect(((try? String(contentsOf: folder.appending(path: "asked"), encoding: .utf8)) ?? "") == which.requeued)
    }
}
