/// Whether a request fits into what a model's server offers.
///
/// Without a tokenizer a text is taken to have a token for every three bytes: English and C have fewer.
package struct ContextFit: Hashable, Sendable {
    /// Tokens of the prompt, and what they are told by: counted, or estimated.
    package var prompt: Int
    package var isCounted: Bool
    /// Tokens that the answer may have.
    package var answer: Int
    package var context: Int

    /// What a chat template puts around the messages.
    private static let template = 32
    private static let bytesPerToken = 3

    /// - Parameter counted: by the server's tokenizer; nil = not known.
    package init(_ request: ModelRequest, facts: ModelFacts, counted: Int? = nil) {
        prompt = counted ?? Self.template + (request.bytes + Self.bytesPerToken - 1) / Self.bytesPerToken
        isCounted = counted != nil
        answer = request.maxTokens
        context = facts.context
    }

    package var fits: Bool { prompt + answer <= context }

    /// Fits whatever the tokenizer says: no token has less than a byte.
    package static func surely(_ request: ModelRequest, facts: ModelFacts) -> Bool {
        template + request.bytes + request.maxTokens <= facts.context
    }

    /// For example "prompt 1900 (counted) + answer 240 = 2140 > 2048 tokens of context".
    package var inequality: String {
        "prompt \(prompt) (\(isCounted ? "counted" : "estimated")) + answer \(answer) = \(prompt + answer) "
            + "\(fits ? "≤" : ">") \(context) tokens of context"
    }
}

extension ModelRequest {
    /// Of all that the model reads.
    fileprivate var bytes: Int { system.utf8.count + user.utf8.count + (prefill?.utf8.count ?? 0) }
}
