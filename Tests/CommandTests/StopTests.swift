import Foundation
import Glibc
import LoopbackHTTP
import Testing

/// Runs that are told to stop while a provider answers, and workers that are told to start too early.
@Suite("A stop")
struct StopTests {
    private struct Line: Decodable {
        struct Answer: Decodable { var fault: String? }
        var answer: Answer?
    }

    private static func answers(_ evolve: EvolveProgram, _ store: String) async throws -> [Line.Answer] {
        let name = "\(UUID().uuidString).jsonl"
        let exported = try await evolve("store", "export", store, "-o", name)
        #expect(exported.status == 0, "\(exported.error)")
        return try Data(contentsOf: evolve.folder.appending(path: name)).split(separator: 10)
            .compactMap { try JSONDecoder().decode(Line.self, from: Data($0)).answer }
    }

    @Test(
        "lets answers that are under way come in: all that the provider served is on record, and nothing is written off",
        .timeLimit(.minutes(2)), arguments: [SIGINT, SIGTERM, SIGUSR1])
    func answersUnderWay(signal: Int32) async throws {
        try await EvolveProgram.with { plain in
            let server = try LoopbackServer { connection in
                usleep(1_200_000)
                connection.respond(
                    #"{"choices":[{"finish_reason":"stop","message":{"content":"#
                        + #""// r\\nfloat activation(float x) { return x + 0.3f * sinf(x); }"}}],"#
                        + #""usage":{"prompt_tokens":400,"completion_tokens":40}}"#)
            }
            let evolve = try APIRunTests.install(plain, port: server.port)
            let run = try Background(evolve, ["run", "tiny", "--model", "provider", "--store", "t.evolve"])
            while server.requests.isEmpty { usleep(20_000) }
            run.send(signal)
            #expect(run.wait(seconds: 5) == 75, "\(run.error)")
            #expect(run.error.contains("under way, waited for \(signal == SIGUSR1 ? 20 : 3) s at most"), "\(run.error)")
            let asked = server.requests.count
            let answers = try await Self.answers(evolve, "t.evolve")
            #expect(asked > 0 && answers.count == asked, "\(answers.count) of \(asked)")
            #expect(try await evolve("resume", "t.evolve").status == 0)
            let all = try await Self.answers(evolve, "t.evolve")
            #expect(all.allSatisfy { $0.fault == nil } && all.count == server.requests.count)
        }
    }

    @Test("a second signal ends it at once", .timeLimit(.minutes(1)))
    func twice() async throws {
        try await EvolveProgram.with { plain in
            let server = try LoopbackServer { _ in sleep(30) }
            let evolve = try APIRunTests.install(plain, port: server.port)
            let run = try Background(evolve, ["run", "tiny", "--model", "provider", "--store", "t.evolve"])
            while server.requests.isEmpty { usleep(20_000) }
            run.send(SIGUSR1)
            usleep(700_000)
            #expect(run.isRunning && run.error.contains("waited for 20 s at most"), "\(run.error)")
            run.send(SIGTERM)
            #expect(run.wait(seconds: 2) == 75)
        }
    }

    @Test("a worker that comes before its run waits for it, and can be told not to", .timeLimit(.minutes(2)))
    func early() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain)
            let worker = try Background(evolve, ["worker", "--store", "t.evolve", "--workers", "1"])
            let other = try Background(evolve, ["worker", "--store", "never.evolve", "--workers", "1"])
            while !worker.error.contains("there is no run in t.evolve yet: waiting up to 60 s for one")
                || !other.error.contains("never.evolve yet")
            { usleep(20_000) }
            other.send(SIGTERM)
            #expect(other.wait(seconds: 5) == 75)
            #expect(other.error.hasSuffix("stopped before there was a run in never.evolve\n"), "\(other.error)")
            let run = try await evolve("run", "tiny", "--store", "t.evolve", "--workers", "1")
            #expect(run.status == 0, "\(run.error)")
            #expect(worker.wait(seconds: 30) == 0, "\(worker.error)")
        }
    }
}
