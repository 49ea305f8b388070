import EvolveTypes
import Foundation

/// Speaks the Chat Completions form of HTTP: `POST {base}/chat/completions`, one answer, no streaming.
///
/// Strict on purpose: an answer that is not what the form promises is a `ModelFailure`, never an empty text.
package struct ChatCompletionsClient: LanguageModel {
    package var name: String
    /// Up to the version, for example "http://127.0.0.1:8080/v1".
    package var base: String
    /// Sent as a bearer token, to `base` and nowhere else; never part of a text that comes back.
    package var key: APIKey?
    /// The server's name for the model; nil where the server has only one.
    package var model: String?
    package var traits: APITraits

    package init(name: String, base: String, key: APIKey?, model: String?, traits: APITraits) {
        self.name = name
        self.base = base
        self.key = key
        self.model = model
        self.traits = traits
    }

    package func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        let exchange = APIExchange(
            base: base, path: "/chat/completions",
            headers: key.map { ["Authorization: Bearer \($0.secret)"] } ?? [], key: key)
        let body = try await exchange.post(encode(request), deadline: request.deadline)
        var answer = try decode(body, exchange)
        // Some versions of the server repeat the beginning, some send only what they added.
        if traits.continues, let prefill = request.prefill, !answer.text.hasPrefix(prefill) {
            answer.text = prefill + answer.text
        }
        return answer
    }

    /// Only llama.cpp's server has a tokenizer to ask. Whatever goes wrong is left for the call itself to meet.
    package func promptTokens(of request: ModelRequest) async throws -> Int? {
        guard traits.constraint == .grammar, base.hasSuffix("/v1") else { return nil }
        let exchange = { (path: String) in
            APIExchange(
                base: String(base.dropLast(3)), path: path,
                headers: key.map { ["Authorization: Bearer \($0.secret)"] } ?? [], key: key)
        }
        do {
            let conversation = try CanonicalJSON.encode(ConversationForm(messages: messages(request)))
            let text = try await exchange("/apply-template").post(conversation, deadline: Self.tokenizerDeadline)
            let prompt = try exchange("").decode(TemplateForm.self, from: text, called: "prompt").prompt
            let content = try CanonicalJSON.encode(TextForm(content: prompt, add_special: true, parse_special: true))
            let list = try await exchange("/tokenize").post(content, deadline: Self.tokenizerDeadline)
            return try exchange("").decode(TokensForm.self, from: list, called: "list of tokens").tokens.count
        } catch is ModelFailure {
            return nil
        }
    }

    /// Seconds; it is a matter of milliseconds.
    private static let tokenizerDeadline = 10.0

    private func messages(_ request: ModelRequest) -> [CompletionForm.Message] {
        var messages = [
            CompletionForm.Message(role: "system", content: request.system),
            CompletionForm.Message(role: "user", content: request.user),
        ]
        // An answer of the assistant at the end is one to go on from.
        if traits.continues, let prefill = request.prefill {
            messages.append(.init(role: "assistant", content: prefill))
        }
        return messages
    }

    private func encode(_ request: ModelRequest) -> Data {
        let messages = messages(request)
        let isLlama = traits.constraint == .grammar
        let form = CompletionForm(
            model: model, messages: messages,
            max_tokens: traits.limitsCompletion ? nil : request.maxTokens,
            max_completion_tokens: traits.limitsCompletion ? request.maxTokens : nil,
            temperature: traits.omits.contains(.temperature) ? nil : request.temperature,
            seed: traits.omits.contains(.seed) ? nil : request.seed,
            stop: request.stop.isEmpty || traits.omits.contains(.stop) ? nil : request.stop, stream: false,
            grammar: isLlama ? request.grammar : nil, cache_prompt: isLlama ? true : nil,
            response_format: traits.constraint == .schema ? CodeSchema.format : nil)
        // Only a temperature that is not finite cannot be written; the empty body is then refused by the server.
        return (try? CanonicalJSON.encode(form)) ?? Data()
    }

    private func decode(_ body: Data, _ exchange: APIExchange) throws(ModelFailure) -> ModelAnswer {
        let answer = try exchange.decode(AnswerForm.self, from: body, called: "chat completion")
        let usage = TokenUsage(
            prompt: answer.usage?.prompt_tokens ?? 0, completion: answer.usage?.completion_tokens ?? 0)
        guard let choice = answer.choices.first else {
            throw ModelFailure(.badAnswer, "the server sent no choices", usage: usage)
        }
        if let refusal = choice.message.refusal, !refusal.isEmpty {
            throw ModelFailure(.declined, exchange.oneLine(refusal), usage: usage)
        }
        if choice.finish_reason == "content_filter" {
            throw ModelFailure(.declined, "the server's filter held the answer back", usage: usage)
        }
        guard let content = choice.message.content, !content.isEmpty else {
            throw ModelFailure(.empty, "the answer is empty", usage: usage)
        }
        let text = traits.constraint == .schema ? CodeSchema.code(in: content) : content
        return ModelAnswer(
            text: key?.removed(from: text) ?? text, usage: usage, truncated: choice.finish_reason == "length",
            serverSeconds: answer.timings.map { ($0.prompt_ms + $0.predicted_ms) / 1000 })
    }
}

/// An answer as an object with one string: for servers that hold to a JSON schema and to no grammar.
private enum CodeSchema {
    struct Answer: Decodable { var code: String }

    /// The function; the text itself when it is no such object, for some servers answer freely all the same.
    static func code(in text: String) -> String {
        (try? JSONDecoder().decode(Answer.self, from: Data(text.utf8)))?.code ?? text
    }

    static let format = CompletionForm.ResponseFormat(
        type: "json_schema",
        json_schema: .init(
            name: "activation", strict: true,
            schema: .init(
                type: "object", properties: ["code": .init(type: "string")], required: ["code"],
                additionalProperties: false)))
}

// The wire's own spelling is kept, so that the forms read like the documents they describe.
// swift-format-ignore: AlwaysUseLowerCamelCase
private struct CompletionForm: Encodable {
    struct Message: Encodable {
        var role: String
        var content: String
    }

    struct ResponseFormat: Encodable {
        struct Named: Encodable {
            var name: String
            var strict: Bool
            var schema: Schema
        }

        struct Schema: Encodable {
            struct Property: Encodable { var type: String }

            var type: String
            var properties: [String: Property]
            var required: [String]
            var additionalProperties: Bool
        }

        var type: String
        var json_schema: Named
    }

    var model: String?
    var messages: [Message]
    var max_tokens: Int?
    var max_completion_tokens: Int?
    var temperature: Double?
    var seed: UInt32?
    var stop: [String]?
    var stream: Bool
    var grammar: String?
    var cache_prompt: Bool?
    var response_format: ResponseFormat?
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct AnswerForm: Decodable {
    struct Choice: Decodable {
        struct Message: Decodable {
            var content: String?
            var refusal: String?
        }

        var message: Message
        var finish_reason: String?
    }

    struct Usage: Decodable {
        var prompt_tokens: Int
        var completion_tokens: Int
    }

    /// llama.cpp's own addition to the form.
    struct Timings: Decodable {
        var prompt_ms: Double
        var predicted_ms: Double
    }

    var choices: [Choice]
    var usage: Usage?
    var timings: Timings?
}

/// What llama.cpp's server makes a prompt of, and what a prompt is made of.
private struct ConversationForm: Encodable { var messages: [CompletionForm.Message] }

private struct TemplateForm: Decodable { var prompt: String }

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct TextForm: Encodable {
    var content: String
    var add_special: Bool
    var parse_special: Bool
}

private struct TokensForm: Decodable { var tokens: [Int] }
