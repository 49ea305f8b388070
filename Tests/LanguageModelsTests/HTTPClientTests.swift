import Foundation
import Glibc
import LanguageModels
import LoopbackHTTP
import Testing

@Suite("HTTP client, against a server that misbehaves", .timeLimit(.minutes(1)))
struct HTTPClientTests {
    private func get(_ url: String, deadline: Double = 30, maximumBytes: Int = 1 << 16) async throws -> HTTPResponse {
        try await HTTPClient.perform(HTTPRequest(url: url, deadline: deadline, maximumBytes: maximumBytes))
    }

    private func failure(
        _ url: String, deadline: Double = 30, maximumBytes: Int = 1 << 16
    ) async -> (kind: HTTPFailure.Kind?, seconds: Double, message: String) {
        let start = ContinuousClock.now
        do {
            _ = try await get(url, deadline: deadline, maximumBytes: maximumBytes)
            return (nil, 0, "")
        } catch {
            let failure = error as? HTTPFailure
            return (failure?.kind, (ContinuousClock.now - start) / .seconds(1), failure?.message ?? "")
        }
    }

    @Test("a response is returned with its status, media type and body")
    func wholeResponse() async throws {
        let server = try LoopbackServer {
            $0.respond("héllo", status: "404 Not Found", type: "Text/Plain; charset=utf-8")
        }
        let response = try await get(server.base + "/path?q=1")
        #expect(response.status == 404)
        #expect(response.contentType == "text/plain")
        #expect(String(decoding: response.body, as: UTF8.self) == "héllo")
        #expect(server.requests.first?.hasPrefix("GET /path?q=1 HTTP/1.1\r\n") == true)
    }

    @Test("a POST carries its headers and its body unchanged, however long")
    func post() async throws {
        let server = try LoopbackServer { $0.respond("") }
        let body = String(repeating: "0123456789", count: 20_000)
        let response = try await HTTPClient.perform(
            HTTPRequest(
                url: server.base, body: Data(body.utf8), headers: ["Content-Type: text/x-test", "X-Key: a b"],
                deadline: 5, maximumBytes: 10))
        #expect(response.body.isEmpty)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("POST / HTTP/1.1\r\n"))
        #expect(request.contains("\r\nContent-Type: text/x-test\r\n") && request.contains("\r\nX-Key: a b\r\n"))
        #expect(request.hasSuffix("\r\n\r\n" + body))
        #expect(!request.contains("Expect:"), "else libcurl waits a second for 100 Continue")
    }

    @Test("a server that never answers ends at the deadline")
    func silent() async throws {
        let server = try LoopbackServer { _ in sleep(20) }
        let outcome = await failure(server.base, deadline: 0.3)
        #expect(outcome.kind == .timedOut)
        #expect((0.25..<10).contains(outcome.seconds))
    }

    @Test("a server that trickles for ever ends at the deadline, though bytes keep coming")
    func trickle() async throws {
        let server = try LoopbackServer { connection in
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send("x") { usleep(20_000) }
        }
        let outcome = await failure(server.base, deadline: 0.3)
        #expect(outcome.kind == .timedOut)
        #expect(outcome.seconds < 10)
    }

    @Test("a body longer than allowed is refused, announced or not", arguments: [true, false])
    func oversize(announced: Bool) async throws {
        let server = try LoopbackServer { connection in
            let chunk = String(repeating: "y", count: 4096)
            connection.send("HTTP/1.1 200 OK\r\n" + (announced ? "Content-Length: 100000000\r\n\r\n" : "\r\n"))
            while connection.send(chunk) {}
        }
        #expect(await failure(server.base, maximumBytes: 10_000).kind == .tooLarge)
    }

    @Test("a body of exactly the allowed length is accepted")
    func exactSize() async throws {
        let server = try LoopbackServer { $0.respond(String(repeating: "z", count: 100)) }
        #expect(try await get(server.base, maximumBytes: 100).body.count == 100)
        #expect(await failure(server.base, maximumBytes: 99).kind == .tooLarge)
    }

    @Test(
        "a connection that ends early is a dropped one, not a short answer",
        arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nonly this", "SSH-2.0-not-http\r\n"])
    func dropped(text: String) async throws {
        let server = try LoopbackServer { $0.send(text) }
        #expect(await failure(server.base).kind == .dropped)
    }

    @Test("a port where nobody listens is unreachable, and the message names it")
    func wrongPort() async throws {
        let port = try LoopbackPort.free()
        let outcome = await failure("http://127.0.0.1:\(port)/")
        #expect(outcome.kind == .unreachable)
        #expect(outcome.message.contains("\(port)"))
    }

    @Test("a redirect is handed back, not followed")
    func redirect() async throws {
        let server = try LoopbackServer {
            $0.send("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n")
        }
        #expect(try await get(server.base).status == 302)
        #expect(server.requests.count == 1)
    }

    @Test("addresses that are no http address are invalid", arguments: ["file:///etc/passwd", "", "http://"])
    func invalid(url: String) async {
        #expect(await failure(url).kind == .invalid)
    }

    @Test("a deadline that has passed is a time-out and nothing is sent")
    func passedDeadline() async throws {
        let server = try LoopbackServer { $0.respond("") }
        #expect(await failure(server.base, deadline: -1).kind == .timedOut)
        #expect(server.requests.isEmpty)
    }

    @Test("cancelling the task ends the transfer at once")
    func cancellation() async throws {
        let server = try LoopbackServer { _ in sleep(20) }
        let task = Task { await failure(server.base, deadline: 60).kind }
        for _ in 0..<500 where server.requests.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        #expect(server.requests.count == 1)
        let start = ContinuousClock.now
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(8))
    }

    @Test("many slow calls at once do not wait for one another")
    func concurrent() async throws {
        let server = try LoopbackServer { connection in
            sleep(1)
            connection.respond("ok")
        }
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 { group.addTask { try await get(server.base, deadline: 30).status } }
            for try await status in group { #expect(status == 200) }
        }
        #expect(ContinuousClock.now - start < .seconds(10), "one after the other they take 16 s")
    }
}
