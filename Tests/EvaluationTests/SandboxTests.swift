import ActivationCodegen
import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("A locked-in kernel")
struct SandboxTests {
    /// As the user who runs the tests and, when that is root, as an ordinary one too.
    static let accounts: [AttackFolder.Account] = {
        if geteuid() != 0 { print("not root: attacks as root are not tried") }
        return geteuid() == 0 ? [.own, .nobody] : [.own]
    }()

    private let models = [NetworkRequest(task: 0, seed: 1), NetworkRequest(task: 2, seed: 2)]

    private func crash(_ library: String, on pool: WorkerPool, within limit: Double = 20) async throws -> String? {
        switch try await pool.run(.train(models: models), library: library, timeLimit: limit) {
        case .crashed(let how): how
        case .timedOut: "timed out"
        case .finished: nil
        }
    }

    /// Attack after attack on one worker, each followed by a healthy kernel whose outcomes must be what they always are.
    private func withstands(_ attacks: [Attack], early: Bool, as account: AttackFolder.Account) async throws {
        let place = try AttackFolder(account)
        defer { place.remove() }
        let pool = try WorkerPool(executable: place.executable, workers: 1, suite: .tiny())
        let healthy = try await place.compile(TestKernels.gelu)
        guard
            case .finished(.trained(let expected, _)) = try await pool.run(
                .train(models: models), library: healthy, timeLimit: 60)
        else {
            Issue.record("the worker does not train as \(account)")
            return
        }
        for attack in attacks {
            let library = try await place.compile(attack.kernel(witness: place.witness, constructor: early))
            let how = try await crash(library, on: pool)
            #expect(how?.contains(attack.verdict) == true, "\(attack.name) as \(account): \(how ?? "trained")")
            #expect(!place.attackSucceeded, "\(attack.name) as \(account)")
            guard
                case .finished(.trained(let outcomes, _)) = try await pool.run(
                    .train(models: models), library: healthy, timeLimit: 60)
            else {
                Issue.record("\(attack.name) as \(account) cost the next candidate too")
                continue
            }
            #expect(outcomes == expected)
        }
        await pool.shutdown()
    }

    @Test("fails in every attack, which costs one candidate", arguments: accounts)
    func attacks(account: AttackFolder.Account) async throws {
        try await withstands(Attack.all, early: false, as: account)
    }

    @Test("fails in attacks from a constructor, which runs while it is loaded", arguments: accounts)
    func constructors(account: AttackFolder.Account) async throws {
        try await withstands(Attack.early, early: true, as: account)
    }

    @Test("that runs for ever is stopped at its limit, and the same worker goes on", arguments: accounts)
    func endless(account: AttackFolder.Account) async throws {
        let place = try AttackFolder(account)
        defer { place.remove() }
        let pool = try WorkerPool(executable: place.executable, workers: 1, suite: .tiny())
        let spins = try await place.compile(TestKernels.spins)
        _ = try await crash(place.compile(TestKernels.relu), on: pool)
        let before = Set(try TestProcesses.below(getpid(), named: "evolve-worker").map(\.pid))
        #expect(try await crash(spins, on: pool, within: 0.3) == "timed out")
        #expect(Set(try TestProcesses.below(getpid(), named: "evolve-worker").map(\.pid)) == before)
        await pool.shutdown()
    }

    @Test("would succeed if it were not locked in")
    func control() async throws {
        let place = try AttackFolder(.own)
        defer { place.remove() }
        for (early, attacks) in [(false, Attack.all), (true, Attack.early)] {
            for attack in attacks {
                guard let isolation = attack.succeedsIn else { continue }
                let pool = try WorkerPool(
                    executable: place.executable, workers: 1, suite: .tiny(), isolation: isolation)
                let library = try await place.compile(attack.kernel(witness: place.witness, constructor: early))
                let how = try await crash(library, on: pool)
                let writes = ["writes_file", "runs_shell"].contains(attack.name)
                let succeeded =
                    switch attack.name {
                    case "writes_descriptors": how?.contains("not a reply") != false
                    case "runs_shell": place.attackSucceeded
                    default: how?.contains(Attack.succeeded) == true && place.attackSucceeded == writes
                    }
                #expect(succeeded, "\(attack.name): \(how ?? "trained")")
                try? FileManager.default.removeItem(atPath: place.witness)
                await pool.shutdown()
            }
        }
    }

