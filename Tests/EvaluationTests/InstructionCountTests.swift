import ActivationCodegen
import ActivationCompiler
import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

enum Callgrind {
    static let program = "/usr/bin/valgrind"
    static let isWanted =
        FileManager.default.isExecutableFile(atPath: program)
        || ProcessInfo.processInfo.environment["EVOLVE_REQUIRE_VALGRIND"] != nil
}

/// Guards the trainer's speed where no clock can be trusted: the instructions of one training step, counted by callgrind.
///
/// Valgrind emulates a processor with AVX2, so it is that path that is counted; kernels are compiled for it.
/// docs/measured/instructions.json holds the counts; `EVOLVE_REGENERATE=1` writes it anew, which is right after an
/// intended change. The counts depend on the compilers and on OpenBLAS, so another machine may need its own.
@Suite("Instructions of a training step", .enabled(if: Callgrind.isWanted))
struct InstructionCountTests {
    private static let record = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/measured/instructions.json")

    private static let sources = [
        "relu": "float activation(float x) { return fmaxf(x, 0.0f); }",
        "gelu": "float activation(float x) { return 0.5f * x * (1.0f + erff(x * 0.70710678f)); }",
        "snake with a trainable number":
            "float activation(float x) { float a = trainable(1.0f); float s = sinf(a * x); return x + s * s / a; }",
        "normalised by the layer": "float activation(float x) { return tanhf(x - unit_mean(x)); }",
    ]

    @Test("stay within 5 % of the recorded counts")
    func counts() async throws {
        var counts: [String: Int] = [:]
        for (name, source) in Self.sources { counts[name] = try instructions(source) }
        if ProcessInfo.processInfo.environment["EVOLVE_REGENERATE"] == "1" {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try (encoder.encode(counts) + Data("\n".utf8)).write(to: Self.record)
        }
        let recorded = try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: Self.record))
        #expect(Set(recorded.keys) == Set(counts.keys))
        for (name, count) in counts {
            let ratio = Double(count) / Double(recorded[name] ?? 0)
            #expect(
                (0.95...1.05).contains(ratio), "\(name): \(count) instructions a step, recorded \(recorded[name] ?? 0)")
        }
    }

    /// Instructions of one step of the laboratory's network: the difference of two runs, so that start and tests cancel.
    private func instructions(_ source: String) throws -> Int {
        guard case .compiled(let candidate) = ActivationPipeline(allow: .layer).compile(source) else {
            throw Failure(.internalError, "the test's function does not compile")
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "evolve-count-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let library = try compile(candidate.kernel, in: folder)
        // Valgrind does not understand the debug information of newer linkers.
        let worker = folder.appending(path: "evolve-worker").path
        let stripped = try run("/usr/bin/strip", ["--strip-debug", "-o", worker, TestMachine.worker], "")
        try #require(stripped.status == 0, "\(stripped.error)")
        let (few, many) = (20, 60)
        let difference =
            try collected(steps: many, worker, library, folder) - collected(steps: few, worker, library, folder)
        return difference / (many - few)
    }

    /// The kernel for a processor with AVX2, whatever this one is.
    private func compile(_ kernel: KernelSource, in folder: URL) throws -> String {
        let (text, library) = (folder.appending(path: "kernel.c"), folder.appending(path: "kernel.so"))
        try Data(kernel.text.utf8).write(to: text)
        let flags = KernelCompiler.flags.filter { !$0.hasPrefix("-mprefer-vector-width") }
            .map { $0 == "-march=native" ? "-march=x86-64-v3" : $0 }
        let ending = try run("/usr/bin/gcc", flags + [text.path, "-o", library.path] + KernelCompiler.libraries, "")
        try #require(ending.status == 0, "\(ending.error)")
        return library.path
    }

    private func collected(steps: Int, _ worker: String, _ library: String, _ folder: URL) throws -> Int {
        var suite = SuitePolicy.tiny(steps: steps)
        suite.network.hidden = [32, 32]
        suite.training.batch = 64
        let setup = WorkerSetup(suite: suite, memoryLimit: 1 << 40, isolation: [])
        let job = WorkerJob(
            id: 1, library: library, work: .train(models: [NetworkRequest(task: 0, seed: 1)]), seconds: 600)
        let input = try WorkerLine.encode(setup) + WorkerLine.encode(job)
        let ending = try run(
            Callgrind.program,
            [
                "--tool=callgrind", "--callgrind-out-file=\(folder.path)/counts", "--toggle-collect=evt_train",
                worker, String(getpid()),
            ], String(decoding: input, as: UTF8.self))
        try #require(ending.output.contains("\"trained\""), "the worker did not train: \(ending.error.suffix(500))")
        let line = try #require(ending.error.split(separator: "\n").last { $0.contains("Collected :") })
        return try #require(line.split(separator: " ").last.flatMap { Int($0) })
    }

    private func run(_ program: String, _ arguments: [String], _ input: String) throws
        -> (status: Int32, output: String, error: String)
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (stdin, stdout, stderr)
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        let error = try stderr.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: output, as: UTF8.self), String(decoding: error, as: UTF8.self)
        )
    }
}
