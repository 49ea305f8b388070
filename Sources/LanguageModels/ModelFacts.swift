/// What is known of a model as somebody serves it: the content of an entry of Islands/models.yaml.
///
/// The engine obeys it: prompts fit the context, spend is counted by the price, requests hold nothing that the server
/// refuses, and what the licence wants shown is shown.
package struct ModelFacts: Codable, Hashable, Sendable {
    package enum Form: String, Codable, CaseIterable, Sendable {
        /// A llama.cpp server that the program starts itself.
        case local
        /// Somebody's server that speaks OpenAI's Chat Completions.
        case chat
        /// Somebody's server that speaks Anthropic's Messages.
        case messages
        /// Answers from a file, in order; for tests.
        case script
    }

    /// Weights in a GGUF file, and how they are served.
    package struct File: Codable, Hashable, Sendable {
        /// Below the folder local-model of the program's home.
        package var path: String
        package var bytes: Int?
        /// Lower-case hexadecimal.
        package var sha256: String?
        package var quantisation: String
        /// That the weights and the cache of a full context take, MiB.
        package var memory: Int?
        /// Requests answered at the same time.
        package var slots: Int
        /// Cores that it works on; nil = all but one, at most four.
        package var threads: Int?

        package init(
            path: String, bytes: Int? = nil, sha256: String? = nil, quantisation: String, memory: Int? = nil,
            slots: Int = 1, threads: Int? = nil
        ) {
            self.path = path
            self.bytes = bytes
            self.sha256 = sha256
            self.quantisation = quantisation
            self.memory = memory
            self.slots = slots
            self.threads = threads
        }
    }

    /// US dollars per million tokens.
    package struct Price: Codable, Hashable, Sendable {
        package var input: Double
        package var output: Double

        package init(input: Double, output: Double) {
            self.input = input
            self.output = output
        }

        package var isFree: Bool { input == 0 && output == 0 }

        package func dollars(_ usage: TokenUsage) -> Double {
            (Double(usage.prompt) * input + Double(usage.completion) * output) / 1_000_000
        }
    }

    package struct Licence: Codable, Hashable, Sendable {
        package var name: String
        /// A line that must be shown where the model's work is.
        package var attribution: String?
        /// What it asks of users, one line each.
        package var obligations: [String]

        package init(name: String, attribution: String? = nil, obligations: [String] = []) {
            self.name = name
            self.attribution = attribution
            self.obligations = obligations
        }
    }

    package var name: String
    package var form: Form
    /// Local only.
    package var file: File?
    /// The server's identifier; chat and messages only.
    package var model: String?
    /// Of the server, up to the version; chat and messages only.
    package var base: String?
    /// The environment variable that holds the key; nil = none is sent.
    package var key: String?
    /// Tokens of prompt and answer together, as served.
    package var context: Int
    /// Most tokens of one answer; nil = what the context leaves.
    package var output: Int?
    /// Tokens that it is given to think before it answers, besides the answer's own; nil = it does not think.
    package var thinking: Int?
    /// nil = unknown.
    package var price: Price?
    package var traits: APITraits
    /// Since when it is not served any more, YYYY-MM-DD; nil = it is.
    package var retired: String?
    /// nil = not known.
    package var licence: Licence?
    /// Script only: path of the answers among the run's definition files.
    package var script: String?

    package init(
        name: String, form: Form, context: Int, traits: APITraits = APITraits(), licence: Licence? = nil
    ) {
        self.name = name
        self.form = form
        self.context = context
        self.traits = traits
        self.licence = licence
    }

    /// The limit to set for an answer of so many tokens: thinking counts in it.
    package func limit(ofAnswer tokens: Int) -> Int { tokens + (thinking ?? 0) }

    /// Answers of a file.
    package static func scripted(_ path: String, name: String) -> ModelFacts {
        var facts = ModelFacts(name: name, form: .script, context: 1_000_000, traits: .llamaServer)
        facts.price = Price(input: 0, output: 0)
        facts.script = path
        return facts
    }
}
