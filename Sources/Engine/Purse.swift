import EvolveTypes
import LanguageModels
import Population

/// What models have cost so far and what is set aside for calls that are planned: whether one more may be planned.
///
/// A slot's calls are reserved when it is planned, at the most that they may cost if each is answered by the first request,
/// and settled when it is committed, at what they did cost, failed requests included. So a budget is exceeded by no more than
/// what was in flight. Everything is a function of plans and committed slots, never of the time.
struct Purse {
    private(set) var settled: [String: Spend] = [:]
    private var reserved: [Int: (model: String, spend: Spend)] = [:]
    /// Largest prompts seen, by model.
    private var longest: [String: Int] = [:]

    /// Tokens of a prompt before any has been seen: far more than the shipped ones have.
    private static let unseen = 2_000

    /// The models of `policy` that can be afforded for one more slot.
    func open(_ policy: ModelPolicy, island: IslandPolicy) -> [String] {
        policy.choices.filter { choice in
            let next = estimate(choice.facts, island)
            return choice.budget.covers(total(choice.facts.name) + next) && policy.budget.covers(total(nil) + next)
        }.map(\.facts.name)
    }

    mutating func reserve(_ slot: Int, _ facts: ModelFacts, island: IslandPolicy) {
        reserved[slot] = (facts.name, estimate(facts, island))
    }

    mutating func settle(_ slot: Int, model: String?, _ spend: Spend?) {
        reserved[slot] = nil
        guard let model, let spend else { return }
        settled[model] = (settled[model] ?? Spend()) + spend
        guard spend.requests > 0 else { return }
        longest[model] = max(longest[model] ?? 0, (spend.promptTokens + spend.requests - 1) / spend.requests)
    }

    /// Settled and reserved; nil = of all models.
    private func total(_ model: String?) -> Spend {
        let settled = settled.filter { model == nil || $0.key == model }.sorted { $0.key < $1.key }.map(\.value)
        let reserved = reserved.filter { model == nil || $0.value.model == model }.sorted { $0.key < $1.key }
            .map(\.value.spend)
        return (settled + reserved).reduce(Spend(), +)
    }

    private func estimate(_ facts: ModelFacts, _ island: IslandPolicy) -> Spend {
        let calls = 1 + island.sampling.repairs
        let prompt = min(longest[facts.name] ?? Self.unseen, facts.context)
        let usage = TokenUsage(prompt: calls * prompt, completion: calls * island.sampling.maxTokens)
        return Spend(
            requests: calls, promptTokens: usage.prompt, completionTokens: usage.completion,
            dollars: facts.price?.dollars(usage) ?? 0)
    }
}
