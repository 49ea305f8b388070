/// In what a server differs from the next one that speaks the same form.
package struct APITraits: Codable, Hashable, Sendable {
    /// How the server can be held to the form of an answer.
    package enum Constraint: String, Codable, CaseIterable, Sendable {
        /// llama.cpp's `grammar` (GBNF), and `cache_prompt` with it.
        case grammar
        /// `response_format` with a JSON schema: the function comes as the string `code` of an object.
        case schema
        /// Not at all.
        case text
    }

    /// Parameters of sampling that some servers refuse.
    package enum Parameter: String, Codable, CaseIterable, Sendable {
        case temperature, seed, stop
    }

    package var constraint: Constraint
    /// Whether an answer of the assistant at the end of the messages is gone on with.
    package var continues: Bool
    /// Left out of requests, in the order of `allCases`.
    package var omits: [Parameter]
    /// Chat Completions: the limit's name is `max_completion_tokens`, and thinking counts in it.
    package var limitsCompletion: Bool

    package init(
        constraint: Constraint = .text, continues: Bool = false, omits: [Parameter] = [],
        limitsCompletion: Bool = false
    ) {
        self.constraint = constraint
        self.continues = continues
        self.omits = Parameter.allCases.filter { omits.contains($0) }
        self.limitsCompletion = limitsCompletion
    }

    /// A llama.cpp server.
    package static let llamaServer = APITraits(constraint: .grammar, continues: true)
}
