import EvolveTypes
import Foundation
import RunStore
import Testing

@testable import RunStoreSQLite

/// One after another: each starts a process, and a process may hold open what Foundation uses to wait for another.
@Suite(.serialized) struct RunLockTests {
    private let folder: TemporaryFolder
    private var path: String { folder("run.evolve") }

    init() throws { folder = try TemporaryFolder() }

    @Test("a second runner is refused and told who runs; readers are not affected; release lets it in")
    func excludes() throws {
        let first = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        try first.lockForRunning()
        try first.lockForRunning()

        let second = try SQLiteRunStore.open(at: path, readOnly: false)
        #expect(
            throws: Failure(
                .unavailable,
                "\(path) is being run by another process (pid \(getpid())): wait for it or stop it; "
                    + "`evolve inspect` works")
        ) { try second.lockForRunning() }
        #expect(try SQLiteRunStore.open(at: path, readOnly: true).slotCount() == 0)

        try first.close()
        try second.lockForRunning()
    }

    @Test("the kernel gives the lock back when the process that ran dies of SIGKILL")
    func outlivesNoProcess() throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        // --no-fork: one process holds the lock and nothing else.
        holder.arguments = ["--no-fork", path + "-lock", "/bin/sh", "-c", "echo held; exec sleep 10"]
        let output = Pipe()
        holder.standardOutput = output
        try holder.run()
        #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))
        #expect(throws: Failure.self) { try store.lockForRunning() }

        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
        try store.lockForRunning()
    }

    @Test("a process started while the store runs does not inherit the lock")
    func isNotInherited() throws {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        try store.lockForRunning()
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/sleep")
        child.arguments = ["10"]
        try child.run()
        defer {
            kill(child.processIdentifier, SIGKILL)
            child.waitUntilExit()
        }
        try store.close()
        try SQLiteRunStore.open(at: path, readOnly: false).lockForRunning()
    }
}
