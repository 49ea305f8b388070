import EvolveTypes
import Foundation

/// Weights on this machine behind a llama.cpp server that lives and dies with this value.
///
/// A server that dies is started again, with waits, until `RestartPolicy` gives up; from then on every call fails at
/// once. A call that loses its server is asked once more of the next one, within its own deadline.
///
/// An actor, because callers and the supervisor share what is known of the server.
package actor LocalModel: LanguageModel {
    package nonisolated let name: String

    private enum State {
        case starting
        case ready(ServerProcess)
        case givenUp(reason: String)
    }

    private let settings: LocalModelSettings
    private var restarts: RestartPolicy
    private var state = State.starting

    private init(_ settings: LocalModelSettings) {
        name = settings.name
        self.settings = settings
        self.restarts = settings.restarts
    }

    /// Runs `body` with a local model. The server starts in the background (a first request waits for it) and is gone,
    /// within two seconds, when this returns.
    ///
    /// - Throws: `Failure` when a part is missing or the weights are not the expected ones; else what `body` throws.
    @discardableResult
    package static func serving<Value: Sendable>(
        _ settings: LocalModelSettings, _ body: @Sendable (LocalModel) async throws -> Value
    ) async throws -> Value {
        try checkParts(settings)
        let model = LocalModel(settings)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await model.supervise() }
            defer { group.cancelAll() }
            return try await body(model)
        }
    }

    package func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(request.deadline)
        var lost: ModelFailure?
        while true {
            let server = try await readyServer(until: end, lost: lost)
            var attempt = request
            attempt.deadline = (end - clock.now) / .seconds(1)
            do {
                let answer = try await client(server).complete(attempt)
                restarts.answered()
                return answer
            } catch let failure as ModelFailure
                where (failure.kind == .unreachable || failure.kind == .dropped) && lost == nil
            {
                lost = failure
                // The supervisor learns of the death a moment after the connection has.
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    package func promptTokens(of request: ModelRequest) async throws -> Int? {
        // One that starts is not waited for here: the call itself has the deadline.
        guard case .ready(let server) = state else { return nil }
        return try await client(server).promptTokens(of: request)
    }

    private func readyServer(until end: ContinuousClock.Instant, lost: ModelFailure?) async throws -> ServerProcess {
        while true {
            switch state {
            case .ready(let server): return server
            case .givenUp(let reason): throw ModelFailure(.unreachable, reason, wasSent: false)
            case .starting:
                guard ContinuousClock.now < end else {
                    throw lost
                        ?? ModelFailure(
                            .timedOut, "the local model's server was not ready in time", wasSent: false)
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private func client(_ server: ServerProcess) -> ChatCompletionsClient {
        ChatCompletionsClient(
            name: name, base: server.base + "/v1", key: APIKey(settings.key), model: nil, traits: .llamaServer)
    }

    /// Keeps one server running until the task is cancelled or the policy gives up.
    private func supervise() async {
        while !Task.isCancelled {
            let ending = await runServer()
            state = .starting
            if Task.isCancelled { return }
            switch restarts.died() {
            case .restart(let seconds):
                try? await Task.sleep(for: .seconds(seconds))
            case .giveUp:
                state = .givenUp(
                    reason: "the local model's server ended \(restarts.limit) times in a row; the last: \(ending)")
                return
            }
        }
    }

    /// - Returns: how the server ended, for people.
    private func runServer() async -> String {
        do {
            let server = ServerProcess(settings: settings, port: try settings.choosePort())
            return try await server.run { await self.becameReady(server) }
        } catch {
            return "it could not be started: \(error)"
        }
    }

    private func becameReady(_ server: ServerProcess) { state = .ready(server) }

    /// - Throws: `Failure` when a part is missing or the weights are not the expected ones. Starts nothing.
    package static func checkParts(_ settings: LocalModelSettings) throws {
        let paths = settings.paths
        let executable = paths.llamaServer ?? paths.python
        guard FileManager.default.isExecutableFile(atPath: executable) else {
            throw Failure(.unavailable, "the local model needs \(executable), which is missing; run scripts/setup")
        }
        for part in paths.llamaServer == nil ? [paths.launcher, paths.serverPackages] : [] {
            guard FileManager.default.fileExists(atPath: part) else {
                throw Failure(.unavailable, "the local model needs \(part), which is missing; run scripts/setup")
            }
        }
        try settings.modelFile.verify()
    }
}
