import EvolveTypes
import Foundation
import Glibc
import LanguageModels
import Testing

/// A request whose parts a test can tell apart.
func modelRequest(
    grammar: String? = nil, maxTokens: Int = 16, seed: UInt32 = 7, deadline: Double = 30, index: Int = 0
) -> ModelRequest {
    ModelRequest(
        system: "You write C.", user: "Write \"one\".", grammar: grammar, temperature: 0.5, maxTokens: maxTokens,
        seed: seed, deadline: deadline, index: index)
}

@Suite("Chat Completions client", .timeLimit(.minutes(1)))
struct ChatCompletionsClientTests {
    private static let answer = """
        {"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"return x;"}}],
        "usage":{"prompt_tokens":11,"completion_tokens":4,"total_tokens":15}}
        """

    private func complete(
        _ request: ModelRequest = modelRequest(), key: String? = nil, model: String? = nil, isLlamaServer: Bool = true,
        _ respond: @escaping @Sendable (Connection) -> Void
    ) async throws -> (answer: ModelAnswer, sent: String) {
        let server = try LoopbackServer(respond)
        let client = ChatCompletionsClient(
            name: "test", base: server.base, key: key, model: model, isLlamaServer: isLlamaServer)
        return (try await client.complete(request), server.requests.first ?? "")
    }

    private func failure(
        deadline: Double = 30, _ respond: @escaping @Sendable (Connection) -> Void
    ) async -> ModelFailure? {
        do {
            _ = try await complete(modelRequest(deadline: deadline), key: "secret-key", respond)
            return nil
        } catch {
            return error as? ModelFailure
        }
    }

    @Test("an answer is decoded with its token counts")
    func decodes() async throws {
        let (answer, _) = try await complete { $0.respond(Self.answer, type: "application/json; charset=utf-8") }
        #expect(answer == ModelAnswer(text: "return x;", promptTokens: 11, completionTokens: 4, truncated: false))
    }

    @Test("an answer cut at the token limit says so")
    func truncation() async throws {
        let (answer, _) = try await complete {
            $0.respond(Self.answer.replacingOccurrences(of: "stop", with: "length"))
        }
        #expect(answer.truncated)
    }

    @Test("the request carries prompt, grammar, seed, limit, temperature and key")
    func sends() async throws {
        let request = modelRequest(grammar: "root ::= \"x\"", maxTokens: 33)
        let (_, sent) = try await complete(request, key: "secret-key") { $0.respond(Self.answer) }
        #expect(sent.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
        #expect(sent.contains("\r\nAuthorization: Bearer secret-key\r\n"))
        #expect(sent.contains("\r\nContent-Type: application/json\r\n"))
        let body = try #require(sent.range(of: "\r\n\r\n")).upperBound
        #expect(
            sent[body...] == #"{"cache_prompt":true,"grammar":"root ::= \"x\"","max_tokens":33,"messages":["#
                + #"{"content":"You write C.","role":"system"},{"content":"Write \"one\".","role":"user"}],"#
                + #""seed":7,"stream":false,"temperature":0.5}"#)
    }

    @Test("the beginning of the answer goes out as the assistant's, and is part of the answer whether echoed or not")
    func prefill() async throws {
        var request = modelRequest()
        request.stop = ["}"]
        for beginning in ["float f() { ", "return"] {
            request.prefill = beginning
            let (answer, sent) = try await complete(request) { $0.respond(Self.answer) }
            #expect(sent.contains(#"{"content":"\#(beginning)","role":"assistant"}]"#))
            #expect(sent.contains(#""stop":["}"]"#))
            #expect(answer.text == (beginning == "return" ? "return x;" : "float f() { return x;"))
        }
    }

    @Test("a server that is not llama.cpp's is sent no grammar, no beginning, and no key that was not given")
    func sendsPlain() async throws {
        var request = modelRequest(grammar: "root ::= \"x\"")
        request.prefill = "float f() { "
        let (_, sent) = try await complete(request, model: "m-1", isLlamaServer: false) { $0.respond(Self.answer) }
        #expect(
            !sent.contains("grammar") && !sent.contains("assistant") && !sent.contains("cache_prompt")
                && !sent.contains("Authorization"))
        #expect(sent.contains(#""model":"m-1""#))
    }

    @Test(
        "bodies that are no complete answer are bad answers",
        arguments: [
            "", "{", String(answer.dropLast(40)), #"{"choices":[]}"#, #"{"choices":[{"message":{"content":null}}]}"#,
            #"{"choices":[{"message":{"content":""}}]}"#, #"{"choices":[{"message":{"content":7}}]}"#, "[]",
        ])
    func badBodies(body: String) async {
        #expect(await failure { $0.respond(body) }?.kind == .badAnswer)
    }

    @Test("an answer of another media type is refused though it would decode", arguments: ["text/html", nil])
    func contentType(type: String?) async {
        let found = await failure { $0.respond(Self.answer, type: type) }
        #expect(found?.kind == .badAnswer)
        #expect(found?.detail.contains("application/json") == true)
    }

    @Test("an error status is a server error that quotes the server in one line and never the key")
    func serverError() async throws {
        let found = await failure {
            $0.respond(#"{"error":{"code":503,"message":"Loading\nmodel"}}"#, status: "503 Service Unavailable")
        }
        #expect(found == ModelFailure(.serverError, "HTTP 503: Loading model"))
        let html = await failure { $0.respond("<h1>secret-key</h1>", status: "500 Oops", type: "text/html") }
        #expect(html == ModelFailure(.serverError, "HTTP 500"))
    }

    @Test("silence is a time-out, a lost connection is unreachable, endless bytes are a bad answer")
    func transport() async {
        #expect(await failure(deadline: 0.2) { _ in sleep(20) }?.kind == .timedOut)
        #expect(await failure { _ in }?.kind == .unreachable)
        let endless = await failure { connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while connection.send(String(repeating: " ", count: 65_536)) {}
        }
        #expect(endless?.kind == .badAnswer)
    }

    @Test("a cancelled task throws CancellationError, not a model's failure")
    func cancellation() async throws {
        let task = Task { try await complete { _ in sleep(20) }.answer }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
