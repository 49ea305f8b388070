import Engine
import EvolveTypes
import Foundation
import LanguageModels
import RunStore

/// Brings up the model that a run names, for as long as the run needs it.
enum ModelHost {
    /// - Throws: `Failure` when the model cannot be used; nothing is started.
    static func check(
        _ policy: RunPolicy.ModelPolicy, files: [DefinitionFile], installation: Installation, replay: Bool
    ) throws {
        guard !replay else { return }
        switch policy.backend {
        case .local: try LocalModel.checkParts(settings(installation))
        case .scripted: _ = try scripted(policy, files)
        }
    }

    /// - Parameters:
    ///   - clock: seconds since some fixed instant.
    ///   - observe: is told when the model is not asked for a while.
    static func serving<Value: Sendable>(
        _ policy: RunPolicy.ModelPolicy, files: [DefinitionFile], installation: Installation, replay: Bool,
        clock: @escaping @Sendable () -> Double, observe: @escaping @Sendable (RunEvent) -> Void,
        _ body: @Sendable (any LanguageModel) async throws -> Value
    ) async throws -> Value {
        if replay { return try await body(AbsentModel()) }
        switch policy.backend {
        case .local:
            return try await LocalModel.serving(settings(installation)) { model in
                try await body(
                    GuardedModel(model, clock: clock) { event in
                        switch event {
                        case .paused(let seconds, let failure):
                            observe(.modelPaused(model: model.name, seconds: seconds, reason: failure.description))
                        case .recovered: observe(.modelRecovered(model: model.name))
                        }
                    })
            }
        case .scripted: return try await body(try scripted(policy, files))
        }
    }

    static func settings(_ installation: Installation) -> LocalModelSettings {
        LocalModelSettings(
            paths: LocalModelPaths(
                home: installation.home.path, llamaServer: installation.program(named: "llama-server"),
                launcher: installation.contentRoot.appending(path: "scripts/local_model_server.py").path),
            key: (0..<4).map { _ in String(UInt64.random(in: 0...UInt64.max), radix: 36) }.joined(),
            // One core for the model, the others for training: with all cores shared it nearly stalls.
            threads: max(1, min(4, ProcessInfo.processInfo.activeProcessorCount - 1)))
    }

    /// The answers as they were when the run started: from its definition files, not from the folder.
    private static func scripted(_ policy: RunPolicy.ModelPolicy, _ files: [DefinitionFile]) throws -> ScriptedModel {
        guard let script = policy.script, let file = files.first(where: { $0.path == script }) else {
            throw Failure(
                .badInput, "the run's scripted answers, \(policy.script ?? "model.script"), are not among its files")
        }
        return try ScriptedModel(text: String(decoding: file.bytes, as: UTF8.self), origin: script)
    }
}

/// Stands in where the record answers and no model may be asked.
struct AbsentModel: LanguageModel {
    let name = "replay"

    func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        throw ModelFailure(.unreachable, "a replay asks no model", wasSent: false)
    }
}
