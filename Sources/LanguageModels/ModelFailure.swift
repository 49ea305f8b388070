import EvolveTypes

/// Why one call gave no answer, and what the call had cost until then.
package struct ModelFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Codable, CaseIterable, Sendable {
        /// No connection: name unknown, refused, TLS refused.
        case unreachable
        /// The connection ended before the answer was whole, or it was no HTTP.
        case dropped
        case timedOut = "timed out"
        /// HTTP 429: too many requests at once.
        case rateLimited = "rate limited"
        /// HTTP 5xx and what is as good as that.
        case serverError = "server error"
        /// HTTP 402, or 429 for want of credit.
        case outOfCredit = "out of credit"
        /// HTTP 401 or 403.
        case invalidKey = "invalid key"
        /// HTTP 404: the server does not know the model, or not this form of request.
        case unknownModel = "unknown model"
        /// Prompt and answer do not fit into the model's context.
        case contextExceeded = "context exceeded"
        /// Any other HTTP status that is not 200.
        case refusedRequest = "refused request"
        /// The bytes are not what the API's form promises.
        case badAnswer = "bad answer"
        /// More bytes than any answer has.
        case tooLong = "too long"
        /// A whole answer without text.
        case empty
        /// The model, or a filter before it, would not answer.
        case declined
        /// A script has no more answers.
        case exhausted
        /// Not asked: the model has failed too often of late.
        case paused

        /// Another request may well succeed.
        package var isTransient: Bool {
            switch self {
            case .unreachable, .dropped, .rateLimited, .serverError, .badAnswer: true
            default: false
            }
        }

        /// Nothing but a person can mend it: the run stops.
        package var isFatal: Bool { self == .invalidKey || self == .unknownModel }

        /// What is wrong is the server or the way to it, and neither this request nor this answer.
        package var isServersFault: Bool {
            switch self {
            case .contextExceeded, .refusedRequest, .empty, .declined, .exhausted, .paused: false
            default: true
            }
        }
    }

    package var kind: Kind
    /// One line for people; holds no key.
    package var detail: String
    /// Seconds that the server asks to wait.
    package var retryAfter: Double?
    /// Whether a request went out: only then can the server count it.
    package var wasSent: Bool
    /// Of the answer that came to nothing, if there was one: it is paid for all the same.
    package var usage: TokenUsage
    /// Requests of the same call that failed before this one, in order.
    package var earlier: [ModelFailure]

    package init(
        _ kind: Kind, _ detail: String, retryAfter: Double? = nil, wasSent: Bool = true,
        usage: TokenUsage = TokenUsage(), earlier: [ModelFailure] = []
    ) {
        self.kind = kind
        self.detail = detail
        self.retryAfter = retryAfter
        self.wasSent = wasSent
        self.usage = usage
        self.earlier = earlier
    }

    package var description: String { "\(kind.rawValue): \(detail)" }
}

/// Tokens of a request and its answer, as the server counts them; 0 when it does not say.
package struct TokenUsage: Codable, Hashable, Sendable {
    package var prompt: Int
    package var completion: Int

    package init(prompt: Int = 0, completion: Int = 0) {
        self.prompt = prompt
        self.completion = completion
    }

    package static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
        TokenUsage(prompt: left.prompt + right.prompt, completion: left.completion + right.completion)
    }
}
