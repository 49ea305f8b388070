import ActivationCompiler
import ActivationPython
import ArgumentParser
import EvolveTypes
import Foundation
import LanguageModels
import Reporting

/// `evolve models`: which models are known, what they cost and oblige to, and which can be used here and now.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the models of Islands/models.yaml, and which are usable here and now.",
        discussion: """
            evolve models                list
            evolve models gpt-6-luna     all that is known of one
            evolve models --try          also ask each that looks usable for a function (API calls cost money)
            """)

    @Argument(help: "One model, to be shown with its licence.")
    var name: String?

    @Flag(name: .customLong("try"), help: "Ask each one that looks usable, or the one named, for a function.")
    var tries = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let installation = try Installation()
        let models = try name.map { [try installation.loader.model(named: $0)] } ?? installation.loader.models()
        let host = ModelHost(installation: installation)
        var states: [ModelState] = []
        for facts in models {
            var state = ModelState(facts, obstacle: host.obstacle(facts)?.message)
            if tries, state.usable { state.take(await Self.trial(facts, host)) }
            states.append(state)
        }
        if json {
            try Output.json(states)
        } else if name != nil {
            for state in states { Output.result(ModelsText.card(state).joined(separator: "\n")) }
        } else {
            Output.result(ModelsText.table(states).joined(separator: "\n"))
        }
    }

    /// One small question.
    private static func trial(_ facts: ModelFacts, _ host: ModelHost) async -> ModelState.Trial {
        let request = ModelRequest(
            system: "You answer with one C function and nothing else.",
            user: "Write a smooth `float activation(float x)`.", prefill: "float activation(float x)\n{\n",
            grammar: nil, temperature: 0.5,
            maxTokens: min(facts.limit(ofAnswer: 500), facts.output ?? .max, facts.context / 2), seed: 1,
            deadline: 60, index: 0)
        let start = ContinuousClock.now
        do {
            let answer = try await host.serving(facts) { try await $0.complete(request) }
            let spend = facts.price?.dollars(answer.usage)
            return .init(
                answered: true, detail: nil, seconds: (ContinuousClock.now - start) / .seconds(1),
                promptTokens: answer.usage.prompt, completionTokens: answer.usage.completion, dollars: spend,
                refusal: refusal(of: answer.text))
        } catch {
            return .init(
                answered: false, detail: "\(error)", seconds: (ContinuousClock.now - start) / .seconds(1),
                promptTokens: 0, completionTokens: 0, dollars: nil)
        }
    }

    /// Why the answer is no function that a run could train, whatever it costs; nil = it is one.
    private static func refusal(of answer: String) -> String? {
        switch AnsweredFunction.read(answer) {
        case nil: "no function in the answer"
        case .refused(_, let diagnostic): diagnostic.message
        case .source(let source):
            switch ActivationPipeline().compile(source) {
            case .compiled, .tooCostly: nil
            case .unsound(let reason): reason
            case .refused(let found): found.first { $0.severity == .error }?.message
            }
        }
    }
}
