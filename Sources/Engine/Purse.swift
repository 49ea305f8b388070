import EvolveTypes
import LanguageModels
import Mutation
import Population

/// What models have cost so far and what is set aside for calls that are planned: whether one more may be planned.
///
/// A slot's calls are reserved when it is planned and settled when it is committed, at what they did cost, failed requests
/// included. Reserved is a generous estimate: all that an island may show, at a token for every three bytes, and the
/// longest answer, for each question the slot may ask. So a budget is exceeded by no more than failed requests of what is in
/// flight. Everything is a function of plans and committed slots, never of the time.
struct Purse: Codable, Sendable {
    private struct Reserve: Codable {
        var model: String
        var spend: Spend
    }

    private var settled: [String: Spend] = [:]
    private var reserved: [Int: Reserve] = [:]

    /// The models of `policy` that can be afforded for one more slot.
    /// - Parameter longest: bytes of the longest program that may be shown.
    func open(_ policy: ModelPolicy, island: IslandPolicy, longest: Int) -> [String] {
        policy.choices.filter { choice in
            guard choice.budget != .unlimited || policy.budget != .unlimited else { return true }
            let next = Self.estimate(choice.facts, island, longest)
            return choice.budget.covers(total(choice.facts.name) + next) && policy.budget.covers(total(nil) + next)
        }.map(\.facts.name)
    }

    /// The models of which no budget covers one more call, on whatever island.
    /// - Parameter longest: bytes of the longest program of each island.
    func closed(_ policy: ModelPolicy, islands: [IslandPolicy], longest: [Int]) -> [String] {
        let within = zip(islands, longest).flatMap { open(policy, island: $0, longest: $1) }
        return policy.facts.map(\.name).filter { !within.contains($0) }
    }

    mutating func reserve(_ slot: Int, _ facts: ModelFacts, island: IslandPolicy, longest: Int) {
        reserved[slot] = Reserve(model: facts.name, spend: Self.estimate(facts, island, longest))
    }

    mutating func settle(_ slot: Int, _ spend: [String: Spend]) {
        reserved[slot] = nil
        for (model, spend) in spend { settled[model] = (settled[model] ?? Spend()) + spend }
    }

    /// Settled and reserved; nil = of all models.
    private func total(_ model: String?) -> Spend {
        let settled = settled.filter { model == nil || $0.key == model }.sorted { $0.key < $1.key }.map(\.value)
        let reserved = reserved.filter { model == nil || $0.value.model == model }.sorted { $0.key < $1.key }
            .map(\.value.spend)
        return (settled + reserved).reduce(Spend(), +)
    }

    private static func estimate(_ facts: ModelFacts, _ island: IslandPolicy, _ longest: Int) -> Spend {
        let calls = 1 + island.sampling.repairs
        // Goals, functions, costs and messages; and the comment above each program.
        let (slack, comment) = (600, 160)
        let programs = max(2, island.selection.parents) + island.selection.inspirations + 1
        let told = Prompt.listed(island.instructions ?? []).utf8.count + (island.selection.tried ?? 0) * 48
        let texts =
            island.prompts.values.reduce(0) { $0 + $1.utf8.count } + island.voice.utf8.count + told + slack
        let prompt = min((texts + programs * (longest + comment)) / 3, facts.context)
        let usage = TokenUsage(
            prompt: calls * prompt, completion: calls * facts.limit(ofAnswer: island.sampling.maxTokens))
        return Spend(
            requests: calls, promptTokens: usage.prompt, completionTokens: usage.completion,
            dollars: facts.price?.dollars(usage) ?? 0)
    }
}
