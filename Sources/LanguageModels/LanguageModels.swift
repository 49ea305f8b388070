import EvolveTypes

/// `LanguageModels`: one protocol over everything that can write text, and its back ends.
///
/// - `LocalModel` starts a llama.cpp server of its own and talks to it (`ServerProcess`, `ChatCompletionsClient`).
/// - `ChatCompletionsClient` and `MessagesClient` ask a server of somebody's (`APIExchange`).
/// - `ScriptedModel` answers from a file.
/// - `ModelFacts` says what a server offers, asks and charges; `ContextFit` whether a request fits it.
/// - `GuardedModel` makes any of them patient with a failing server (`RetryPolicy`) and spares a dead one (`CircuitBreaker`).
///
/// Rules:
/// 1. A model failure (no server, time-out, refusal, nonsense) is a typed `ModelFailure`, recorded like an answer;
///    a `Failure` means that the model can never be used on this machine as it is. Every request made is told of, in the
///    answer or the failure.
/// 2. One deadline covers a call with all its retries and restarts.
/// 3. A key goes into the headers of a request and nowhere else (`APIKey`).
/// 4. Nothing here reads the environment or a clock's date: paths and keys are handed in by the program's root.
///
/// It is not the place for prompts, grammars (both come in with the request) or the record of answers (the store's).
package protocol LanguageModel: Sendable {
    /// Name for the journal, for example "local/SmolLM2-135M-Instruct".
    var name: String { get }
    /// - Throws: `ModelFailure` when this call gave no answer; `Failure` when the model can never be used;
    ///   `CancellationError` when the task was cancelled.
    func complete(_ request: ModelRequest) async throws -> ModelAnswer
    /// Tokens that the model would read, by its own tokenizer; nil when there is none to ask.
    func promptTokens(of request: ModelRequest) async throws -> Int?
}

extension LanguageModel {
    package func promptTokens(of request: ModelRequest) async throws -> Int? { nil }
}

package struct ModelRequest: Hashable, Sendable {
    package var system: String
    package var user: String
    /// How the answer begins: the model goes on from there, and the answer's text contains it. Back ends that cannot have
    /// a model go on ignore it.
    package var prefill: String?
    /// GBNF grammar that what comes behind `prefill` must obey; back ends that cannot constrain ignore it.
    package var grammar: String?
    /// The answer ends before the first of these texts.
    package var stop: [String] = []
    package var temperature: Double
    package var maxTokens: Int
    /// Sampling seed, so that a deterministic server repeats itself.
    package var seed: UInt32
    /// Seconds for the whole call, retries included.
    package var deadline: Double
    /// The request's place among the run's requests, counted by the caller and the same in every execution of the
    /// run: a scripted model chooses its answer by it, never by the order in which requests arrive.
    package var index: Int

    package init(
        system: String, user: String, prefill: String? = nil, grammar: String?, temperature: Double, maxTokens: Int,
        seed: UInt32, deadline: Double, index: Int
    ) {
        self.system = system
        self.user = user
        self.prefill = prefill
        self.grammar = grammar
        self.temperature = temperature
        self.maxTokens = maxTokens
        self.seed = seed
        self.deadline = deadline
        self.index = index
    }
}

package struct ModelAnswer: Hashable, Sendable {
    package var text: String
    package var usage: TokenUsage
    /// True when the text was cut at `maxTokens`: a grammar then does not hold for it.
    package var truncated: Bool
    /// Seconds the server worked on it, as it says itself: without the wait for its turn. Nil when it does not say.
    package var serverSeconds: Double?
    /// Requests of the same call that failed before this one, in order.
    package var earlier: [ModelFailure] = []

    package init(
        text: String, usage: TokenUsage = TokenUsage(), truncated: Bool = false, serverSeconds: Double? = nil
    ) {
        self.text = text
        self.usage = usage
        self.truncated = truncated
        self.serverSeconds = serverSeconds
    }
}
