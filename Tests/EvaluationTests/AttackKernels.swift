import ActivationCodegen
import Foundation

@testable import Evaluation

/// A function of Attacks/attacks.h, in a kernel: as if our printer had a bug.
struct Attack: Sendable {
    var name: String
    /// What the verdict says when the kernel is locked in.
    var verdict: String
    /// Enough for the attack to succeed; nil when nothing here is (a crash), or when it is the machine's business.
    var succeedsIn: Isolation?

    static let forbidden = "system call that it must not make (SIGSYS)"
    /// Exit statuses of a kernel that lives to tell.
    static let (succeeded, refused) = ("exit status 77", "exit status 78")

    static let all: [Attack] =
        [
            "writes_file", "reads_passwords", "reads_environment", "opens_tcp", "opens_udp", "forks", "makes_thread",
            "maps_executable", "makes_executable", "signals_parent", "traces_parent", "reads_parent", "raises_limits",
        ].map { Attack(name: $0, verdict: forbidden, succeedsIn: .process) }
        + [
            Attack(name: "runs_shell", verdict: forbidden, succeedsIn: .process),
            // The channel to the parent is only there in the worker itself.
            Attack(name: "writes_descriptors", verdict: forbidden, succeedsIn: []),
            Attack(name: "closes_descriptors", verdict: forbidden, succeedsIn: []),
            Attack(name: "writes_giant_reply", verdict: forbidden, succeedsIn: nil),
            Attack(name: "calls_32_bit", verdict: forbidden, succeedsIn: nil),
            Attack(name: "calls_x32", verdict: forbidden, succeedsIn: nil),
            Attack(name: "hogs", verdict: "SIGSEGV", succeedsIn: nil),
            Attack(name: "segfaults", verdict: "SIGSEGV", succeedsIn: nil),
        ]

    /// In a constructor, which runs while the kernel is loaded: files may be read then, but for Landlock.
    static let early: [Attack] =
        ["writes_file", "opens_tcp", "opens_udp", "forks", "maps_executable", "runs_shell", "signals_parent"].map {
            Attack(name: $0, verdict: forbidden, succeedsIn: .process)
        } + [
            Attack(name: "reads_passwords", verdict: refused, succeedsIn: .process),
            Attack(name: "closes_descriptors", verdict: refused, succeedsIn: nil),
        ]

    /// - Parameter witness: a file that the attack would write.
    func kernel(witness: String, constructor: Bool = false) throws -> KernelSource {
        let header = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Attacks/attacks.h")
        let attacks = "#define WITNESS \"\(witness)\"\n" + (try String(contentsOf: header, encoding: .utf8))
        let act = "_Exit(\(name)() ? 77 : 78);"
        var kernel = TestKernels.kernel("x", derivative: "1", prologue: constructor ? "" : act)
        let early = constructor ? "__attribute__((constructor)) static void early(void) { \(act) }\n" : ""
        kernel.text = attacks + kernel.text + early
        return kernel
    }
}

/// A folder with a worker that anybody may start, and kernels that anybody may read.
struct AttackFolder {
    enum Account: String, Sendable, CaseIterable {
        case own
        /// Only root can become it.
        case nobody
    }

    let folder: URL
    let executable: String
    let compiler: KernelCompiler

    var witness: String { folder.appending(path: "open/witness").path }
    var attackSucceeded: Bool { FileManager.default.fileExists(atPath: witness) }

    init(_ account: Account) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "evolve-attack-\(UUID().uuidString)")
        let files = FileManager.default
        try files.createDirectory(
            at: folder.appending(path: "open"), withIntermediateDirectories: true)
        chmod(folder.path, 0o755)
        // Anybody may write here: what keeps the file from appearing is not its folder.
        chmod(folder.appending(path: "open").path, 0o777)
        let worker = folder.appending(path: "evolve-worker").path
        try files.copyItem(atPath: TestMachine.worker, toPath: worker)
        chmod(worker, 0o755)
        compiler = try KernelCompiler(
            directory: folder.appending(path: "kernels").path, environment: ProcessInfo.processInfo.environment)
        guard account == .nobody else {
            executable = worker
            return
        }
        executable = folder.appending(path: "as-nobody").path
        let script = """
            #!/bin/sh
            exec /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups \(worker) "$@"

            """
        try Data(script.utf8).write(to: URL(filePath: executable))
        chmod(executable, 0o755)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func compile(_ kernel: KernelSource) async throws -> String {
        let path = try await compiler.compile(kernel).path
        chmod(folder.appending(path: "kernels").path, 0o755)
        // The cache's own copy is another's business, and may go when its lease does.
        let copy = folder.appending(path: UUID().uuidString + ".so")
        try FileManager.default.copyItem(atPath: path, toPath: copy.path)
        chmod(copy.path, 0o644)
        return copy.path
    }
}
