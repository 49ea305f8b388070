import ActivationCodegen
import CTrainer
import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("Worker processes")
struct WorkerPoolTests {
    private let models = [NetworkRequest(task: 0, seed: 1), NetworkRequest(task: 2, seed: 2)]

    private func train(_ kernel: KernelSource, on pool: WorkerPool, within limit: Double = 60) async throws
        -> WorkerOutcome
    {
        try await pool.run(.train(models: models), library: TestMachine.compile(kernel), timeLimit: limit)
    }

    private func outcomes(_ outcome: WorkerOutcome) -> [TrainingOutcome]? {
        if case .finished(.trained(let outcomes, _)) = outcome { return outcomes }
        return nil
    }

    @Test("train networks and count the steps")
    func training() async throws {
        let pool = try TestMachine.pool(.tiny())
        guard
            case .finished(.trained(let outcomes, let seconds)) = try await train(TestKernels.gelu, on: pool)
        else {
            Issue.record("not trained")
            return
        }
        #expect(outcomes.map(\.steps) == [60, 60] && seconds > 0)
        #expect(outcomes.allSatisfy { !$0.diverged && $0.train > 0 && $0.train < 1.5 && $0.outOfDistribution > 0 })
        await pool.shutdown()
    }

    @Test("report the error inside and the one outside the training range by their names")
    func insideAndOutside() async throws {
        // A trained polynomial is known on [−1, 1], and unknown beyond.
        let pool = try TestMachine.pool(.tiny(steps: 1000))
        let work = WorkerJob.Work.train(models: [NetworkRequest(task: 1, seed: 1)])
        let answer = try await pool.run(work, library: TestMachine.compile(TestKernels.gelu), timeLimit: 60)
        let outcome = try #require(outcomes(answer)?.first)
        #expect(outcome.train < 0.1 && outcome.inDistribution < 0.1)
        #expect(outcome.outOfDistribution > 5 * outcome.inDistribution)
        await pool.shutdown()
    }

    @Test("outlive kernels that die, and the outcome names the signal or the exit status")
    func crashes() async throws {
        let pool = try TestMachine.pool(.tiny())
        for (kernel, name) in [
            (TestKernels.segfault, "SIGSEGV"), (TestKernels.abort, "SIGABRT"), (TestKernels.exits, "exit status 3"),
        ] {
            guard case .crashed(let how) = try await train(kernel, on: pool) else {
                Issue.record("\(name): no crash")
                continue
            }
            #expect(how.contains(name))
            #expect(outcomes(try await train(TestKernels.relu, on: pool))?.count == 2, "after \(name)")
        }
        await pool.shutdown()
    }

    @Test("kill kernels that hang at the job's limit, and live on")
    func hang() async throws {
        let pool = try TestMachine.pool(.tiny())
        _ = try await train(TestKernels.relu, on: pool)
        let begin = ContinuousClock.now
        guard case .timedOut = try await train(TestKernels.spins, on: pool, within: 0.5) else {
            Issue.record("the spinning kernel ended by itself")
            return
        }
        #expect(begin.duration(to: .now) < .seconds(5))
        #expect(outcomes(try await train(TestKernels.relu, on: pool))?.count == 2)
        await pool.shutdown()
    }