    /// What holds where a machine lacks the other: each attack of the issue's list that the layer by itself stops.
    @Test(
        "is held by each layer alone",
        arguments: [
            (
                Isolation.seccomp,
                ["writes_file", "opens_udp", "forks", "maps_executable", "runs_shell", "signals_parent"]
            ),
            (.landlock, ["writes_file", "reads_passwords", "signals_parent", "reads_parent", "runs_shell"]),
            (.limits, ["hogs", "opens_tcp"]),
        ])
    func layers(layer: Isolation, names: [String]) async throws {
        let place = try AttackFolder(.own)
        defer { place.remove() }
        let isolation: Isolation = [.process, .privileges, layer]
        try #require(isolation.available.layers == isolation, "this machine lacks the layer")
        let pool = try WorkerPool(executable: place.executable, workers: 1, suite: .tiny(), isolation: isolation)
        for name in names {
            let attack = Attack(name: name, verdict: "", succeedsIn: nil)
            let how = try await crash(place.compile(attack.kernel(witness: place.witness)), on: pool)
            // Limits let sockets be: the list's last entry shows that this test can fail.
            let stays = layer == .limits && name == "opens_tcp"
            #expect((how?.contains(Attack.succeeded) == true) == stays, "\(name): \(how ?? "trained")")
            #expect(!place.attackSucceeded)
        }
        await pool.shutdown()
    }

    @Test("has an empty environment, no descriptor, no thread, no privilege, and two filters")
    func state() async throws {
        let pool = try TestMachine.pool(.tiny())
        let spins = try await TestMachine.compile(TestKernels.spins)
        let job = Task { try await crash(spins, on: pool, within: 20) }
        var kernels: [TestProcesses.Entry] = []
        for _ in 0..<500 where kernels.isEmpty {
            try await Task.sleep(for: .milliseconds(10))
            kernels = try TestProcesses.below(getpid(), named: "evolve-worker").filter {
                $0.status["Seccomp_filters"] == "2"
            }
        }
        let kernel = try #require(kernels.first)
        let keeper = try #require(kernel.status["PPid"].flatMap { Int32($0) })
        for pid in [kernel.pid, keeper] {
            let environment = try String(contentsOfFile: "/proc/\(pid)/environ", encoding: .utf8)
            #expect(environment == "OPENBLAS_NUM_THREADS=1\0")
            #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").count == 1)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(kernel.pid)/fd").isEmpty)
        #expect(kernel.status["NoNewPrivs"] == "1" && kernel.status["Seccomp"] == "2")
        // Nothing, or reading of others' files.
        #expect(["0000000000000000", "0000000000000004"].contains(kernel.status["CapEff"]))
        #expect(kernel.status["CapPrm"] == kernel.status["CapEff"])
        await pool.shutdown()
        _ = try? await job.value
    }

    @Test("is reported on, layer by layer")
    func report() async throws {
        let pool = try TestMachine.pool(nil)
        guard case .finished(.isolated(let report)) = try await pool.run(.isolation, library: "", timeLimit: 10) else {
            Issue.record("no report")
            return
        }
        #expect(report == Isolation.full.available)
        #expect(report.lines.map(\.name) == ["process", "no_new_privs", "rlimits", "Landlock", "seccomp"])
        #expect(IsolationReport(layers: [.process, .limits], landlockABI: 0).lines.filter(\.isOn).count == 2)
        await pool.shutdown()
    }
}
