import EvolveTypes
import LanguageModels
import RunStore

/// The models of a run and what they may cost: a part of its policy, and the only one that a resumption may change.
package struct ModelPolicy: Codable, Hashable, Sendable {
    package struct Choice: Codable, Hashable, Sendable {
        package var facts: ModelFacts
        /// Of this model alone.
        package var budget: Budget

        package init(_ facts: ModelFacts, budget: Budget = .unlimited) {
            self.facts = facts
            self.budget = budget
        }
    }

    package var choices: [Choice]
    /// Of all models together.
    package var budget: Budget

    package init(_ choices: [Choice], budget: Budget = .unlimited) {
        self.choices = choices
        self.budget = budget
    }

    package var facts: [ModelFacts] { choices.map(\.facts) }

    /// A model that a budget in dollars holds for, though its price is not known; nil = none.
    package var withoutPrice: String? {
        choices.first { $0.facts.price == nil && (budget.dollars != nil || $0.budget.dollars != nil) }?.facts.name
    }

    /// Whether there is a budget in dollars, and no model that it holds for costs any.
    package var dollarsBuyNothing: Bool {
        let held = choices.filter { budget.dollars != nil || $0.budget.dollars != nil }
        return !held.isEmpty && held.allSatisfy { $0.facts.price?.isFree ?? false }
    }
}

/// Which models hold for which slot: those of the run's definitions, and from some slot on those of an amendment.
package struct ModelHistory: Hashable, Sendable {
    private struct Part: Hashable {
        /// The first slot it holds for.
        var slot: Int
        var models: ModelPolicy
    }

    private var parts: [Part]

    package init(_ policy: RunPolicy, _ amendments: [AmendmentRecord]) throws {
        self.init(policy)
        for amendment in amendments {
            do {
                let models = try CanonicalJSON.decode(ModelPolicy.self, from: amendment.models)
                parts.append(Part(slot: amendment.slot, models: models))
            } catch is DecodingError {
                throw Failure(.badInput, "amendment \(amendment.index) of the store is of another version of evolve")
            }
        }
    }

    package init(_ policy: RunPolicy) { parts = [Part(slot: 0, models: policy.models)] }

    /// How many amendments there are that hold for any of the slots before this one.
    package func amendments(before slot: Int) -> Int { parts.dropFirst().count { $0.slot < slot } }

    /// The last amendment counts that had been made when the slot was not committed yet.
    package func models(at slot: Int) -> ModelPolicy {
        (parts.last { $0.slot <= slot } ?? parts[0]).models
    }

    package var latest: ModelPolicy { parts[parts.count - 1].models }

    /// What is known of a model by the last word on it.
    package func facts(of name: String) -> ModelFacts? {
        parts.reversed().lazy.flatMap(\.models.facts).first { $0.name == name }
    }

    /// What a model might cost by the last word on it, so that one that comes back is no freer than it was.
    package func budget(of name: String) -> Budget? {
        parts.reversed().lazy.flatMap(\.models.choices).first { $0.facts.name == name }?.budget
    }

    /// All models that any slot may have asked.
    package var everything: [ModelFacts] {
        var names: Set<String> = []
        return parts.reversed().flatMap(\.models.facts).filter { names.insert($0.name).inserted }
    }

    /// Whether a recorded answer to another question may stand: the models, and with them the questions, have changed.
    package func isAmended(at slot: Int) -> Bool { parts.dropFirst().contains { $0.slot <= slot } }
}
