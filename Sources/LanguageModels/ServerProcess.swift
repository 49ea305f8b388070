import EvolveTypes
import Foundation
import Subprocess

/// One llama.cpp server process, from start to end.
///
/// The process leads a process group of its own (a Ctrl-C in the terminal is the run's business, not the server's),
/// inherits no environment, and asks the kernel to be killed when this program dies, however it dies.
struct ServerProcess: Sendable {
    var settings: LocalModelSettings
    var port: UInt16

    var base: String { "http://127.0.0.1:\(port)" }

    /// Runs the server until it exits or the task is cancelled; then no process of it is left.
    ///
    /// - Parameter ready: called once, when the server answers health checks.
    /// - Returns: how it ended, for people.
    /// - Throws: when it cannot be started.
    func run(ready: @escaping @Sendable () async -> Void) async throws -> String {
        var tail = ""
        do {
            let result = try await Subprocess.run(
                configuration, input: .none, output: .sequence, error: .combinedWithOutput
            ) { execution in
                try await supervise(execution.standardOutput, ready: ready)
            }
            tail = result.closureResult
            return tail.isEmpty ? "\(result.terminationStatus)" : "\(result.terminationStatus): \(tail)"
        } catch let error as NotHealthy {
            return error.message
        }
    }

    private struct NotHealthy: Error { var message: String }

    /// - Returns: the last line of the log, when it ends.
    private func supervise(
        _ output: SubprocessOutputSequence, ready: @escaping @Sendable () async -> Void
    ) async throws -> String {
        try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask {
                // The log is read to its end, so that the server never waits for a reader.
                var last = ""
                for try await line in output.strings() where !line.isEmpty { last = line }
                return String(last.prefix(200))
            }
            group.addTask { try await watchHealth(ready: ready) }
            defer { group.cancelAll() }
            // Either the log ends, because the process has, or the watch throws.
            return try await group.next() ?? ""
        }
    }

    /// Throws `NotHealthy` when the server does not start in time, or later misses three checks in a row: a process
    /// can hang without ending. Returns never otherwise.
    private func watchHealth(ready: @escaping @Sendable () async -> Void) async throws -> String {
        let end = ContinuousClock.now + .seconds(settings.startDeadline)
        while try await !isHealthy(within: 1) {
            guard ContinuousClock.now < end else {
                throw NotHealthy(message: "not healthy within \(settings.startDeadline) s")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        await ready()
        var misses = 0
        while misses < 3 {
            try await Task.sleep(for: .seconds(settings.healthInterval))
            misses = try await isHealthy(within: settings.healthInterval) ? 0 : misses + 1
        }
        throw NotHealthy(message: "it did not answer three health checks in a row")
    }

    private func isHealthy(within seconds: Double) async throws -> Bool {
        let response = try? await HTTPClient.perform(
            HTTPRequest(url: base + "/health", deadline: seconds, maximumBytes: 4096))
        try Task.checkCancellation()
        // 503 means that it is still loading the model.
        return response?.status == 200
    }

    private var configuration: Configuration {
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(1000)),
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500)),
        ]
        // The key goes through the environment, which, unlike the arguments, other users cannot see. The rest are
        // options that old servers do not know: as variables they are ignored, as arguments they would be errors.
        let environment: [Subprocess.Environment.Key: String] = [
            "LLAMA_API_KEY": settings.key, "LLAMA_ARG_CACHE_RAM": "0", "LC_ALL": "C.UTF-8",
        ]
        let command = self.command
        return Configuration(
            executable: .path(.init(command[0])), arguments: .init(Array(command.dropFirst())),
            environment: .custom(environment), platformOptions: options)
    }

    private var command: [String] {
        let paths = settings.paths
        let common = [
            "--model", settings.modelFile.path, "--port", "\(port)", "--threads", "\(settings.threads)",
            "--parallel", "\(settings.slots)", "--ctx-size", "\(settings.contextTokens * settings.slots)",
        ]
        guard let server = paths.llamaServer else {
            // -I: neither the user's site packages nor the current folder puts modules in the way. -B: writes no bytecode.
            return [paths.python, "-I", "-B", paths.launcher, "--packages", paths.serverPackages] + common
                + ["--parent", "\(ProcessInfo.processInfo.processIdentifier)"]
        }
        return ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--", server, "--host", "127.0.0.1"] + common
            + ["--threads-batch", "\(settings.threads)"]
    }
}
