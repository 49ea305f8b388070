import EvolveTypes
import Foundation
import LanguageModels
import Testing

/// A form of HTTP that models are asked in, for tests that every form passes.
enum APIForm: String, CaseIterable, CustomTestStringConvertible {
    case chat = "Chat Completions"
    case messages = "Messages"

    var testDescription: String { rawValue }

    func client(_ base: String, key: String? = nil, traits: APITraits = APITraits()) -> any LanguageModel {
        let key = key.flatMap { APIKey($0) }
        return switch self {
        case .chat: ChatCompletionsClient(name: "test", base: base + "/v1", key: key, model: "m-1", traits: traits)
        case .messages: MessagesClient(name: "test", base: base + "/v1", key: key, model: "m-1", traits: traits)
        }
    }

    /// A whole answer of 11 and 4 tokens.
    /// - Parameters:
    ///   - text: nil = none.
    ///   - ending: stopped | cut | declined.
    func answer(_ text: String?, ending: Ending = .stopped) -> String {
        let quoted = text.map { String(decoding: (try? JSONEncoder().encode($0)) ?? Data(), as: UTF8.self) }
        switch self {
        case .chat:
            let reason = [Ending.stopped: "stop", .cut: "length", .declined: "content_filter"][ending] ?? ""
            return """
                {"choices":[{"index":0,"finish_reason":"\(reason)","message":{"role":"assistant","content":\(quoted ?? "null")}}],
                "usage":{"prompt_tokens":11,"completion_tokens":4,"total_tokens":15}}
                """
        case .messages:
            let reason = [Ending.stopped: "end_turn", .cut: "max_tokens", .declined: "refusal"][ending] ?? ""
            let content = quoted.map { #"{"type":"thinking","thinking":"hm"},{"type":"text","text":\#($0)}"# } ?? ""
            return """
                {"type":"message","role":"assistant","content":[\(content)],"stop_reason":"\(reason)",
                "usage":{"input_tokens":6,"cache_read_input_tokens":5,"output_tokens":4}}
                """
        }
    }

    enum Ending { case stopped, cut, declined }

    /// Where the key stands in a request.
    func keyLine(_ key: String) -> String {
        switch self {
        case .chat: "\r\nAuthorization: Bearer \(key)\r\n"
        case .messages: "\r\nx-api-key: \(key)\r\n"
        }
    }

    var path: String { self == .chat ? "/v1/chat/completions" : "/v1/messages" }
}