    @Test(
        "are replaced when somebody kills them or a kernel's process, and the job is done all the same",
        arguments: [true, false])
    func accidents(killsWorker: Bool) async throws {
        let pool = try TestMachine.pool(.tiny(steps: 20_000))
        let expected = try #require(outcomes(try await train(TestKernels.gelu, on: pool)))
        let job = Task { try await train(TestKernels.gelu, on: pool) }
        var victim: Int32?
        for _ in 0..<1000 where victim == nil {
            try await Task.sleep(for: .milliseconds(1))
            let processes = try TestProcesses.below(getpid(), named: "evolve-worker")
            let workers = Set(processes.map { String($0.pid) })
            let kernel = processes.first { workers.contains($0.status["PPid"] ?? "") }
            victim = killsWorker ? kernel.flatMap { $0.status["PPid"] }.flatMap { Int32($0) } : kernel?.pid
        }
        kill(try #require(victim), SIGKILL)
        #expect(outcomes(try await job.value) == expected)
        await pool.shutdown()
    }

    @Test("that answer nonsense count as crashed")
    func garbage() async throws {
        // The kernel itself writes to the channel, before the worker can answer: only a kernel that is not locked in can.
        let pool = try WorkerPool(executable: TestMachine.worker, workers: 1, suite: .tiny(), isolation: [])
        let babble = TestKernels.kernel("x", derivative: "1", prologue: "if (write(0, \"hello {\\n\", 8)) {}")
        for _ in 0..<2 {
            guard case .crashed(let how) = try await train(babble, on: pool) else {
                Issue.record("nonsense was taken for a reply")
                return
            }
            #expect(how.contains("not a reply"))
        }
        #expect(outcomes(try await train(TestKernels.relu, on: pool))?.count == 2)
        await pool.shutdown()
    }

    @Test("that cannot start or refuse their setup are a broken machine, said in one line")
    func broken() async throws {
        let missing = try WorkerPool(executable: "/nonexistent/evolve-worker", workers: 1, suite: nil)
        let first = await #expect(throws: Failure.self) {
            try await missing.run(.evaluate(points: [1]), library: "", timeLimit: 10)
        }
        #expect(first?.kind == .unavailable)
        let other = try WorkerPool(executable: "/bin/true", workers: 1, suite: nil)
        let second = await #expect(throws: Failure.self) {
            try await other.run(.evaluate(points: [1]), library: "", timeLimit: 10)
        }
        #expect(second?.message.contains("does not accept its setup") == true)
        #expect(throws: Failure.self) { try WorkerPool(executable: "/bin/true", workers: 0, suite: nil) }
        await missing.shutdown()
        await other.shutdown()
    }

    @Test("answer a library that cannot be loaded with a clear line, and live on")
    func unloadable() async throws {
        let pool = try TestMachine.pool(.tiny())
        guard
            case .finished(.failed(let kind, let message)) = try await pool.run(
                .train(models: models), library: "/nonexistent.so", timeLimit: 10)
        else {
            Issue.record("loaded a file that is not there")
            return
        }
        #expect(kind == Failure.Kind.internalError.rawValue)
        #expect(message.contains("/nonexistent.so"))
        #expect(outcomes(try await train(TestKernels.relu, on: pool))?.count == 2)
        await pool.shutdown()
    }

    @Test("are killed by shutdown at once, with jobs under way and waiting")
    func shutdown() async throws {
        let pool = try TestMachine.pool(.tiny())
        let library = try await TestMachine.compile(TestKernels.spins)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    do {
                        _ = try await pool.run(.train(models: self.models), library: library, timeLimit: 300)
                        return false
                    } catch is CancellationError {
                        return true
                    }
                }
            }
            try await Task.sleep(for: .milliseconds(300))
            let begin = ContinuousClock.now
            await pool.shutdown()
            // A job would go on for 300 s; the limit leaves room for a machine that is busy with other tests.
            #expect(begin.duration(to: .now) < .seconds(4))
            for try await cancelled in group { #expect(cancelled) }
        }
        await #expect(throws: CancellationError.self) { try await self.train(TestKernels.relu, on: pool) }
    }

    @Test("do not begin a job whose task was cancelled while it waited")
    func cancellation() async throws {
        let pool = try TestMachine.pool(.tiny())
        let spins = try await TestMachine.compile(TestKernels.spins)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await pool.run(.train(models: self.models), library: spins, timeLimit: 2) }
            try await Task.sleep(for: .milliseconds(100))
            group.addTask { _ = try? await self.train(TestKernels.relu, on: pool) }
            try await Task.sleep(for: .milliseconds(100))
            let begin = ContinuousClock.now
            group.cancelAll()
            // Only the job that a worker had begun is waited for.
            try await group.waitForAll()
            #expect(begin.duration(to: .now) < .seconds(4))
        }
        await pool.shutdown()
    }

    @Test("die with the thread that started them, even in the middle of a job")
    func orphans() async throws {
        let library = try await TestMachine.compile(TestKernels.spins)
        let setup = try WorkerLine.encode(WorkerSetup(suite: .tiny(), memoryLimit: 2 << 30))
        let job = try WorkerLine.encode(WorkerJob(id: 1, library: library, work: .train(models: models), seconds: 60))
        let pid = await withCheckedContinuation { (waiter: CheckedContinuation<Int32?, Never>) in
            Thread {
                var process = try? WorkerProcess(executable: TestMachine.worker, environment: [:])
                _ = process?.exchange(setup, within: 30)
                _ = process?.exchange(job, within: 0.2)
                waiter.resume(returning: process?.pid)
            }.start()
        }
        let worker = try #require(pid)
        var ended = false
        for _ in 0..<200 where !ended {
            var information = siginfo_t()
            waitid(P_PID, id_t(worker), &information, WEXITED | WNOHANG | WNOWAIT)
            ended = information.si_signo == SIGCHLD
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(ended)
        #expect(reap(worker) == "SIGKILL")
    }

    private func reap(_ pid: Int32) -> String {
        var message = [CChar](repeating: 0, count: 64)
        if evt_process_end(pid, 0) == 1 { evt_process_reap(pid, &message, message.count) }
        return text(message)
    }

    @Test("get no more memory than their setup says")
    func memory() async throws {
        let hungry = TestKernels.kernel(
            "x", derivative: "1", prologue: "char *m = malloc(400 << 20); if (!m) _Exit(9); *(volatile char *)m = 1;")
        let narrow = try WorkerPool(executable: TestMachine.worker, workers: 1, suite: .tiny(), memoryLimit: 400 << 20)
        guard case .crashed(let how) = try await train(hungry, on: narrow) else {
            Issue.record("took 400 MiB of 400")
            return
        }
        #expect(how.contains("exit status 9"))
        #expect(outcomes(try await train(TestKernels.relu, on: narrow))?.count == 2)
        await narrow.shutdown()
    }

    @Test("evaluate a kernel and its derivative at given points")
    func probe() async throws {
        let pool = try TestMachine.pool(nil)
        let probe = KernelProbe(compiler: try TestMachine.required(TestMachine.compiler), pool: pool)
        let values = try await probe.values(of: TestKernels.ripple, at: [-1, 0, 2, .infinity])
        #expect(values.map(\.x) == [-1, 0, 2, .infinity])
        #expect(values[1] == KernelValue(x: 0, f: 0, df: 1.5))
        #expect(abs(values[2].f - (2 + 0.5 * 0.9092974)) < 1e-6)
        #expect(abs(values[0].df - (1 + 0.5 * 0.5403023)) < 1e-6)
        #expect(values[3].f.isNaN)
        await pool.shutdown()
    }
}
