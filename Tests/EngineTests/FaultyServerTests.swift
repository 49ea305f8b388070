import Engine
import Evaluation
import EvolveTypes
import Foundation
import Glibc
import LanguageModels
import LoopbackHTTP
import Population
import RunStore
import RunStoreSQLite
import Synchronization
import Testing

/// A Chat Completions server that does to its callers whatever servers have been seen to do; request by request in turn.
private final class MisbehavingServer: Sendable {
    static let key = "sk-canary-4f1d9c"
    static let moods = 20

    private let count = Mutex(0)

    func respond(_ connection: Connection) {
        let number = count.withLock { count in
            defer { count += 1 }
            return count
        }
        let good = """
            {"choices":[{"finish_reason":"stop","message":{"content":"// wave \(number)\\nfloat activation(float x) \
            { return x + \(number % 37).5f * sinf(\(number % 11).25f * x); }"}}],"usage":{"prompt_tokens":100,"completion_tokens":20}}
            """
        let error = #"{"error":{"message":"you, \#(Self.key), ask too much"}}"#
        switch number % Self.moods {
        case 0:
            connection.send(
                "HTTP/1.1 429 Slow\r\nRetry-After: 0.02\r\nContent-Type: application/json\r\nContent-Length: \(error.utf8.count)\r\n\r\n\(error)"
            )
        case 1: connection.respond(error, status: "500 Oops")
        case 2: connection.respond("<h1>Bad gateway \(Self.key)</h1>", status: "502 Bad", type: "text/html")
        case 3: break
        case 4: sleep(4)
        case 5: connection.respond(String(good.dropLast(40)))
        case 6: connection.respond("{\"choices\": nonsense")
        case 7: connection.respond(good, type: "text/event-stream")
        case 8:
            connection.respond(
                #"{"choices":[{"finish_reason":"stop","message":{"content":""}}],"usage":{"prompt_tokens":100,"completion_tokens":0}}"#
            )
        case 9:
            connection.respond(
                #"{"choices":[{"finish_reason":"stop","message":{"refusal":"I will not, \#(Self.key)"}}]}"#)
        case 10:
            let megabyte = String(repeating: "x", count: 1 << 20)
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(10 << 20)\r\n\r\n")
            for _ in 0..<10 where connection.send(megabyte) {}
        case 11:
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while connection.send(" ") { usleep(20_000) }
        case 12: connection.send("220 mail.example ESMTP\r\n")
        case 13: connection.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{")
        case 14: connection.respond(error, status: "400 Bad")
        case 15: connection.respond(good.replacing("sinf", with: "\(Self.key)"))
        default: connection.respond(good)
        }
    }
}

@Suite("A run with a server that misbehaves in every way", .timeLimit(.minutes(3)))
struct FaultyServerTests {
    private func client(_ base: String) -> ChatCompletionsClient {
        ChatCompletionsClient(
            name: "faulty", base: base + "/v1", key: APIKey(MisbehavingServer.key), model: "m", traits: APITraits())
    }

    /// Nearly all slots ask the model.
    private func policy(slots: Int) -> RunPolicy {
        var policy = EngineFixture.policy(slots: slots, lookahead: 64)
        for index in policy.islands.indices {
            policy.islands[index].operators = [IslandPolicy.OperatorShare(kind: .modelRewrite, weight: 1)]
        }
        policy.retest = nil
        policy.models = ModelPolicy([ModelPolicy.Choice(.scripted("none", name: "faulty"))])
        return policy
    }

    @Test("ends by itself with every request accounted for, tree operators standing in, and the key nowhere")
    func everything() async throws {
        let misbehaving = MisbehavingServer()
        let server = try LoopbackServer { misbehaving.respond($0) }
        let policy = policy(slots: 505)
        let path = NSTemporaryDirectory() + "faulty-\(getpid()).evolve"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let store = try SQLiteRunStore.create(at: path, manifest: EngineFixture.manifest(policy))
        let told = Mutex<[String]>([])
        let start = ContinuousClock.now
        let clock: @Sendable () -> Double = { (ContinuousClock.now - start) / .seconds(1) }
        let model = GuardedModel(
            client(server.base), retries: RetryPolicy(requests: 3, firstWait: 0.01, longestWait: 0.05),
            breaker: CircuitBreaker(limit: 4, firstPause: 0.05, longestPause: 0.2), clock: clock,
            observe: { event in told.withLock { $0.append("\(event)") } })
        let ending = try await EngineFixture.run(policy, store: store, model: model, modelDeadline: 2) { event in
            told.withLock { $0.append("\(event)") }
        }.execute(stop: StopSignal())
        #expect(ending == .complete)

        let answers = try store.answers()
        let slots = try store.slots(from: 0)
        #expect(answers.count == 500, "one call for each slot that is no seed program")
        let requests = answers.reduce(0) { $0 + ($1.requests ?? 0) }
        // What was given up while the server had not yet read it is counted by it a moment later.
        for _ in 0..<100 where server.requests.count < requests { try await Task.sleep(for: .milliseconds(50)) }
        #expect(requests == server.requests.count)
        let faults = Set(answers.flatMap { ($0.earlier ?? []).map(\.kind) + [$0.fault].compactMap { $0 } })
        let expected: [ModelFailure.Kind] = [
            .rateLimited, .serverError, .dropped, .timedOut, .badAnswer, .empty, .declined, .tooLong, .refusedRequest,
        ]
        #expect(faults.isSuperset(of: expected.map(\.rawValue)), "\(faults)")
        let standIns = slots.filter { $0.standIn == "tree-mutation" }
        #expect(standIns.count > 10 && standIns.allSatisfy { $0.source != nil && $0.model == "faulty" })
        #expect(slots.count { $0.model == "faulty" } > 100)

        let digest = try RunDigest.of(store)
        try store.close()
        let kept = [path, path + "-wal"].map { FileManager.default.contents(atPath: $0) ?? Data() }
        #expect(kept[0].count > 100_000)
        #expect(kept.allSatisfy { $0.range(of: Data(MisbehavingServer.key.utf8)) == nil })
        #expect(told.withLock { $0.allSatisfy { !$0.contains("canary") } })
        // 500 calls, 64 at a time, of at most 2 seconds.
        #expect(ContinuousClock.now - start < .seconds(150))

        // The record alone makes the same run.
        let again = InMemoryRunStore(manifest: try EngineFixture.manifest(policy, replay: true))
        for answer in answers { try again.record(answer) }
        _ = try await EngineFixture.run(policy, store: again, replay: true, model: ForbiddenModel())
            .execute(stop: StopSignal())
        #expect(try RunDigest.of(again) == digest)
    }

    @Test("a key that is not accepted stops the run at once with a clear line; with a good one it goes on")
    func invalidKey() async throws {
        let policy = policy(slots: 25)
        let store = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        let strict = try LoopbackServer { $0.respond("{}", status: "401 No") }
        let failure = await #expect(throws: Failure.self) {
            try await EngineFixture.run(policy, store: store, model: client(strict.base)).execute(stop: StopSignal())
        }
        #expect(failure?.kind == .unavailable)
        #expect(failure?.message.contains("the model faulty cannot be used: invalid key: HTTP 401") == true)
        let asked = store.answers()
        #expect(!asked.isEmpty && asked.allSatisfy { $0.fault == "invalid key" && $0.requests == 1 })
        #expect(strict.requests.count <= policy.lookahead)

        let run = try EngineFixture.run(policy, store: store)
        #expect(try await run.execute(stop: StopSignal()) == .complete)
        let slots = Set(asked.map(\.slot))
        #expect(store.answers().filter { slots.contains($0.slot) && $0.attempt == 1 }.map(\.slot).count == slots.count)
        let undisturbed = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        _ = try await EngineFixture.run(policy, store: undisturbed).execute(stop: StopSignal())
        #expect(store.slots(from: 0).map(\.source) == undisturbed.slots(from: 0).map(\.source))
        // What was asked in vain counts, in the run and in its replay.
        func requests(_ slots: [SlotRecord]) -> Int {
            slots.reduce(0) { $0 + ($1.spend?.values.reduce(0) { $0 + $1.requests } ?? 0) }
        }
        #expect(requests(store.slots(from: 0)) == requests(undisturbed.slots(from: 0)) + asked.count)
        let again = InMemoryRunStore(manifest: try EngineFixture.manifest(policy, replay: true))
        for answer in store.answers() { try again.record(answer) }
        _ = try await EngineFixture.run(policy, store: again, replay: true).execute(stop: StopSignal())
        #expect(try RunDigest.of(again) == RunDigest.of(store))
    }
}
