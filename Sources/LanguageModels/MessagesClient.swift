import EvolveTypes
import Foundation

/// Speaks Anthropic's Messages form of HTTP: `POST {base}/messages`, one answer, no streaming.
package struct MessagesClient: LanguageModel {
    package var name: String
    /// Up to the version, for example "https://api.anthropic.com/v1".
    package var base: String
    /// Sent as `x-api-key`, to `base` and nowhere else; never part of a text that comes back.
    package var key: APIKey?
    /// The server's name for the model.
    package var model: String
    package var traits: APITraits

    /// The version of the form, a header of every request.
    static let version = "2023-06-01"

    package init(name: String, base: String, key: APIKey?, model: String, traits: APITraits) {
        self.name = name
        self.base = base
        self.key = key
        self.model = model
        self.traits = traits
    }

    package func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        let exchange = APIExchange(
            base: base, path: "/messages",
            headers: ["anthropic-version: \(Self.version)"] + (key.map { ["x-api-key: \($0.secret)"] } ?? []), key: key)
        let body = try await exchange.post(encode(request), deadline: request.deadline)
        var answer = try decode(body, exchange)
        if let beginning = beginning(request), !answer.text.hasPrefix(beginning) {
            answer.text = beginning + answer.text
        }
        return answer
    }

    /// The form refuses an answer's beginning that ends with white space.
    private func beginning(_ request: ModelRequest) -> String? {
        guard traits.continues, var text = request.prefill else { return nil }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text.isEmpty ? nil : text
    }

    private func encode(_ request: ModelRequest) -> Data {
        var messages = [MessagesForm.Message(role: "user", content: request.user)]
        if let beginning = beginning(request) { messages.append(.init(role: "assistant", content: beginning)) }
        let form = MessagesForm(
            model: model, max_tokens: request.maxTokens, system: request.system, messages: messages,
            // The form's range ends at 1.
            temperature: traits.omits.contains(.temperature) ? nil : min(1, request.temperature),
            stop_sequences: request.stop.isEmpty || traits.omits.contains(.stop) ? nil : request.stop)
        return (try? CanonicalJSON.encode(form)) ?? Data()
    }

    private func decode(_ body: Data, _ exchange: APIExchange) throws(ModelFailure) -> ModelAnswer {
        let answer = try exchange.decode(AnswerForm.self, from: body, called: "message")
        let counted = answer.usage
        let usage = TokenUsage(
            prompt: (counted?.input_tokens ?? 0) + (counted?.cache_creation_input_tokens ?? 0)
                + (counted?.cache_read_input_tokens ?? 0),
            completion: counted?.output_tokens ?? 0)
        if answer.stop_reason == "refusal" {
            throw ModelFailure(.declined, "the model would not answer", usage: usage)
        }
        let text = answer.content.compactMap { $0.type == "text" ? $0.text : nil }.joined()
        guard !text.isEmpty else { throw ModelFailure(.empty, "the answer is empty", usage: usage) }
        return ModelAnswer(
            text: key?.removed(from: text) ?? text, usage: usage, truncated: answer.stop_reason == "max_tokens")
    }
}

// The wire's own spelling is kept, so that the forms read like the documents they describe.
// swift-format-ignore: AlwaysUseLowerCamelCase
private struct MessagesForm: Encodable {
    struct Message: Encodable {
        var role: String
        var content: String
    }

    var model: String
    var max_tokens: Int
    var system: String
    var messages: [Message]
    var temperature: Double?
    var stop_sequences: [String]?
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct AnswerForm: Decodable {
    struct Block: Decodable {
        var type: String
        var text: String?
    }

    struct Usage: Decodable {
        var input_tokens: Int
        var output_tokens: Int
        var cache_creation_input_tokens: Int?
        var cache_read_input_tokens: Int?
    }

    var content: [Block]
    var stop_reason: String?
    var usage: Usage?
}
