import ArgumentParser
import Definitions
import Engine
import EvolveTypes

/// Which models a run asks, and what they may cost, said on the command line.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Ask this model of Islands/models.yaml instead of the definition's; several with commas or repeated.",
            valueName: "name"))
    var model: [String] = []

    @Option(help: "What all models together may cost at most, US dollars.")
    var maxDollars: Double?

    @Option(help: "Tokens that all models together may read and write at most.")
    var maxTokens: Int?

    @Option(help: "Requests that may be made of all models together at most.")
    var maxRequests: Int?

    func validate() throws {
        let names = self.names
        if !model.isEmpty, names.isEmpty || names.contains("") { throw ValidationError("--model needs names.") }
        if Set(names).count < names.count { throw ValidationError("--model names a model twice.") }
        if let maxDollars, !(maxDollars >= 0 && maxDollars.isFinite) {
            throw ValidationError("--max-dollars must not be negative.")
        }
        if let maxTokens, maxTokens < 0 { throw ValidationError("--max-tokens must not be negative.") }
        if let maxRequests, maxRequests < 0 { throw ValidationError("--max-requests must not be negative.") }
    }

    private var names: [String] {
        model.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    var isEmpty: Bool { model.isEmpty && maxDollars == nil && maxTokens == nil && maxRequests == nil }

    /// - Parameter history: what has held for the run so far.
    /// - Returns: the run's policy with what is said here.
    func applied(to policy: RunPolicy, _ history: ModelHistory, _ loader: DefinitionLoader) throws -> RunPolicy {
        guard !isEmpty else { return policy }
        var changed = policy
        if !model.isEmpty {
            changed.models.choices = try loader.models(named: names).choices.map { choice in
                ModelPolicy.Choice(choice.facts, budget: history.budget(of: choice.facts.name) ?? .unlimited)
            }
        }
        if let maxDollars { changed.models.budget.dollars = maxDollars }
        if let maxTokens { changed.models.budget.tokens = maxTokens }
        if let maxRequests { changed.models.budget.requests = maxRequests }
        if let name = changed.models.withoutPrice {
            throw Failure(
                .badInput,
                "dollars cannot be counted: the price of '\(name)' is not known; use --max-tokens or --max-requests")
        }
        try RequestSizes(changed).check(file: policy.name)
        return changed
    }
}
