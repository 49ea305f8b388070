import EvolveTypes
import Foundation
import Glibc
import Labs
import LoopbackHTTP
import Synchronization
import Testing

/// Workers of one run, killed at random instants and replaced, until the run is complete all the same.
@Suite("Runs whose workers are killed", .serialized)
struct KillTests {
    /// In all; EVOLVE_KILLS asks for others than 204.
    private static let kills =
        ProcessInfo.processInfo.environment["EVOLVE_KILLS"].flatMap { Int($0) } ?? 204

    struct Case: CustomTestStringConvertible, Sendable {
        var workers: Int
        var isShared: Bool
        var testDescription: String { "\(workers) on \(isShared ? "PostgreSQL" : "SQLite")" }
    }

    static let cases = [1, 2, 4].flatMap { workers in
        [false, PostgresLab.isUsable ? true : nil].compactMap(\.self).map { Case(workers: workers, isShared: $0) }
    }

    /// Answers each request by what it says, and counts.
    private final class Provider: Sendable {
        private let served = Mutex(0)
        /// Microseconds that an answer takes.
        private let delay: UInt32

        init(delay: UInt32 = 0) { self.delay = delay }

        var count: Int { served.withLock { $0 } }

        func respond(_ connection: Connection, _ request: String) {
            served.withLock { $0 += 1 }
            usleep(delay)
            var stream = RandomStream(key: [String(request.drop { $0 != "{" })])
            let number = stream.index(below: 90) + 10
            let text =
                number % 6 == 0
                ? "No." : "// ripple\\nfloat activation(float x) { return x * sigmoid(x) + 0.\(number)f * sinf(x); }"
            connection.respond(
                #"{"choices":[{"finish_reason":"stop","message":{"content":"\#(text)"}}],"#
                    + #""usage":{"prompt_tokens":400,"completion_tokens":40}}"#)
        }
    }

    @Test(
        "end with the digest of an undisturbed run, every slot once, no answer paid for twice",
        .timeLimit(.minutes(15)),
        arguments: cases)
    func kills(_ which: Case) async throws {
        try await EvolveProgram.with { plain in
            let provider = Provider()
            let server = try LoopbackServer { provider.respond($0, $1) }
            let evolve = try APIRunTests.install(plain, port: server.port)
            let start = ["run", "tiny", "--model", "provider", "--workers", "1", "--lease", "1"]
            let whole = try await evolve(start + ["--store", "whole.evolve"])
            #expect(whole.status == 0, "\(whole.error)")
            let expected = try await RunCommandTests.summary(evolve, "whole.evolve").digest

            var stream = RandomStream(key: ["kills", which.testDescription])
            let database = which.isShared ? try PostgresLab.shared().database() : nil
            var left = Self.kills / Self.cases.count
            var round = 0
            while left > 0 {
                round += 1
                let store = database.map { "\($0.address)&run=r\(round)" } ?? "r\(round).evolve"
                let before = provider.count
                let killed = try Self.disturb(evolve, start, store, which.workers, most: left, &stream)
                left -= killed
                let summary = try await RunCommandTests.summary(evolve, store)
                #expect(summary.digest == expected && summary.phase == "complete", "round \(round)")
                try await Self.check(evolve, store, paid: provider.count - before, killed: killed)
            }
            #expect(round >= 1)
        }
    }

    @Test(
        "a worker that is suspended for longer than its lease joins again, and what it was at is done once",
        .timeLimit(.minutes(3)), arguments: [false, true])
    func suspended(isShared: Bool) async throws {
        try await EvolveProgram.with { plain in
            guard !isShared || PostgresLab.isUsable else { return }
            // Slow, so that the worker is suspended while it waits for an answer.
            let provider = Provider(delay: 300_000)
            let server = try LoopbackServer { provider.respond($0, $1) }
            let evolve = try APIRunTests.install(plain, port: server.port)
            let start = ["run", "tiny", "--model", "provider", "--workers", "1", "--lease", "1"]
            _ = try await evolve(start + ["--store", "whole.evolve"])
            let store = isShared ? "\(try PostgresLab.shared().database().address)&run=s" : "s.evolve"
            let first = try Background(evolve, start + ["--store", store])
            while !Self.exists(evolve, store) { usleep(20_000) }
            let second = try Background(evolve, ["worker", "--store", store, "--workers", "1", "--lease", "1"])
            usleep(400_000)
            first.send(SIGSTOP)
            usleep(2_500_000)
            first.send(SIGCONT)
            #expect(first.wait(seconds: 60) == 0, "\(first.error)")
            #expect(second.wait(seconds: 60) == 0, "\(second.error)")
            let expected = try await RunCommandTests.summary(evolve, "whole.evolve").digest
            let digest = try await RunCommandTests.summary(evolve, store).digest
            let part = digest == expected ? "" : try await Self.parting(evolve, "whole.evolve", store)
            #expect(digest == expected, "\(part)")
        }
    }

