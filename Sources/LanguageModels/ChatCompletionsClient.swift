import EvolveTypes
import Foundation

/// Speaks the Chat Completions form of HTTP: `POST {base}/v1/chat/completions`, one answer, no streaming.
///
/// Strict on purpose: an answer that is not what the form promises is a `ModelFailure`, never an empty text.
package struct ChatCompletionsClient: LanguageModel {
    package var name: String
    /// Scheme, host and port, for example "http://127.0.0.1:8080".
    package var base: String
    /// Sent as a bearer token, to `base` and nowhere else; never part of an error text.
    package var key: String?
    /// The server's name for the model; nil where the server has only one.
    package var model: String?
    /// Whether the server understands llama.cpp's `grammar` and `cache_prompt`, and goes on from an answer's beginning.
    package var isLlamaServer: Bool

    /// No answer of `maxTokens` comes near it; more is a broken or hostile server.
    private static let maximumBytes = 4 << 20

    package init(name: String, base: String, key: String?, model: String?, isLlamaServer: Bool) {
        self.name = name
        self.base = base
        self.key = key
        self.model = model
        self.isLlamaServer = isLlamaServer
    }

    package func complete(_ request: ModelRequest) async throws -> ModelAnswer {
        var headers = ["Content-Type: application/json", "Accept: application/json"]
        if let key { headers.append("Authorization: Bearer \(key)") }
        let response: HTTPResponse
        do throws(HTTPFailure) {
            response = try await HTTPClient.perform(
                HTTPRequest(
                    url: base + "/v1/chat/completions", body: encode(request), headers: headers,
                    deadline: request.deadline, maximumBytes: Self.maximumBytes))
        } catch {
            throw Self.translate(error, deadline: request.deadline)
        }
        var answer = try Self.decode(response)
        // Some versions of the server repeat the beginning, some send only what they added.
        if isLlamaServer, let prefill = request.prefill, !answer.text.hasPrefix(prefill) {
            answer.text = prefill + answer.text
        }
        return answer
    }

    private func encode(_ request: ModelRequest) -> Data {
        var messages = [
            CompletionForm.Message(role: "system", content: request.system),
            CompletionForm.Message(role: "user", content: request.user),
        ]
        // An answer of the assistant at the end is one to go on from.
        if isLlamaServer, let prefill = request.prefill { messages.append(.init(role: "assistant", content: prefill)) }
        let form = CompletionForm(
            model: model, messages: messages,
            max_tokens: request.maxTokens, temperature: request.temperature, seed: request.seed,
            stop: request.stop.isEmpty ? nil : request.stop, stream: false,
            grammar: isLlamaServer ? request.grammar : nil, cache_prompt: isLlamaServer ? true : nil)
        // Only a temperature that is not finite cannot be written; the empty body is then refused by the server.
        return (try? CanonicalJSON.encode(form)) ?? Data()
    }

    private static func translate(_ failure: HTTPFailure, deadline: Double) -> any Error {
        switch failure.kind {
        case .cancelled: CancellationError()
        case .timedOut: ModelFailure(.timedOut, "no answer within \(deadline) s")
        case .tooLarge: ModelFailure(.badAnswer, "the answer is longer than \(maximumBytes) bytes")
        case .unreachable, .dropped: ModelFailure(.unreachable, failure.message)
        case .invalid: Failure(.badInput, "the model server's address cannot be used: \(failure.message)")
        }
    }

    /// - Throws: `ModelFailure` for an error status or a body that is not a complete answer.
    static func decode(_ response: HTTPResponse) throws(ModelFailure) -> ModelAnswer {
        let isJSON = response.contentType == "application/json"
        guard response.status == 200 else {
            let reason = isJSON ? (try? JSONDecoder().decode(ErrorForm.self, from: response.body))?.error.message : nil
            throw ModelFailure(.serverError, "HTTP \(response.status)" + (reason.map { ": \(oneLine($0))" } ?? ""))
        }
        guard isJSON else {
            let type = response.contentType.isEmpty ? "no content type" : "\"\(oneLine(response.contentType))\""
            throw ModelFailure(.badAnswer, "expected application/json, the server sent \(type)")
        }
        let answer: AnswerForm
        do {
            answer = try JSONDecoder().decode(AnswerForm.self, from: response.body)
        } catch {
            throw ModelFailure(.badAnswer, "the \(response.body.count) bytes are not a complete chat completion")
        }
        guard let choice = answer.choices.first else { throw ModelFailure(.badAnswer, "the server sent no choices") }
        guard let text = choice.message.content, !text.isEmpty else {
            throw ModelFailure(.badAnswer, "the answer is empty")
        }
        return ModelAnswer(
            text: text, promptTokens: answer.usage?.prompt_tokens ?? 0,
            completionTokens: answer.usage?.completion_tokens ?? 0, truncated: choice.finish_reason == "length",
            serverSeconds: answer.timings.map { ($0.prompt_ms + $0.predicted_ms) / 1000 })
    }

    /// The first 200 characters without line breaks: a server's own words, made fit for one line.
    private static func oneLine(_ text: String) -> String {
        String(text.prefix(200).map { $0.isNewline ? " " : $0 })
    }
}

// The wire's own spelling is kept, so that the forms read like the documents they describe.
// swift-format-ignore: AlwaysUseLowerCamelCase
private struct CompletionForm: Encodable {
    struct Message: Encodable {
        var role: String
        var content: String
    }

    var model: String?
    var messages: [Message]
    var max_tokens: Int
    var temperature: Double
    var seed: UInt32
    var stop: [String]?
    var stream: Bool
    var grammar: String?
    var cache_prompt: Bool?
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct AnswerForm: Decodable {
    struct Choice: Decodable {
        struct Message: Decodable { var content: String? }

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

private struct ErrorForm: Decodable {
    struct Detail: Decodable { var message: String }

    var error: Detail
}
