import EvolveTypes

/// How one population is bred: the content of `Islands/<name>/`, fully resolved.
package struct IslandPolicy: Codable, Hashable, Sendable {
    package var name: IslandID
    package var seeds: [NamedProgram]
    /// What a model is asked, as templates with named slots; checked when loaded.
    package var prompts: [PromptKind: String]
    /// The island's own word in every request.
    package var voice: String
    /// What earlier runs teach, in the order of importance, a line each; shown in every prompt that names the slot. Nil = nothing.
    package var instructions: [String]?
    /// What a rewrite may be asked for; one is drawn for each slot.
    package var goals: [String]
    /// Relative weights of the operators; those missing are never used.
    package var operators: [OperatorShare]
    package var sampling: Sampling
    /// Nil: the grammar offers everything, as it did to runs of older versions.
    package var grammar: Grammar?
    package var selection: Selection
    /// There when the operators include constant tuning.
    package var tuning: Tuning?
    /// What is nearer to a candidate before it, as a share of the size of both, counts as tried; nil = only what is equal.
    package var novelty: Double?
    /// What tree operators make is drawn anew if it is farther from its parents, as a share of the size of both; nil = never.
    package var reach: Double?

    package init(
        name: IslandID, seeds: [NamedProgram], prompts: [PromptKind: String], voice: String = "",
        instructions: [String]? = nil, goals: [String] = ["better"],
        operators: [OperatorShare], sampling: Sampling,
        grammar: Grammar? = nil, selection: Selection, tuning: Tuning? = nil, novelty: Double? = nil,
        reach: Double? = nil
    ) {
        self.name = name
        self.seeds = seeds
        self.prompts = prompts
        self.voice = voice
        self.instructions = instructions
        self.goals = goals
        self.operators = operators
        self.sampling = sampling
        self.grammar = grammar
        self.selection = selection
        self.tuning = tuning
        self.novelty = novelty
        self.reach = reach
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
        package var temperature: Schedule
        package var maxTokens: Int
        /// Further requests after an answer that was refused, each with what was wrong; 0 or 1.
        package var repairs: Int

        package init(temperature: Schedule, maxTokens: Int, repairs: Int = 0) {
            self.temperature = temperature
            self.maxTokens = maxTokens
            self.repairs = repairs
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
        /// Which candidates may be parents.
        package enum Pool: String, Codable, CaseIterable, Sendable {
            /// The archive's elites.
            case elites
            /// The seed programs, whatever was found since: independent sampling, of which the best counts (best-of-n).
            case seeds
            /// The latest that were trained to the end, however good: sequential conditioned sampling.
            case latest
        }

        /// What tells how unlike elites are.
        package enum Likeness: String, Codable, CaseIterable, Sendable {
            /// Their cells of the archive.
            case cells
            /// What they do, f and f′.
            case behaviour
        }

        package var pool: Pool
        /// Parents that a model rewrites.
        package var parents: Int
        /// Further elites that a model is shown, unlike the parents.
        package var inspirations: Int
        /// Softmax temperature over the elites' gains, in decibels: small = greedy.
        package var temperature: Schedule
        /// Share of parents drawn uniformly from all elites.
        package var uniform: Double
        /// Motifs that a model is told were tried often; nil = none.
        package var tried: Int?
        /// By what inspirations, the second parent of a model's crossover, and elites next to an empty cell are chosen; nil = by
        /// cells.
        package var likeness: Likeness?

        package init(
            pool: Pool = .elites, parents: Int, inspirations: Int = 0, temperature: Schedule, uniform: Double,
            tried: Int? = nil, likeness: Likeness? = nil
        ) {
            self.pool = pool
            self.parents = parents
            self.inspirations = inspirations
            self.temperature = temperature
            self.uniform = uniform
            self.tried = tried
            self.likeness = likeness
        }
    }
}

extension IslandPolicy {
    /// Whether it needs to know what was proposed how often.
    package var countsMotifs: Bool {
        selection.tried != nil || operators.contains { $0.kind == .tailGraft && $0.weight > 0 }
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
