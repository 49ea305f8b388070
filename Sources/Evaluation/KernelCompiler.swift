import ActivationCodegen
import EvolveTypes
import Foundation
import Subprocess

/// Turns printed kernels into shared objects with the machine's C compiler, and keeps them in a directory.
///
/// A file is named by everything that decides its contents: the text, the compiler and its version, the flags and the processor
/// (the flags say `-march=native`, so a directory may be shared by different machines).
package struct KernelCompiler: Sendable {
    package struct Compiled: Sendable {
        /// The shared object, which stays there at least as long as this value.
        package var path: String { lease.path }
        /// 0 when the file was there.
        package var seconds: Double
        fileprivate var lease: KernelCache.Lease
    }

    /// No startup files: they are most of what linking costs, and a kernel has nothing to start.
    package static let flags = KernelSource.compilerFlags + ["-fPIC", "-shared", "-nostdlib", "-w"]
    package static let libraries = ["-lmvec", "-lm"]
    /// Bytes that a directory of kernels may take; `KernelCache` says how exactly.
    package static let cacheLimit = 256 << 20

    /// The compiler's path and the arguments that come before ours (from `CC="ccache gcc"`).
    package let command: [String]
    private let cache: KernelCache
    private let environment: [String: String]
    /// The processor, and the compiler's word for itself.
    private let machine: String

    /// - Parameters:
    ///   - directory: where shared objects are kept; created when missing.
    ///   - limit: bytes it may take.
    ///   - compiler: path of the compiler; nil looks at CC, then for cc, gcc and clang on PATH.
    ///   - environment: CC and PATH are read from it, and the compiler is run in it.
    /// - Throws: `Failure(.unavailable)` when there is no compiler or the directory cannot be made.
    package init(
        directory: String, limit: Int = cacheLimit, compiler: String? = nil, environment: [String: String]
    ) throws {
        command = try Self.find(compiler, environment)
        self.environment = environment.filter { ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"].contains($0.key) }
            .merging(["LC_ALL": "C"]) { $1 }
        cache = try KernelCache(directory: URL(filePath: directory, directoryHint: .isDirectory), limit: limit)
        let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let lines = processor.split(separator: "\n").filter { $0.hasPrefix("model name") || $0.hasPrefix("flags") }
        let versions = command.map { Self.version($0, environment) }
        machine = (Set(lines).sorted().map(String.init) + versions).joined(separator: "\n")
    }

    /// Digest of all that decides how a text is compiled.
    package var identity: String {
        Digest.hex((command + Self.flags + Self.libraries + [machine]).joined(separator: "\0"))
    }

    /// - Throws: `Failure(.internalError)` when the compiler refuses the text: printed kernels are ours, so it is our bug.
    package func compile(_ kernel: KernelSource) async throws -> Compiled {
        let facts = command + Self.flags + Self.libraries + [machine, kernel.text]
        let name = Digest.hex(facts.joined(separator: "\0")) + ".so"
        if let lease = cache.find(name) { return Compiled(seconds: 0, lease: lease) }
        let begin = ContinuousClock().now
        let file = cache.unfinished(name)
        defer { try? FileManager.default.removeItem(at: file) }
        try await build(kernel.text, into: file)
        let lease = try cache.add(file, as: name)
        return Compiled(seconds: begin.duration(to: ContinuousClock().now) / .seconds(1), lease: lease)
    }

    private func build(_ text: String, into file: URL) async throws {
        let arguments = command.dropFirst() + Self.flags + ["-x", "c", "-", "-o", file.path] + Self.libraries
        var settings: [Subprocess.Environment.Key: String] = [:]
        for (name, value) in environment { settings[Subprocess.Environment.Key(stringLiteral: name)] = value }
        let input = try Self.opened(text, at: file.path + ".c.tmp")
        let record = try await Subprocess.run(
            .path(.init(command[0])), arguments: Arguments(Array(arguments)), environment: .custom(settings),
            input: .fileDescriptor(.init(rawValue: input), closeAfterSpawningProcess: true), output: .discarded,
            error: .string(limit: 1 << 20))
        guard record.terminationStatus.isSuccess else {
            let said = record.standardError.split(separator: "\n").first { $0.contains("error") }
            throw Failure(
                .internalError,
                "\(command[0]) refused a printed kernel: \(said.map(String.init) ?? "\(record.terminationStatus)")")
        }
    }

    /// A descriptor to read the text from, of a file that has no name any more. Not a pipe: when a compiler dies with a pipe half
    /// read, or the task is cancelled, the library that starts it ends the whole program.
    private static func opened(_ text: String, at path: String) throws -> Int32 {
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw Failure(.unavailable, "cannot write \(path): \(error.localizedDescription)")
        }
        defer { unlink(path) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.unavailable, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    /// What tells one compiler behind a path from the next: size and time of the program.
    private static func version(_ word: String, _ environment: [String: String]) -> String {
        guard let path = locate(word, environment) else { return word }
        let facts = try? FileManager.default.attributesOfItem(
            atPath: URL(filePath: path).resolvingSymlinksInPath().path)
        let size = facts?[.size] as? Int ?? 0
        let date = facts?[.modificationDate] as? Date ?? .distantPast
        return "\(size) \(date.timeIntervalSince1970)"
    }

    private static func locate(_ name: String, _ environment: [String: String]) -> String? {
        let search = (environment["PATH"] ?? "").split(separator: ":")
        let candidates = name.contains("/") ? [name] : search.map { $0 + "/" + name }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func find(_ given: String?, _ environment: [String: String]) throws -> [String] {
        if let given {
            guard let path = locate(given, environment) else {
                throw Failure(.unavailable, "no C compiler at \(given); install gcc or name another")
            }
            return [path]
        }
        let words = (environment["CC"] ?? "").split(separator: " ").map(String.init)
        if let first = words.first {
            guard let path = locate(first, environment) else {
                throw Failure(
                    .unavailable, "no C compiler: CC is '\(first)', which is not there; install gcc or unset CC")
            }
            return [path] + words.dropFirst()
        }
        for name in ["cc", "gcc", "clang"] {
            if let path = locate(name, environment) { return [path] }
        }
        throw Failure(.unavailable, "no C compiler (cc, gcc or clang) on PATH; install gcc")
    }
}
