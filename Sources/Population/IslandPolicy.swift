import EvolveTypes

/// How one population is bred: the content of `Islands/<name>/`, fully resolved.
package struct IslandPolicy: Codable, Hashable, Sendable {
    package var name: IslandID
    package var seeds: [NamedProgram]
    /// Template of the model's request, with named slots; checked when loaded.
    package var prompt: String
    /// Relative weights of the operators; those missing are never used.
    package var operators: [OperatorShare]
    package var sampling: Sampling
    /// Nil: the grammar offers everything, as it did to runs of older versions.
    package var grammar: Grammar?
    package var selection: Selection
    /// There when the operators include constant tuning.
    package var tuning: Tuning?

    package init(
        name: IslandID, seeds: [NamedProgram], prompt: String, operators: [OperatorShare], sampling: Sampling,
        grammar: Grammar? = nil, selection: Selection, tuning: Tuning? = nil
    ) {
        self.name = name
        self.seeds = seeds
        self.prompt = prompt
        self.operators = operators
        self.sampling = sampling
        self.grammar = grammar
        self.selection = selection
        self.tuning = tuning
    }

    package struct OperatorShare: Codable, Hashable, Sendable {
        package var kind: VariationOperator
        package var weight: Double

        package init(kind: VariationOperator, weight: Double) {
            self.kind = kind
            self.weight = weight
        }
    }

    /// How the language model is sampled.
    package struct Sampling: Codable, Hashable, Sendable {
        package var temperature: Double
        package var maxTokens: Int

        package init(temperature: Double, maxTokens: Int) {
            self.temperature = temperature
            self.maxTokens = maxTokens
        }
    }

    /// What the grammar offers the language model in one slot, drawn anew for each: at most so many.
    package struct Grammar: Codable, Hashable, Sendable {
        package var functions: Int
        package var numbers: Int
        /// Ways of putting an expression together.
        package var forms: Int
        /// Lines before the return statement.
        package var lines: Int

        package init(functions: Int, numbers: Int, forms: Int, lines: Int) {
            self.functions = functions
            self.numbers = numbers
            self.forms = forms
            self.lines = lines
        }
    }

    /// What one constant tuning may cost.
    package struct Tuning: Codable, Hashable, Sendable {
        /// Sets of numbers tried.
        package var trials: Int
        /// Networks trained in each trial.
        package var networks: Int

        package init(trials: Int, networks: Int) {
            self.trials = trials
            self.networks = networks
        }
    }

    package struct Selection: Codable, Hashable, Sendable {
        /// Parents shown in a model's prompt.
        package var parents: Int
        /// Softmax temperature over the elites' gains, in decibels: small = greedy.
        package var temperature: Double
        /// Share of parents drawn uniformly from all elites.
        package var uniform: Double

        package init(parents: Int, temperature: Double, uniform: Double) {
            self.parents = parents
            self.temperature = temperature
            self.uniform = uniform
        }
    }
}

/// A C file of the content: a starting program of an island, or a function of the literature.
package struct NamedProgram: Codable, Hashable, Sendable {
    /// File name without its extension, for example "gelu".
    package var name: String
    package var source: String

    package init(name: String, source: String) {
        self.name = name
        self.source = source
    }
}
