import Definitions
import Engine
import EvolveTypes
import Foundation
import LanguageModels
import RunStore

/// Brings up the models of a run, for as long as the run needs them.
struct ModelHost: Sendable {
    let installation: Installation
    /// The run's, with its scripts.
    var files: [DefinitionFile] = []

    /// Why a model cannot be used here and now; nil when nothing is known to be in its way. Starts and asks nothing.
    func obstacle(_ facts: ModelFacts) -> Failure? {
        if let date = facts.retired { return Failure(.unavailable, "not served any more since \(date)") }
        do {
            try check(facts)
            return nil
        } catch let failure as Failure {
            return failure
        } catch {
            return Failure(.unavailable, "\(error)")
        }
    }

    /// - Throws: `Failure` when the model cannot be used; nothing is started.
    func check(_ facts: ModelFacts) throws {
        switch facts.form {
        case .local: try LocalModel.checkParts(settings(facts))
        case .chat, .messages: _ = try key(of: facts)
        case .script: _ = try scripted(facts)
        }
    }

    /// Runs `body` with all the models up.
    /// - Parameters:
    ///   - clock: seconds since some fixed instant.
    ///   - observe: is told when a model is not asked for a while.
    func serving<Value: Sendable>(
        _ models: [ModelFacts], clock: @escaping @Sendable () -> Double,
        observe: @escaping @Sendable (RunEvent) -> Void,
        _ body: @escaping @Sendable (ModelRoster) async throws -> Value
    ) async throws -> Value {
        try await serving(models[...], [], clock, observe, body)
    }

    private func serving<Value: Sendable>(
        _ models: ArraySlice<ModelFacts>, _ ready: [ModelRoster.Entry], _ clock: @escaping @Sendable () -> Double,
        _ observe: @escaping @Sendable (RunEvent) -> Void,
        _ body: @escaping @Sendable (ModelRoster) async throws -> Value
    ) async throws -> Value {
        guard let facts = models.first else { return try await body(ModelRoster(ready)) }
        return try await serving(facts) { model in
            let guarded =
                facts.form == .script
                ? model
                : GuardedModel(model, clock: clock) { event in
                    switch event {
                    case .paused(let seconds, let failure):
                        observe(.modelPaused(model: facts.name, seconds: seconds, reason: failure.description))
                    case .recovered: observe(.modelRecovered(model: facts.name))
                    }
                }
            let entry = ModelRoster.Entry(facts: facts, model: guarded)
            return try await serving(models.dropFirst(), ready + [entry], clock, observe, body)
        }
    }

    /// One model, as it is: without patience.
    func serving<Value: Sendable>(
        _ facts: ModelFacts, _ body: @escaping @Sendable (any LanguageModel) async throws -> Value
    ) async throws -> Value {
        switch facts.form {
        case .local: return try await LocalModel.serving(settings(facts)) { try await body($0) }
        case .chat:
            return try await body(
                ChatCompletionsClient(
                    name: facts.name, base: facts.base ?? "", key: try key(of: facts), model: facts.model,
                    traits: facts.traits))
        case .messages:
            return try await body(
                MessagesClient(
                    name: facts.name, base: facts.base ?? "", key: try key(of: facts), model: facts.model ?? "",
                    traits: facts.traits))
        case .script: return try await body(try scripted(facts))
        }
    }

    /// Those of a replay, which answer nothing.
    static func absent(_ models: [ModelFacts]) -> ModelRoster {
        ModelRoster(models.map { ModelRoster.Entry(facts: $0, model: AbsentModel(name: $0.name)) })
    }

    private func settings(_ facts: ModelFacts) throws -> LocalModelSettings {
        guard let file = facts.file else { throw Failure(.badInput, "the local model \(facts.name) names no file") }
        let paths = LocalModelPaths(
            home: installation.home.path, llamaServer: installation.program(named: "llama-server"),
            launcher: installation.contentRoot.appending(path: "scripts/local_model_server.py").path)
        return LocalModelSettings(
            name: facts.name, paths: paths, modelFile: paths.modelFile(file),
            key: (0..<4).map { _ in String(UInt64.random(in: 0...UInt64.max), radix: 36) }.joined(),
            // The other cores are left to training: with all cores shared it nearly stalls.
            threads: file.threads ?? max(1, min(4, ProcessInfo.processInfo.activeProcessorCount - 1)),
            slots: file.slots,
            contextTokens: facts.context)
    }

    private func key(of facts: ModelFacts) throws -> APIKey? {
        guard let variable = facts.key else { return nil }
        guard let text = installation.environment[variable], !text.isEmpty else {
            throw Failure(
                .unavailable,
                "the model \(facts.name) needs its key in the environment variable \(variable), which is not set: export it, "
                    + "or take another model (`evolve models`)")
        }
        guard let key = APIKey(text) else {
            throw Failure(
                .badInput, "the environment variable \(variable) holds no key: there are spaces or line breaks in it")
        }
        return key
    }

    /// The answers as they were when the run started: from its definition files, not from the folder.
    private func scripted(_ facts: ModelFacts) throws -> ScriptedModel {
        guard let script = facts.script, let file = files.first(where: { $0.path == script }) else {
            throw Failure(
                .badInput, "the run's scripted answers, \(facts.script ?? facts.name), are not among its files")
        }
        return try ScriptedModel(text: String(decoding: file.bytes, as: UTF8.self), origin: script)
    }
}

/// Stands in where the record answers and no model may be asked.
private struct AbsentModel: LanguageModel {
    let name: String

    func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        throw ModelFailure(.unreachable, "a replay asks no model", wasSent: false)
    }
}
