import Foundation
import Glibc

/// A process of the program in the background.
final class Background: Sendable {
    private let process: Process
    private let log: URL

    init(_ evolve: EvolveProgram, _ arguments: [String]) throws {
        log = evolve.folder.appending(path: "\(UUID().uuidString).log")
        try Data().write(to: log)
        let process = Process()
        process.executableURL = EvolveProgram.products.appending(path: "evolve")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(evolve.environment) { $1 }
        process.currentDirectoryURL = evolve.folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
        self.process = process
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var status: Int32 { process.terminationReason == .uncaughtSignal ? -1 : process.terminationStatus }
    var error: String { (try? String(contentsOf: log, encoding: .utf8)).map { String($0.suffix(600)) } ?? "" }

    func send(_ signal: Int32) { Glibc.kill(process.processIdentifier, signal) }

    func kill() {
        send(SIGKILL)
        process.waitUntilExit()
    }

    /// The exit status; nil when it does not end.
    func wait(seconds: Double) -> Int32? {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while process.isRunning {
            guard ContinuousClock.now < deadline else { return nil }
            usleep(20_000)
        }
        return status
    }
}
