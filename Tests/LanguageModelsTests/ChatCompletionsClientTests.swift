import Foundation
import LanguageModels
import LoopbackHTTP
import Testing

@Suite("Chat Completions client", .timeLimit(.minutes(1)))
struct ChatCompletionsClientTests {
    private func sent(
        _ request: ModelRequest, traits: APITraits, model: String? = nil, answer: String = "return x;"
    ) async throws -> (body: Substring, answer: ModelAnswer) {
        let server = try LoopbackServer { $0.respond(APIForm.chat.answer(answer)) }
        let client = ChatCompletionsClient(
            name: "test", base: server.base + "/v1", key: nil, model: model, traits: traits)
        let found = try await client.complete(request)
        let text = try #require(server.requests.first)
        #expect(!text.contains("Authorization"), "no key was given")
        return (text[try #require(text.range(of: "\r\n\r\n")).upperBound...], found)
    }

    @Test("a llama.cpp server is sent prompt, grammar, seed, limit and temperature")
    func llama() async throws {
        let request = modelRequest(grammar: "root ::= \"x\"", maxTokens: 33)
        #expect(
            try await sent(request, traits: .llamaServer).body
                == #"{"cache_prompt":true,"grammar":"root ::= \"x\"","max_tokens":33,"messages":["#
                + #"{"content":"You write C.","role":"system"},{"content":"Write \"one\".","role":"user"}],"#
                + #""seed":7,"stream":false,"temperature":0.5}"#)
    }

    @Test("another server is sent no grammar, and its model's name")
    func plain() async throws {
        let body = try await sent(modelRequest(grammar: "root ::= \"x\""), traits: APITraits(), model: "m-1").body
        #expect(!body.contains("grammar") && !body.contains("cache_prompt") && body.contains(#""model":"m-1""#))
    }

    @Test("a server that holds to a schema sends an object, and what is in it is the answer")
    func schema() async throws {
        let traits = APITraits(constraint: .schema, limitsCompletion: true)
        let (body, answer) = try await sent(modelRequest(), traits: traits, answer: #"{"code": "return\n x;"}"#)
        #expect(
            body.contains(
                #""response_format":{"json_schema":{"name":"activation","schema":{"additionalProperties":false"#))
        #expect(body.contains(#""max_completion_tokens":16"#) && !body.contains("max_tokens"))
        #expect(answer.text == "return\n x;")
        #expect(try await sent(modelRequest(), traits: traits, answer: "return y;").answer.text == "return y;")
    }
}
