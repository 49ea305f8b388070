import Foundation
import Glibc
import Labs
import Testing

/// A server must not outlive the tests that started it, however they ended.
@Suite(.enabled(if: PostgresLab.isUsable, "PostgreSQL is not installed"))
struct LabLifetimeTests {
    @Test("the holder's death stops the server and removes its folder")
    func holderIsKilled() throws {
        let folder = "/tmp/evolve-lifetime-\(getpid())"
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/bin/bash")
        // The substituted `sleep` is the one that holds the pipe open.
        holder.arguments = ["-c", "exec sleep 600 > >(exec \(PostgresLab.scriptPath) hold \(folder))"]
        holder.standardOutput = FileHandle.nullDevice
        try holder.run()
        let ready = wait(seconds: 60) { FileManager.default.fileExists(atPath: folder + "/used") }
        let server = ready ? try String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8) : ""
        kill(holder.processIdentifier, SIGKILL)
        #expect(ready)
        #expect(wait(seconds: 30) { !FileManager.default.fileExists(atPath: folder) })
        let process = server.prefix { $0.isNumber }
        #expect(!process.isEmpty)
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")) == nil)
    }

    private func wait(seconds: Double, _ holds: () -> Bool) -> Bool {
        let end = Date() + seconds
        while Date() < end {
            if holds() { return true }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return false
    }
}
