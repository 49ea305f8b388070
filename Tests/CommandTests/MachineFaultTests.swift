import Foundation
import Testing

/// Runs on a machine that fails them: what was committed stays, and the run that goes on ends as if undisturbed.
@Suite("A run on a machine that fails it")
struct MachineFaultTests {
    private static func undisturbed(_ evolve: EvolveProgram) async throws -> String {
        let ending = try await evolve("run", "tiny", "--store", "whole.evolve")
        #expect(ending.status == 0, "\(ending.error)")
        return try await RunCommandTests.summary(evolve, "whole.evolve").digest
    }

    /// Whether this user may have a file system of his own; a container may be forbidden to.
    private static let mayMount: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        if process.terminationStatus != 0 { print("no file system of its own: a full disk is not tried") }
        return process.terminationStatus == 0
    }()

    @Test("whose disk is full stops with advice; with room again it goes on", .enabled(if: mayMount))
    func fullDisk() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain, slots: 60)
            let digest = try await Self.undisturbed(evolve)
            let ending = try await evolve.script(
                """
                mkdir disk && exec unshare --mount bash -c '
                    mount -t tmpfs -o size=600k none disk || exit 1
                    "$EVOLVE" run tiny --store disk/t.evolve; echo "status $?"
                    "$EVOLVE" store check disk/t.evolve
                    mount -o remount,size=64m disk
                    "$EVOLVE" resume disk/t.evolve; echo "status $?"
                    cp disk/t.evolve t.evolve'
                """)
            #expect(ending.status == 0)
            let statuses = ending.output.split(separator: "\n").filter { $0.hasPrefix("status") }
            #expect(statuses == ["status 69", "status 0"], "\(ending.error)")
            #expect(
                ending.error.contains("is full: free some space")
                    && ending.error.contains("evolve resume disk/t.evolve"))
            #expect(ending.output.contains("whole: "), "what was committed is whole: \(ending.output)")
            #expect(try await RunCommandTests.summary(evolve, "t.evolve").digest == digest)
        }
    }

    @Test("whose terminal goes away stops as if asked to, and says so in its store")
    func lostTerminal() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain, slots: 120)
            let digest = try await Self.undisturbed(evolve)
            let ending = try await evolve.script(
                """
                python3 -c '
                import os, pty, time
                child, terminal = pty.fork()
                if child == 0:
                    os.execv(os.environ["EVOLVE"], ["evolve", "run", "tiny", "--store", "t.evolve"])
                while not os.path.exists("t.evolve"):
                    time.sleep(0.02)
                time.sleep(0.3)
                os.close(terminal)
                print("status", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))'
                "$EVOLVE" status t.evolve
                "$EVOLVE" resume t.evolve >resumed || echo "status $?"
                """)
            #expect(ending.output.hasPrefix("status 75\n"), "\(ending.output) \(ending.error)")
            #expect(ending.output.contains("0 at work, 1 gone"), "it said that it goes: \(ending.output)")
            #expect(!ending.output.contains("status 1"))
            #expect(try await RunCommandTests.summary(evolve, "t.evolve").digest == digest)
        }
    }

    @Test("whose workers are killed, as by a system without memory, starts others, and no candidate pays for it")
    func killedWorkers() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain, slots: 120)
            let digest = try await Self.undisturbed(evolve)
            let ending = try await evolve.script(
                """
                "$EVOLVE" run tiny --store t.evolve &
                while kill -0 $! 2>/dev/null; do
                    sleep 0.3
                    pkill -KILL --parent $! evolve-worker && echo killed
                done
                wait $!; echo "status $?"
                """)
            #expect(ending.output.contains("killed\n") && ending.output.hasSuffix("status 0\n"), "\(ending.error)")
            #expect(try await RunCommandTests.summary(evolve, "t.evolve").digest == digest)
        }
    }
}
