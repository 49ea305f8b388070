import EvolveTypes
import Foundation
import Glibc
import Labs
import LoopbackHTTP
import Synchronization
import Testing

/// `evolve submit` against a real Slurm of two nodes and a real PostgreSQL.
@Suite("Runs on a cluster", .serialized, .enabled(if: SlurmLab.isUsable && PostgresLab.isUsable, "no lab"))
struct SlurmRunTests {
    struct Submitted: Decodable {
        var job: String?
        var store: String
        var script: String
    }

    struct Status: Decodable {
        struct Worker: Decodable {
            var host: String
            var job: String?
            var state: String
            var done: Int
            var holds: Int
        }
        struct Node: Decodable {
            var host: String
            var workers: Int
            var holds: Int
        }
        struct Submission: Decodable {
            var job: String
            var tasks: Int
            var submittedAt: String
            var states: [String: Int]?
        }
        struct Slots: Decodable { var committed: Int }
        var phase: String
        var slots: Slots
        var workers: [Worker]
        var nodes: [Node]
        var submissions: [Submission]
    }

    /// One task's time limit is not waited for: Slurm's signal before it is sent by hand. EVOLVE_SLOW_SLURM=1 waits for a real one.
    private static let waitsForLimit = ProcessInfo.processInfo.environment["EVOLVE_SLOW_SLURM"] == "1"

    @Test(
        "an array of four, disturbed in every way that Slurm knows, ends with the digest of an undisturbed run",
        .timeLimit(.minutes(10)))
    func disturbed() async throws {
        let lab = try SlurmLab.shared()
        try await EvolveProgram.with { plain in
            let isSlow = Mutex(false)
            let server = try LoopbackServer { connection, request in
                // The run must outlast its troubles.
                if isSlow.withLock({ $0 }) { usleep(Self.waitsForLimit ? 5_000_000 : 2_500_000) }
                Self.answer(connection, request)
            }
            let evolve = try Self.install(plain, lab, port: server.port, slots: 160)
            let whole = try await evolve("run", "tiny", "--model", "provider", "--store", "whole.evolve")
            #expect(whole.status == 0, "\(whole.error)")
            let expected = try await RunCommandTests.summary(evolve, "whole.evolve").digest

            isSlow.withLock { $0 = true }
            let database = try PostgresLab.shared().database()
            let store = "\(database.addressOverTCP)?run=shared"
            let job = ["--cpus", "1", "--lease", "4", "--log", "\(lab.folder)/%A_%a.log"]
            let first = try await Self.submit(
                evolve, ["tiny", "--model", "provider", "--store", store, "--array", "4"] + job)
            #expect(!first.script.contains(try PostgresLab.shared().password), "no password in the script")
            let array = try #require(first.job)

            // All at work, on both nodes.
            let busy = try await Self.wait(evolve, store) { status in
                Set(status.workers.filter { $0.state == "working" }.compactMap(\.job)).count == 4
                    && status.slots.committed >= 10 && status.nodes.allSatisfy { $0.holds > 0 }
            }
            #expect(Set(busy.nodes.map(\.host)) == ["node1", "node2"] && busy.nodes.allSatisfy { $0.workers == 2 })
            #expect(Set(busy.workers.compactMap(\.job)) == Set((1...4).map { "slurm \(array)_\($0)" }))
            #expect(busy.submissions.map(\.job) == [array] && busy.submissions.map(\.tasks) == [4])
            #expect(busy.submissions[0].submittedAt.hasSuffix("Z"))
            #expect(busy.submissions[0].states == ["RUNNING": 4])

            // The power of node1 goes, and with it two tasks.
            let tasks = try Self.nodes(lab, array)
            let there = tasks.filter { $0.value == "node2" }.keys.sorted()
            try #require(there.count == 2, "\(tasks)")
            try lab.killNode("node1")
            // Of the two that are left one is requeued, the other is told that its time is nearly over.
            _ = try lab.run("scontrol", "requeue", there[0])
            let limited: String
            if Self.waitsForLimit {
                let short = try await Self.submit(
                    evolve, [store, "--time", "1", "--signal-seconds", "20"] + job)
                limited = try #require(short.job) + "_1"
            } else {
                limited = there[1]
                _ = try lab.run("scancel", "--batch", "-s", "USR1", limited)
            }
            #expect(try await Self.restarts(lab, there[0], seconds: 40) >= 1)
            #expect(try await Self.restarts(lab, limited, seconds: Self.waitsForLimit ? 120 : 40) >= 1)
            for task in tasks.filter({ $0.value == "node1" }).keys {
                #expect(try await Self.restarts(lab, task, seconds: 60) >= 1, "the node is missed")
            }
            try lab.startNode("node1")
            let seen = busy.workers.count
            _ = try await Self.wait(evolve, store) { status in
                status.workers.dropFirst(seen).contains { $0.host == "node1" && $0.state == "working" }
            }
            let disturbed = try await Self.wait(evolve, store) { $0.slots.committed > 0 }
            #expect(disturbed.phase == "searching", "the run has outlasted its troubles")

            // One is cancelled, and another worker asked for.
            _ = try lab.run("scancel", there[1])
            let more = try await Self.submit(evolve, ["--again", "--store", store] + job)
            #expect(more.job != array)
            let end = try await Self.wait(evolve, store, seconds: 240) { $0.phase == "complete" }
            #expect(end.submissions.count == (Self.waitsForLimit ? 3 : 2))
            let summary = try await RunCommandTests.summary(evolve, store)
            #expect(summary.digest == expected)
            let check = try await evolve("store", "check", store)
            #expect(check.status == 0, "\(check.error)")
            // The others see that it is complete, and end.
            let deadline = ContinuousClock.now + .seconds(60)
            while try !lab.run("squeue", "-h").isEmpty, ContinuousClock.now < deadline { usleep(200_000) }
            #expect(try lab.run("squeue", "-h").isEmpty, "tasks end with the run")
            let late = try await evolve("submit", store)
            #expect(late.status == 0 && late.error.contains("complete: there is nothing left to do"))
            let home = try await evolve("store", "copy", store, "home.evolve")
            #expect(home.status == 0 && home.error.contains(expected), "\(home.error)")
            Self.report(tasks: tasks, end)
        }
    }

