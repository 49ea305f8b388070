import Foundation

/// The built program, run as a user would, in a folder of its own.
struct EvolveProgram: Sendable {
    /// Where the run happens; removed by `with`.
    let folder: URL
    var environment: [String: String] = [:]

    struct Ending: Sendable {
        var status: Int32
        /// True when a signal ended it.
        var wasSignalled: Bool
        var output: String
        var error: String
        /// Seconds from the interruption to the end; nil when there was none, or it came too late.
        var secondsToStop: Double?

        /// The standard output as JSON.
        func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: Data(output.utf8))
        }
    }

    /// A signal, sent when standard output has so many lines.
    struct Interruption: Sendable {
        var signal: Int32
        var afterLines: Int
    }

    /// The folder of the build's products: the test runner lies beside them.
    static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    static func with<Value>(_ body: (EvolveProgram) async throws -> Value) async throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "evolve-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(EvolveProgram(folder: folder))
    }

    func callAsFunction(_ arguments: String..., interruption: Interruption? = nil) async throws -> Ending {
        try await self(arguments, interruption: interruption)
    }

    /// Runs a script of bash in the folder, in which $EVOLVE is the program.
    func script(_ text: String) async throws -> Ending {
        try await onThread { try run("/bin/bash", ["-c", text], nil) }
    }

    func callAsFunction(_ arguments: [String], interruption: Interruption? = nil) async throws -> Ending {
        try await onThread { try run(Self.executable, arguments, interruption) }
    }

    private static let executable = products.appending(path: "evolve").path

    /// On a thread of its own: other tests keep all of Swift's cooperative threads busy for seconds, and an interruption
    /// must not come late for that.
    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    private func run(_ program: String, _ arguments: [String], _ interruption: Interruption?) throws -> Ending {
        let name = UUID().uuidString
        let (output, error) = (folder.appending(path: "\(name).out"), folder.appending(path: "\(name).err"))
        for file in [output, error] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            .merging(["EVOLVE": Self.executable]) { $1 }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: error)
        try process.run()
        var sent: ContinuousClock.Instant?
        if let interruption {
            while process.isRunning, try Self.lines(of: output) < interruption.afterLines { usleep(2000) }
            if process.isRunning, kill(process.processIdentifier, interruption.signal) == 0 { sent = .now }
        }
        process.waitUntilExit()
        return Ending(
            status: process.terminationStatus, wasSignalled: process.terminationReason == .uncaughtSignal,
            output: try String(contentsOf: output, encoding: .utf8),
            error: try String(contentsOf: error, encoding: .utf8),
            secondsToStop: sent.map { (ContinuousClock.now - $0) / .seconds(1) })
    }

    private static func lines(of file: URL) throws -> Int { try Data(contentsOf: file).count { $0 == 10 } }

    /// Writes a file into the folder and gives its path.
    func write(_ text: String, to name: String) throws -> String {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }
}