    /// Where two runs part: the first lines of theirs that differ, without what may.
    private static func parting(_ evolve: EvolveProgram, _ one: String, _ other: String) async throws -> String {
        var runs: [[String]] = []
        for store in [one, other] {
            let file = "\(UUID().uuidString).jsonl"
            _ = try await evolve("store", "export", store, "-o", file)
            let lines = try Data(contentsOf: evolve.folder.appending(path: file)).split(separator: 10).dropFirst()
            runs.append(
                try lines.compactMap { line in
                    var entry = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] ?? [:]
                    if entry["answer"] != nil { return nil }
                    for (key, value) in entry {
                        guard var part = value as? [String: Any] else { continue }
                        for wall in ["times", "lost", "seconds", "createdAt"] { part[wall] = nil }
                        entry[key] = part
                    }
                    let bytes = try JSONSerialization.data(withJSONObject: entry, options: .sortedKeys)
                    return String(decoding: bytes, as: UTF8.self)
                })
        }
        let place = zip(runs[0], runs[1]).first { $0 != $1 }
        return place.map { "\n\($0)\n\($1)" } ?? "\(runs.map(\.count)) lines, alike as far as they go"
    }

    @Test(
        "a second run of one store is refused and told who is there; who is killed is lost, and not waited for",
        .timeLimit(.minutes(3)), arguments: [false, true])
    func company(isShared: Bool) async throws {
        guard !isShared || PostgresLab.isUsable else { return }
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain, slots: 400)
            let store = isShared ? "\(try PostgresLab.shared().database().address)&run=t" : "t.evolve"
            let first = try Background(evolve, ["run", "tiny", "--store", store, "--workers", "1"])
            while !Self.exists(evolve, store) { usleep(20_000) }
            while try await !evolve("status", store).output.contains("1 at work") {}
            for arguments in [["resume", store], ["run", "tiny", "--store", store]] {
                let second = try await evolve(arguments)
                #expect(second.status == 69, "\(second.error)")
                #expect(
                    second.error.contains("is being run by a worker (")
                        && second.error.contains("pid \(first.pid), for "))
                #expect(second.error.contains("`evolve worker --store ") && second.error.contains("`evolve status "))
                #expect(second.error.split(separator: "\n").count == 1)
            }
            let status = try await evolve("status", store)
            #expect(status.status == 0 && status.output.contains("1 at work") && status.output.contains("leads"))
            first.kill()
            let alone = try await evolve("status", store, "--all")
            #expect(alone.output.contains("0 at work") && alone.output.contains("  lost  "), "\(alone.output)")
            let third = try await evolve(
                ["resume", store, "--json"], interruption: .init(signal: SIGTERM, afterLines: 4))
            #expect(third.status == 75 || third.status == 0, "\(third.error)")
            #expect(try await evolve("status", store, "--all").output.contains("  lost  "))
            let idle = try await evolve("run", "tiny", "--store", store)
            #expect(idle.status == 64 && idle.error.contains("go on with `evolve resume"), "\(idle.error)")
            let check = try await evolve("store", "check", store)
            #expect(check.status == 0 && check.output.hasPrefix("whole: "))
            let copy = try await evolve("store", "copy", store, "u.evolve")
            #expect(copy.status == 0, "\(copy.error)")
            let digests = try await [
                RunCommandTests.summary(evolve, store), RunCommandTests.summary(evolve, "u.evolve"),
            ]
            .map(\.digest)
            #expect(digests[0] == digests[1])
        }
    }

    @Test("a worker whose leader is killed on the same machine goes on at once", .timeLimit(.minutes(2)))
    func successor() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain, slots: 200)
            let first = try Background(
                evolve, ["run", "tiny", "--store", "t.evolve", "--workers", "1", "--lease", "600"])
            while !Self.exists(evolve, "t.evolve") { usleep(20_000) }
            while try await !evolve("status", "t.evolve").output.contains("leads") {}
            // A sign of life every second, and a lease that the test does not outlast.
            let second = try Background(evolve, ["worker", "--store", "t.evolve", "--workers", "1"])
            while try await !evolve("status", "t.evolve").output.contains("2 at work") {}
            first.kill()
            let start = ContinuousClock.now
            while try await !evolve("status", "t.evolve").output.contains("leads") {
                try #require(ContinuousClock.now - start < .seconds(20), "\(second.error)")
            }
            second.send(SIGTERM)
            #expect(second.wait(seconds: 10) == 75, "\(second.error)")
        }
    }

    /// - Returns: how many were killed until the run was complete.
    private static func disturb(
        _ evolve: EvolveProgram, _ start: [String], _ store: String, _ count: Int, most: Int,
        _ stream: inout RandomStream
    ) throws -> Int {
        let join = ["worker", "--store", store, "--workers", "1", "--lease", "1"]
        var killed = 0
        // The first one makes the store, or is killed while it does.
        var first = try Background(evolve, start + ["--store", store])
        var workers: [Background] = []
        let deadline = ContinuousClock.now + .seconds(240)
        while ContinuousClock.now < deadline {
            usleep(UInt32(100_000 + stream.index(below: 1_100_000)))
            let running = ([first] + workers).filter(\.isRunning)
            let endings = ([first] + workers).filter { !$0.isRunning }.map(\.status)
            if endings.contains(0) {
                // Complete: the others see it and end by themselves.
                for process in running { #expect(process.wait(seconds: 60) == 0, "\(process.error)") }
                return killed
            }
            if killed < most, let victim = stream.pick(running) {
                victim.kill()
                killed += 1
            }
            if !first.isRunning, !exists(evolve, store) { first = try Background(evolve, start + ["--store", store]) }
            workers.removeAll { !$0.isRunning }
            guard exists(evolve, store) else { continue }
            let missing = count - workers.count - (first.isRunning ? 1 : 0)
            for _ in 0..<max(0, missing) { workers.append(try Background(evolve, join)) }
        }
        Issue.record("the run does not end: \(workers.map(\.error))")
        return max(killed, 1)
    }

    private static func exists(_ evolve: EvolveProgram, _ store: String) -> Bool {
        guard let name = store.firstRange(of: "&run=") else {
            return FileManager.default.fileExists(atPath: evolve.folder.appending(path: store).path)
        }
        let run = store[name.upperBound...]
        let database = store[..<name.lowerBound].prefix { $0 != "?" }.split(separator: "/").last.map(String.init) ?? ""
        let found = try? PostgresLab.shared().sql(
            "SELECT count(*) FROM evolve.run WHERE name = '\(run)'", in: database)
        return found?.hasPrefix("1") == true
    }

    private struct Line: Decodable {
        struct Answer: Decodable {
            var slot: Int
            var turn: Int?
            var fault: String?
            var requests: Int?
        }
        struct Slot: Decodable { var slot: Int }
        var answer: Answer?
        var slot: Slot?
    }

    /// Every call that the provider served is in the journal, and no question was answered twice.
    private static func check(_ evolve: EvolveProgram, _ store: String, paid: Int, killed: Int) async throws {
        let name = "export-\(UUID().uuidString).jsonl"
        let exported = try await evolve("store", "export", store, "-o", name)
        #expect(exported.status == 0, "\(exported.error)")
        let lines = try Data(contentsOf: evolve.folder.appending(path: name)).split(separator: 10)
            .map { try JSONDecoder().decode(Line.self, from: Data($0)) }
        #expect(lines.compactMap(\.slot?.slot) == Array(0..<24))
        let answers = lines.compactMap(\.answer)
        let kept = answers.filter { $0.fault != "worker lost" }
        #expect(Set(kept.map { [$0.slot, $0.turn ?? 0] }).count == kept.count, "no question was answered twice")
        let lost = answers.count - kept.count
        // A call whose worker died is written off, served or not.
        #expect(kept.count <= paid && paid <= kept.count + lost, "\(kept.count) kept, \(lost) lost, \(paid) paid")
        // Each worker has at most so many calls under way.
        #expect(lost <= 6 * killed, "\(lost) calls lost with \(killed) workers")
    }
}