    @Test("what Slurm refuses is refused in its words before anything is made")
    func refusals() async throws {
        let lab = try SlurmLab.shared()
        try await EvolveProgram.with { plain in
            var evolve = try TinyContent.install(in: plain)
            evolve.environment.merge(lab.environment) { $1 }
            let database = try PostgresLab.shared().database()
            let refused = try await evolve(
                "submit", "tiny", "--store", database.address, "--partition", "moon")
            #expect(refused.status == 69)
            #expect(
                refused.error.contains("sbatch refused: ") && refused.error.contains("nvalid partition"),
                "\(refused.error)")
            let status = try await evolve("status", database.address)
            #expect(status.error.contains("there is no run in"), "\(status.error)")
        }
    }

    private static func report(tasks: [String: String], _ end: Status) {
        print(
            "tasks \(tasks.sorted { $0.key < $1.key }), workers \(end.workers.map { "\($0.job ?? "") on \($0.host) \($0.state) \($0.done)" })"
        )
    }

    // MARK: - Parts

    private static func install(
        _ plain: EvolveProgram, _ lab: SlurmLab, port: UInt16, slots: Int
    ) throws -> EvolveProgram {
        var evolve = try APIRunTests.install(plain, port: port, slots: slots)
        evolve.environment.merge(lab.environment) { $1 }
        // The tasks find the password as a researcher's would.
        let postgres = try PostgresLab.shared()
        let file = try evolve.write("127.0.0.1:\(postgres.port):*:*:\(postgres.password)\n", to: "pgpass")
        chmod(file, 0o600)
        evolve.environment["PGPASSFILE"] = file
        return evolve
    }

    /// A provider that answers each request by what it says.
    private static func answer(_ connection: Connection, _ request: String) {
        var stream = RandomStream(key: [String(request.drop { $0 != "{" })])
        let number = stream.index(below: 900) + 100
        let text = "// r\\nfloat activation(float x) { return x * sigmoid(x) + 0.\(number)f * sinf(x); }"
        connection.respond(
            #"{"choices":[{"finish_reason":"stop","message":{"content":"\#(text)"}}],"#
                + #""usage":{"prompt_tokens":400,"completion_tokens":40}}"#)
    }

    private static func submit(_ evolve: EvolveProgram, _ arguments: [String]) async throws -> Submitted {
        let ending = try await evolve(["submit"] + arguments + ["--json"])
        #expect(ending.status == 0, "\(ending.error)")
        return try ending.json(Submitted.self)
    }

    private static func wait(
        _ evolve: EvolveProgram, _ store: String, seconds: Double = 60, until isSo: (Status) -> Bool
    ) async throws -> Status {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let status = try await evolve("status", store, "--json").json(Status.self)
            if isSo(status) { return status }
            guard ContinuousClock.now < deadline else {
                Issue.record("not within \(seconds) s: \(status)")
                return status
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// The node of each running task.
    private static func nodes(_ lab: SlurmLab, _ job: String) throws -> [String: String] {
        let lines = try lab.run("squeue", "-h", "-r", "-j", job, "-t", "RUNNING", "-o", "%i %N").split(separator: "\n")
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let words = line.split(separator: " ").map(String.init)
                return (words[0], words[1])
            })
    }

    /// How often Slurm has started the task again, once it has.
    private static func restarts(_ lab: SlurmLab, _ task: String, seconds: Double) async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            let said = try lab.run("scontrol", "-o", "show", "job", task)
            if let count = said.firstMatch(of: /Restarts=(\d+)/).flatMap({ Int($0.1) }), count > 0 { return count }
            try await Task.sleep(for: .milliseconds(300))
        }
        return 0
    }
}
