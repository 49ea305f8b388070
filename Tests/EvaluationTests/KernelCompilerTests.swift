import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("The kernel compiler")
struct KernelCompilerTests {
    private let environment = ProcessInfo.processInfo.environment
    private let directory = FileManager.default.temporaryDirectory.appending(
        path: "compiler-tests-\(UUID().uuidString)")

    @Test("compiles a text once and leaves nothing else behind")
    func reuse() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let compiler = try KernelCompiler(directory: directory.path, environment: environment)
        let first = try await compiler.compile(TestKernels.relu)
        let second = try await compiler.compile(TestKernels.relu)
        #expect(first.path == second.path)
        #expect(first.seconds > 0 && second.seconds == 0)
        #expect(try await compiler.compile(TestKernels.tanh).path != first.path)
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(files.count == 2 && files.allSatisfy { $0.hasSuffix(".so") })
    }

    @Test("calls a refused text our bug, with the compiler's first complaint")
    func refused() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let compiler = try KernelCompiler(directory: directory.path, environment: environment)
        let failure = await #expect(throws: Failure.self) {
            try await compiler.compile(TestKernels.kernel("nonsense(x)", derivative: "undeclared_name"))
        }
        #expect(failure?.kind == .internalError)
        #expect(failure?.message.contains("undeclared_name") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test("says what to install when there is no compiler")
    func missing() throws {
        for (given, variables) in [
            (nil, ["PATH": "/nonexistent"]), ("/nonexistent/cc", environment), (nil, ["CC": "nocc"]),
        ]
            as [(String?, [String: String])]
        {
            let failure = #expect(throws: Failure.self) {
                try KernelCompiler(directory: directory.path, compiler: given, environment: variables)
            }
            #expect(failure?.kind == .unavailable)
            #expect(failure?.message.hasPrefix("no C compiler") == true)
            #expect(failure?.message.contains("install gcc") == true)
        }
        #expect(!FileManager.default.fileExists(atPath: directory.path))
    }

    @Test("takes CC with its arguments")
    func wrapper() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = environment["PATH"] ?? ""
        let compiler = try KernelCompiler(directory: directory.path, environment: ["PATH": path, "CC": "env cc"])
        #expect(compiler.command.first?.hasSuffix("/env") == true)
        #expect(compiler.command.dropFirst() == ["cc"])
    }
}
