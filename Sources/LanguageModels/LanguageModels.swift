import EvolveTypes

/// `LanguageModels`: one protocol over everything that can write text.
///
/// A model failure (no server, time-out, refusal, nonsense) is a typed `ModelFailure`, recorded like an answer.
/// One deadline covers a call with all its retries.
package protocol LanguageModel: Sendable {
    /// Name for the journal, for example "local/SmolLM2-135M-Instruct".
    var name: String { get }
    /// - Throws: `ModelFailure` when this call gave no answer; `Failure` when the model can never be used.
    func complete(_ request: ModelRequest) async throws -> ModelAnswer
}

package struct ModelRequest: Hashable, Sendable {
    package var system: String
    package var user: String
    /// GBNF grammar the answer must obey; back ends that cannot constrain ignore it.
    package var grammar: String?
    package var temperature: Double
    package var maxTokens: Int
    /// Sampling seed, so that a deterministic server repeats itself.
    package var seed: UInt32
    /// Seconds for the whole call, retries included.
    package var deadline: Double

    package init(
        system: String, user: String, grammar: String?, temperature: Double, maxTokens: Int, seed: UInt32,
        deadline: Double
    ) {
        self.system = system
        self.user = user
        self.grammar = grammar
        self.temperature = temperature
        self.maxTokens = maxTokens
        self.seed = seed
        self.deadline = deadline
    }
}

package struct ModelAnswer: Hashable, Sendable {
    package var text: String
    package var promptTokens: Int
    package var completionTokens: Int

    package init(text: String, promptTokens: Int, completionTokens: Int) {
        self.text = text
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }
}

/// Why one call gave no answer.
package struct ModelFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case unreachable
        case timedOut = "timed out"
        case serverError = "server error"
        case badAnswer = "bad answer"
        case exhausted
    }

    package var kind: Kind
    package var detail: String

    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    package var description: String { "\(kind.rawValue): \(detail)" }
}
