/// What calls of a language model have cost, failed ones included.
package struct Spend: Codable, Hashable, Sendable {
    /// Sent to a server.
    package var requests: Int
    package var promptTokens: Int
    package var completionTokens: Int
    /// US dollars; 0 where the model costs nothing or its price is not known.
    package var dollars: Double

    package init(requests: Int = 0, promptTokens: Int = 0, completionTokens: Int = 0, dollars: Double = 0) {
        self.requests = requests
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.dollars = dollars
    }

    package var tokens: Int { promptTokens + completionTokens }

    package static func + (left: Spend, right: Spend) -> Spend {
        Spend(
            requests: left.requests + right.requests, promptTokens: left.promptTokens + right.promptTokens,
            completionTokens: left.completionTokens + right.completionTokens, dollars: left.dollars + right.dollars)
    }
}

/// What calls of language models may cost; nil = no limit.
package struct Budget: Codable, Hashable, Sendable {
    /// Read and written.
    package var tokens: Int?
    package var requests: Int?
    package var dollars: Double?

    package init(tokens: Int? = nil, requests: Int? = nil, dollars: Double? = nil) {
        self.tokens = tokens
        self.requests = requests
        self.dollars = dollars
    }

    package static let unlimited = Budget()

    package func covers(_ spend: Spend) -> Bool {
        spend.tokens <= tokens ?? .max && spend.requests <= requests ?? .max && spend.dollars <= dollars ?? .infinity
    }
}
