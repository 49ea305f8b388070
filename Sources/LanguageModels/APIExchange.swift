import EvolveTypes
import Foundation

/// What every HTTP API has in common: a POST of JSON, an answer of JSON, and the many ways in which that goes wrong. Each
/// of these is a typed `ModelFailure`, never an empty text.
struct APIExchange: Sendable {
    /// Scheme, host, port and whatever stands before the API's own path.
    var base: String
    var path: String
    /// Lines "Name: value", the key's among them.
    var headers: [String]
    /// Taken out of whatever comes back.
    var key: APIKey?

    /// No answer that was asked for comes near it; more is a broken or hostile server.
    static let maximumBytes = 4 << 20

    /// - Returns: the body of a response with status 200 and JSON in it.
    /// - Throws: `ModelFailure`; `Failure` when the address is none; `CancellationError`.
    func post(_ body: Data, deadline: Double) async throws -> Data {
        let lines = ["Content-Type: application/json", "Accept: application/json"] + headers
        let response: HTTPResponse
        do throws(HTTPFailure) {
            response = try await HTTPClient.perform(
                HTTPRequest(
                    url: base + path, body: body, headers: lines, deadline: deadline, maximumBytes: Self.maximumBytes))
        } catch {
            throw translate(error, deadline: deadline)
        }
        return try checked(response)
    }

    private func translate(_ failure: HTTPFailure, deadline: Double) -> any Error {
        switch failure.kind {
        case .cancelled: CancellationError()
        case .timedOut:
            ModelFailure(.timedOut, "no answer within \(Self.seconds(deadline)) s", wasSent: failure.wasSent)
        case .tooLarge: ModelFailure(.tooLong, "the answer is longer than \(Self.maximumBytes) bytes")
        case .unreachable: ModelFailure(.unreachable, failure.message, wasSent: failure.wasSent)
        case .dropped: ModelFailure(.dropped, failure.message, wasSent: failure.wasSent)
        case .invalid: Failure(.badInput, "the model server's address cannot be used: \(failure.message)")
        }
    }

    private static func seconds(_ value: Double) -> String { String(format: "%.3g", value) }

    private func checked(_ response: HTTPResponse) throws(ModelFailure) -> Data {
        let isJSON = response.contentType == "application/json"
        guard response.status == 200 else { throw refusal(response, isJSON: isJSON) }
        guard isJSON else {
            let type = response.contentType.isEmpty ? "no content type" : "\"\(oneLine(response.contentType))\""
            throw ModelFailure(.badAnswer, "expected application/json, the server sent \(type)")
        }
        return response.body
    }

    private func refusal(_ response: HTTPResponse, isJSON: Bool) -> ModelFailure {
        let error = isJSON ? ErrorForm.read(response.body)?.error : nil
        let status = "HTTP \(response.status)"
        // Where the key is the matter, the server's own words often repeat part of it.
        if response.status == 401 || response.status == 403 {
            return ModelFailure(.invalidKey, "\(status): the server does not accept the key")
        }
        let words = status + (error?.message.map { ": \(oneLine($0))" } ?? "")
        let names = [error?.type, error?.code, error?.reason].compactMap { $0 }
        return ModelFailure(kind(response.status, names), words, retryAfter: response.retryAfter)
    }

    /// - Parameter names: what the API calls the error.
    private func kind(_ status: Int, _ names: [String]) -> ModelFailure.Kind {
        if names.contains(where: Self.tooLong.contains) { return .contextExceeded }
        if names.contains(where: Self.noModel.contains) { return .unknownModel }
        switch status {
        case 402: return .outOfCredit
        case 404: return .unknownModel
        case 429: return names.contains(where: Self.noCredit.contains) ? .outOfCredit : .rateLimited
        case 408, 409, 425, 500...: return .serverError
        default: return .refusedRequest
        }
    }

    // Names that tell more than the status; docs/model-facts.md says whose they are.
    private static let tooLong: Set = [
        "exceed_context_size_error", "context_length_exceeded", "string_above_max_length",
    ]
    private static let noModel: Set = ["model_not_available", "model_not_found"]
    /// Errors of a kind that no waiting mends, though they come as 429.
    private static let noCredit: Set = [
        "insufficient_quota", "credit_balance_exhausted", "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded", "organization_usage_limit_exceeded", "enforced_spend_limit_reached",
    ]

    /// At most 200 characters without line breaks and without the key: a server's own words, made fit for one line.
    func oneLine(_ text: String) -> String {
        let clean = key?.removed(from: text) ?? text
        return String(clean.prefix(200).map { $0.isNewline || $0.isASCII && $0 < " " ? " " : $0 })
    }

    /// - Throws: `ModelFailure(.badAnswer)` when the bytes are not of the form.
    func decode<Form: Decodable>(_ form: Form.Type, from body: Data, called name: String) throws(ModelFailure) -> Form {
        do {
            return try JSONDecoder().decode(form, from: body)
        } catch {
            throw ModelFailure(.badAnswer, "the \(body.count) bytes are not a complete \(name)")
        }
    }

    /// `{"error": {"message": …, "type": …, "code": …}}`: OpenAI's, Anthropic's and llama.cpp's errors alike. Gemini's may
    /// stand in a list.
    private struct ErrorForm: Decodable {
        struct Detail: Decodable {
            var message: String?
            var type: String?
            /// A name with OpenAI, the HTTP status with llama.cpp.
            var code: String?
            /// Anthropic's closer name, in `details`.
            var reason: String?

            // swift-format-ignore: AlwaysUseLowerCamelCase
            private struct Details: Decodable { var error_code: String? }

            enum CodingKeys: CodingKey { case message, type, code, details }

            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                message = try? values.decode(String.self, forKey: .message)
                type = try? values.decode(String.self, forKey: .type)
                code = try? values.decode(String.self, forKey: .code)
                reason = try? values.decode(Details.self, forKey: .details).error_code
            }
        }

        var error: Detail

        static func read(_ body: Data) -> ErrorForm? {
            let decoder = JSONDecoder()
            return (try? decoder.decode(ErrorForm.self, from: body))
                ?? (try? decoder.decode([ErrorForm].self, from: body))?.first
        }
    }
}
