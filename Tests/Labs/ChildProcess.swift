import Foundation
import Glibc

/// A program that was started, with its standard input and output.
///
/// Not Foundation's `Process`: that one sees a program's end in the end of a descriptor that the program inherits, so a
/// server that the program left behind makes it wait for ever, and one that closes the descriptor makes it block all others.
struct ChildProcess: Sendable {
    private let process: pid_t
    let output: FileHandle

    /// - Parameter input: nil for an empty one.
    init(_ path: String, _ arguments: [String], _ environment: [String: String], input: FileHandle? = nil) throws {
        let (reading, writing) = try ChildProcess.pipe()
        let null = FileHandle.nullDevice
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, (input ?? null).fileDescriptor, 0)
        posix_spawn_file_actions_adddup2(&actions, writing.fileDescriptor, 1)
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let variables = all.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var process = pid_t()
        let status = posix_spawn(&process, path, &actions, nil, words, variables)
        guard status == 0 else { throw LabProblem(description: "\(path): \(String(cString: strerror(status)))") }
        self.process = process
        output = reading
    }

    /// Its exit status, or the negative signal that ended it.
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }

    /// A pipe (in the form that Glibc's module shows) whose ends no other child inherits: one that did would keep it open.
    static func pipe() throws -> (reading: FileHandle, writing: FileHandle) {
        var ends: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw LabProblem(description: "no pipe: \(String(cString: strerror(errno)))")
        }
        return (
            FileHandle(fileDescriptor: ends[0], closeOnDealloc: true),
            FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        )
    }
}

struct LabProblem: Error, CustomStringConvertible {
    var description: String
}
