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
        let lock = try first.lockForRunning()

        let second = try SQLiteRunStore.open(at: path, readOnly: false)
        #expect(
            throws: Failure(
                .unavailable,
                "\(path) is being run by another process (pid \(getpid())): join in with `evolve worker --store "
                    + "\(path)`, or look with `evolve status \(path)`")
        ) { _ = try second.lockForRunning() }
        #expect(try SQLiteRunStore.open(at: path, readOnly: true).slotCount() == 0)

        lock.release()
        lock.release()
        let next = try second.lockForRunning()
        #expect(throws: Failure.self) { _ = try first.lockForRunning() }
        next.release()
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
        #expect(throws: Failure.self) { _ = try store.lockForRunning() }

        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
        try store.lockForRunning().release()
    }

    @Test("what a run starts does not inherit the lock, and so cannot keep it when the run is killed")
    func isNotInherited() throws {
        let lock = try SQLiteRunStore.create(at: path, manifest: Sample.manifest()).lockForRunning()
        defer { lock.release() }
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
        let held = descriptors.filter { descriptor in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")) == path
                + "-lock"
        }
        #expect(held.count == 1)
        for descriptor in held { #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0) }
    }
}
