import ActivationCodegen
import EvolveTypes
import Foundation
import Subprocess

/// Turns printed kernels into shared objects with the machine's C compiler, and keeps them in a directory.
///
/// A file is named by everything that decides its contents: the text, the compiler, the flags and the processor (the
/// flags say `-march=native`, so a directory may be shared by different machines). It appears under that
/// name only when complete.
package struct KernelCompiler: Sendable {
    package struct Compiled: Sendable {
        package var path: String
        /// 0 when the file was there.
        package var seconds: Double
    }

    /// Vectorised through libmvec; IEEE otherwise, so that a kernel's NaN and infinities mean what they say.
    /// Without the two `-fno-builtin` GCC joins sinf and cosf of one argument into a scalar sincosf, and the derivative of
    /// every periodic function trains four times slower.
    package static let flags = [
        "-std=gnu11", "-O3", "-march=native", "-mprefer-vector-width=512", "-fno-math-errno", "-fno-trapping-math",
        "-fno-builtin-sinf", "-fno-builtin-cosf", "-fopenmp-simd", "-fPIC", "-shared", "-w",
    ]
    package static let libraries = ["-lmvec", "-lm"]

    /// The compiler's path and the arguments that come before ours (from `CC="ccache gcc"`).
    package let command: [String]
    private let directory: URL
    private let environment: [String: String]
    private let machine: String

    /// - Parameters:
    ///   - directory: where shared objects are kept; created when missing.
    ///   - compiler: path of the compiler; nil looks at CC, then for cc, gcc and clang on PATH.
    ///   - environment: CC and PATH are read from it, and the compiler is run in it.
    /// - Throws: `Failure(.unavailable)` when there is no compiler or the directory cannot be made.
    package init(directory: String, compiler: String? = nil, environment: [String: String]) throws {
        command = try Self.find(compiler, environment)
        self.environment = environment.filter { ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"].contains($0.key) }
            .merging(["LC_ALL": "C"]) { $1 }
        self.directory = URL(filePath: directory, directoryHint: .isDirectory)
        do {
            try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
        } catch {
            throw Failure(.unavailable, "cannot create the kernel cache \(directory): \(error.localizedDescription)")
        }
        let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let lines = processor.split(separator: "\n").filter { $0.hasPrefix("model name") || $0.hasPrefix("flags") }
        machine = Set(lines).sorted().joined(separator: "\n")
    }

    /// - Throws: `Failure(.internalError)` when the compiler refuses the text: printed kernels are ours, so it is our bug.
    package func compile(_ kernel: KernelSource) async throws -> Compiled {
        let name = Digest.hex((command + Self.flags + Self.libraries + [machine, kernel.text]).joined(separator: "\0"))
        let file = directory.appending(path: name + ".so")
        if FileManager.default.fileExists(atPath: file.path) { return Compiled(path: file.path, seconds: 0) }
        let begin = ContinuousClock().now
        // Two compilations of one text may overlap: each has its own file, and the last rename wins with equal contents.
        let temporary = directory.appending(path: "\(name).\(UUID().uuidString).tmp")
        defer { try? FileManager.default.removeItem(at: temporary) }
        try await build(kernel.text, into: temporary)
        guard rename(temporary.path, file.path) == 0 else {
            throw Failure(.unavailable, "cannot write \(file.path): \(String(cString: strerror(errno)))")
        }
        return Compiled(path: file.path, seconds: begin.duration(to: ContinuousClock().now) / .seconds(1))
    }

    private func build(_ text: String, into file: URL) async throws {
        let arguments = command.dropFirst() + Self.flags + ["-x", "c", "-", "-o", file.path] + Self.libraries
        var settings: [Subprocess.Environment.Key: String] = [:]
        for (name, value) in environment { settings[Subprocess.Environment.Key(stringLiteral: name)] = value }
        let record = try await Subprocess.run(
            .path(.init(command[0])), arguments: Arguments(Array(arguments)), environment: .custom(settings),
            input: .string(text), output: .discarded, error: .string(limit: 1 << 20))
        guard record.terminationStatus.isSuccess else {
            let said = record.standardError.split(separator: "\n").first { $0.contains("error") }
            throw Failure(
                .internalError,
                "\(command[0]) refused a printed kernel: \(said.map(String.init) ?? "\(record.terminationStatus)")")
        }
    }

    private static func find(_ given: String?, _ environment: [String: String]) throws -> [String] {
        let search = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        func locate(_ name: String) -> String? {
            let candidates = name.contains("/") ? [name] : search.map { $0 + "/" + name }
            return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
        }
        if let given {
            guard let path = locate(given) else {
                throw Failure(.unavailable, "no C compiler at \(given); install gcc or name another")
            }
            return [path]
        }
        let words = (environment["CC"] ?? "").split(separator: " ").map(String.init)
        if let first = words.first {
            guard let path = locate(first) else {
                throw Failure(
                    .unavailable, "no C compiler: CC is '\(first)', which is not there; install gcc or unset CC")
            }
            return [path] + words.dropFirst()
        }
        for name in ["cc", "gcc", "clang"] {
            if let path = locate(name) { return [path] }
        }
        throw Failure(.unavailable, "no C compiler (cc, gcc or clang) on PATH; install gcc")
    }
}
