import EvolveTypes
import Foundation
import Glibc
import LanguageModels
import LoopbackHTTP
import Testing

/// A request whose parts a test can tell apart.
func modelRequest(
    grammar: String? = nil, maxTokens: Int = 16, seed: UInt32 = 7, deadline: Double = 30, index: Int = 0
) -> ModelRequest {
    ModelRequest(
        system: "You write C.", user: "Write \"one\".", grammar: grammar, temperature: 0.5, maxTokens: maxTokens,
        seed: seed, deadline: deadline, index: index)
}

@Suite("Every form of HTTP that models are asked in", .timeLimit(.minutes(1)))
struct APIConformanceTests {
    private static let key = "sk-canary-0123456789"

    private func complete(
        _ form: APIForm, _ request: ModelRequest = modelRequest(), traits: APITraits = APITraits(),
        _ respond: @escaping @Sendable (Connection) -> Void
    ) async throws -> (answer: ModelAnswer, sent: String) {
        let server = try LoopbackServer(respond)
        let answer = try await form.client(server.base, key: Self.key, traits: traits).complete(request)
        return (answer, server.requests.first ?? "")
    }

    private func failure(
        _ form: APIForm, deadline: Double = 30, _ respond: @escaping @Sendable (Connection) -> Void
    ) async -> ModelFailure? {
        do {
            _ = try await complete(form, modelRequest(deadline: deadline), respond)
            return nil
        } catch {
            return error as? ModelFailure
        }
    }

    @Test("an answer is decoded with its token counts", arguments: APIForm.allCases)
    func decodes(form: APIForm) async throws {
        let (answer, sent) = try await complete(form) {
            $0.respond(form.answer("return x;"), type: "application/json; charset=utf-8")
        }
        #expect(answer == ModelAnswer(text: "return x;", usage: TokenUsage(prompt: 11, completion: 4)))
        #expect(sent.hasPrefix("POST \(form.path) HTTP/1.1\r\n") && sent.contains(form.keyLine(Self.key)))
        #expect(sent.contains(#""model":"m-1""#) && sent.contains(#""max_tokens":16"#))
    }

    @Test("an answer cut at the token limit says so", arguments: APIForm.allCases)
    func truncation(form: APIForm) async throws {
        #expect(try await complete(form) { $0.respond(form.answer("re", ending: .cut)) }.answer.truncated)
    }

    @Test(
        "an answer without text is empty, one held back is declined, and both have their price",
        arguments: APIForm.allCases)
    func noText(form: APIForm) async {
        for body in [form.answer(nil), form.answer("")] {
            let empty = await failure(form) { $0.respond(body) }
            #expect(empty?.kind == .empty && empty?.usage == TokenUsage(prompt: 11, completion: 4))
        }
        let declined = await failure(form) { $0.respond(form.answer(nil, ending: .declined)) }
        #expect(declined?.kind == .declined && declined?.usage.prompt == 11)
    }

    @Test(
        "the beginning of an answer goes out as the assistant's where servers go on from it, and nowhere else",
        arguments: APIForm.allCases)
    func beginning(form: APIForm) async throws {
        var request = modelRequest()
        request.stop = ["}"]
        for beginning in ["float f() {", "return"] {
            request.prefill = beginning
            let (answer, sent) = try await complete(form, request, traits: APITraits(continues: true)) {
                $0.respond(form.answer("return x;"))
            }
            #expect(sent.contains(#"{"content":"\#(beginning)","role":"assistant"}]"#))
            #expect(sent.contains("[\"}\"]"))
            #expect(answer.text == (beginning == "return" ? "return x;" : "float f() {return x;"))
        }
        let (answer, sent) = try await complete(form, request) { $0.respond(form.answer("return x;")) }
        #expect(!sent.contains("assistant") && answer.text == "return x;")
    }

