import Foundation
import Subprocess
import Testing

/// The built program, run as a user would, in a folder of its own.
struct EvolveProgram: Sendable {
    /// Where the run happens; removed by `withProgram`.
    let folder: URL
    var environment: [String: String] = [:]

    struct Ending: Sendable {
        var status: Int32
        /// True when a signal ended it.
        var wasSignalled: Bool
        var output: String
        var error: String
        /// Seconds from the interruption to the end; nil without one.
        var secondsToStop: Double?

        /// The standard output as JSON.
        func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: Data(output.utf8))
        }
    }

    /// The folder of the build's products: the test runner lies beside them.
    static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    static func with<Value>(_ body: (EvolveProgram) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "evolve-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(EvolveProgram(folder: folder))
    }

    /// - Parameter interruption: a signal, and how many lines of standard output to wait for before it is sent.
    func callAsFunction(
        _ arguments: String..., interruption: (signal: Signal, afterLines: Int)? = nil
    ) async throws -> Ending {
        try await self(arguments, interruption: interruption)
    }

    func callAsFunction(
        _ arguments: [String], interruption: (signal: Signal, afterLines: Int)? = nil
    ) async throws -> Ending {
        // Through a file: a pipe is read in blocks, and an interruption has to see each line as it comes.
        let outputFile = folder.appending(path: "output-\(UUID().uuidString)")
        let descriptor = open(outputFile.path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        #expect(descriptor >= 0)
        let collected = try await run(
            .path(.init("\(Self.products.path)/evolve")), arguments: Arguments(arguments),
            environment: subprocessEnvironment, workingDirectory: .init(folder.path), input: .none,
            output: .fileDescriptor(.init(rawValue: descriptor), closeAfterSpawningProcess: true),
            error: .string(limit: 1 << 20)
        ) { execution in
            guard let interruption else { return ContinuousClock.Instant?.none }
            while Self.lines(of: outputFile) < interruption.afterLines {
                try await Task.sleep(for: .milliseconds(5))
                guard kill(execution.processIdentifier.value, 0) == 0 else { return nil }
            }
            try execution.send(signal: interruption.signal)
            return ContinuousClock.now
        }
        let status: (code: Int32, signalled: Bool) =
            switch collected.terminationStatus {
            case .exited(let code): (code, false)
            case .signaled(let signal): (signal, true)
            }
        return Ending(
            status: status.code, wasSignalled: status.signalled,
            output: try String(contentsOf: outputFile, encoding: .utf8),
            error: collected.standardError,
            secondsToStop: collected.closureResult.map { (ContinuousClock.now - $0) / .seconds(1) })
    }

    private static func lines(of file: URL) -> Int {
        ((try? String(contentsOf: file, encoding: .utf8)) ?? "").count(where: \.isNewline)
    }

    private var subprocessEnvironment: Subprocess.Environment {
        .inherit.updating(
            Dictionary(uniqueKeysWithValues: environment.map { (Subprocess.Environment.Key(stringLiteral: $0), $1) }))
    }

    /// Writes a file into the folder and gives its path.
    func write(_ text: String, to name: String) throws -> String {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }
}