    @Test("what a server refuses is left out", arguments: APIForm.allCases)
    func omits(form: APIForm) async throws {
        var request = modelRequest()
        request.stop = ["}"]
        let traits = APITraits(omits: APITraits.Parameter.allCases)
        let (_, sent) = try await complete(form, request, traits: traits) { $0.respond(form.answer("x")) }
        for word in ["temperature", "seed", "stop", "grammar", "cache_prompt"] { #expect(!sent.contains("\"\(word)")) }
    }

    @Test("bodies that are no complete answer are bad answers", arguments: APIForm.allCases)
    func badBodies(form: APIForm) async {
        let whole = form.answer("return x;")
        for body in ["", "{", "[]", "null", "{}", String(whole.dropLast(60)), #"{"choices":[],"content":7}"#] {
            #expect(await failure(form) { $0.respond(body) }?.kind == .badAnswer, "\(body)")
        }
    }

    @Test("an answer of another media type is refused though it would decode", arguments: APIForm.allCases)
    func contentType(form: APIForm) async {
        for type in ["text/html", "text/event-stream", nil] {
            let found = await failure(form) { $0.respond(form.answer("x"), type: type) }
            #expect(found?.kind == .badAnswer && found?.detail.contains("application/json") == true)
        }
    }

    @Test(
        "an HTTP status is a typed failure",
        arguments: [
            ("400 Bad", "invalid_request_error", ModelFailure.Kind.refusedRequest),
            ("400 Bad", "exceed_context_size_error", .contextExceeded), ("401 No", "authentication_error", .invalidKey),
            ("403 No", "permission_error", .invalidKey), ("402 Pay", "billing_error", .outOfCredit),
            ("404 What", "not_found_error", .unknownModel), ("413 Large", "request_too_large", .refusedRequest),
            ("429 Slow", "rate_limit_error", .rateLimited), ("429 Pay", "insufficient_quota", .outOfCredit),
            ("429 Pay", "credit_balance_exhausted", .outOfCredit),
            ("400 Gone", "model_not_available", .unknownModel),
            ("500 Oops", "api_error", .serverError), ("503 Busy", "unavailable_error", .serverError),
            ("529 Busy", "overloaded_error", .serverError), ("302 There", "moved", .refusedRequest),
        ])
    func statuses(status: String, type: String, kind: ModelFailure.Kind) async {
        for form in APIForm.allCases {
            let found = await failure(form) {
                $0.respond(
                    #"{"error":{"code":\#(status.prefix(3)),"type":"\#(type)","message":"so it\nis"}}"#, status: status)
            }
            #expect(found?.kind == kind)
            #expect(found?.detail.hasPrefix("HTTP \(status.prefix(3))") == true)
            #expect(kind == .invalidKey || found?.detail.hasSuffix(": so it is") == true)
        }
    }

    @Test("errors are read in a list, and by Anthropic's closer name, too")
    func errorForms() async {
        let listed = await failure(.chat) {
            $0.respond(#"[{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}}]"#, status: "429 Slow")
        }
        #expect(listed?.kind == .rateLimited && listed?.detail == "HTTP 429: slow")
        let capped = await failure(.messages) {
            $0.respond(
                #"{"type":"error","error":{"type":"rate_limit_error","message":"cap","details":{"error_code":"enforced_spend_limit_reached"}}}"#,
                status: "429 Slow")
        }
        #expect(capped?.kind == .outOfCredit)
    }

    @Test("the seconds of Retry-After are read, as a number and as a date by the server's own clock")
    func retryAfter() async {
        func waits(_ lines: String) async -> Double? {
            await failure(.chat) {
                $0.send("HTTP/1.1 429 Slow\r\n\(lines)Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            }?.retryAfter
        }
        #expect(await waits("Retry-After: 17\r\n") == 17)
        #expect(await waits("retry-after: 0.5\r\n") == 0.5)
        #expect(await waits("Retry-After: -3\r\n") == 0)
        #expect(await waits("Retry-After: soon\r\n") == nil)
        #expect(await waits("") == nil)
        let date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        #expect(await waits(date + "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\n") == 30)
        #expect(await waits(date + "Retry-After: Sun, 06 Nov 1994 08:00:00 GMT\r\n") == 0)
        #expect(await waits("Retry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\n") == nil)
    }

    @Test(
        "silence and a trickle are time-outs, a lost connection is dropped, endless bytes are too long",
        arguments: APIForm.allCases)
    func transport(form: APIForm) async {
        #expect(await failure(form, deadline: 0.3) { _ in sleep(20) }?.kind == .timedOut)
        let trickle = await failure(form, deadline: 0.5) { connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while connection.send(" ") { usleep(20_000) }
        }
        #expect(trickle?.kind == .timedOut)
        #expect(await failure(form) { _ in }?.kind == .dropped)
        let half = await failure(form) {
            $0.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"a\":")
        }
        #expect(half?.kind == .dropped)
        #expect(await failure(form) { $0.send("SSH-2.0-OpenSSH_9.2\r\n") }?.kind == .dropped)
        let endless = await failure(form) { connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while connection.send(String(repeating: " ", count: 65_536)) {}
        }
        #expect(endless?.kind == .tooLong)
        do {
            _ = try await form.client("http://127.0.0.1:1").complete(modelRequest())
            Issue.record("nobody listens on port 1")
        } catch {
            #expect((error as? ModelFailure)?.kind == .unreachable)
        }
    }

    @Test("a key that the server repeats is taken out, in errors and in answers", arguments: APIForm.allCases)
    func canary(form: APIForm) async throws {
        let key = Self.key
        var seen: [String] = []
        for status in ["400 Bad", "401 No", "403 No", "404 What", "429 Slow", "500 Oops"] {
            for body in [#"{"error":{"message":"you sent \#(key)","type":"\#(key)"}}"#, "<h1>\(key)</h1>", key] {
                let found = await failure(form) { $0.respond(body, status: status) }
                seen.append("\(String(describing: found)) \(found.map { "\($0)" } ?? "")")
            }
        }
        let type = await failure(form) { $0.respond("", type: "text/\(key)") }
        seen.append("\(String(describing: type))")
        let (answer, _) = try await complete(form) { $0.respond(form.answer("return \(key);")) }
        #expect(answer.text == "return [key];")
        seen.append("\(answer) \(form.client("http://x", key: key))")
        dump(form.client("http://x", key: key), to: &seen[0])
        #expect(seen.allSatisfy { !$0.contains("canary") }, "\(seen)")
    }

    @Test("a key that no header can carry is none", arguments: ["", "a b", "a\r\nX: y", "ключ"])
    func badKey(text: String) { #expect(APIKey(text) == nil) }

    @Test("a cancelled task throws CancellationError, not a model's failure", arguments: APIForm.allCases)
    func cancellation(form: APIForm) async throws {
        let task = Task { try await complete(form) { _ in sleep(20) }.answer }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
