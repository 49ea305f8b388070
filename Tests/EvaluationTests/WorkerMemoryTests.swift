import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("A worker's memory")
struct WorkerMemoryTests {
    /// Tasks, data sets and network of the size of the laboratory suite; few steps, since those hold no memory.
    private var suite: SuitePolicy {
        var suite = SuitePolicy.tiny(steps: 2)
        suite.points = SuitePolicy.Points(train: 512, inDistribution: 512, outOfDistribution: 512)
        suite.network.hidden = [32, 32]
        suite.training.batch = 64
        suite.tasks = (0..<32).map { index in
            SuitePolicy.Task(
                name: "poly\(index)", family: "polynomials", split: .search,
                target: .polynomial(inputs: 1 + index % 3, degree: 3, seed: UInt64(index)))
        }
        return suite
    }

    /// `EVOLVE_WORKER_JOBS` = 10000 is the full measurement (scripts/measure/worker-memory).
    private var jobs: Int { ProcessInfo.processInfo.environment["EVOLVE_WORKER_JOBS"].flatMap { Int($0) } ?? 400 }

    @Test("stays under 200 MB and does not grow with the jobs it does")
    func growth() async throws {
        let (suite, jobs) = (suite, jobs)
        var libraries: [String] = []
        for kernel in [TestKernels.relu, TestKernels.gelu, TestKernels.tanh, TestKernels.ripple, TestKernels.identity] {
            libraries.append(try await TestMachine.compile(kernel))
        }
        let paths = libraries
        let memory = try await withCheckedThrowingContinuation { continuation in
            // A worker belongs to the thread that started it.
            Thread.detachNewThread { continuation.resume(with: Result { try Self.serve(jobs, suite, paths) }) }
        }
        print("worker memory: \(memory.early) kB early, \(memory.late) kB after \(jobs) jobs")
        #expect(memory.late < 200_000)
        #expect(memory.late - memory.early < 1_000, "\(memory.late - memory.early) kB more after \(jobs) jobs")
    }

    /// Resident kilobytes when every task and kernel has been seen, and at the end.
    private static func serve(_ jobs: Int, _ suite: SuitePolicy, _ libraries: [String]) throws -> (
        early: Int, late: Int
    ) {
        var worker = try WorkerProcess(executable: TestMachine.worker, environment: ["OPENBLAS_NUM_THREADS": "1"])
        defer { _ = worker.end(grace: 0) {} }
        _ = worker.exchange(try WorkerLine.encode(WorkerSetup(suite: suite, memoryLimit: 2 << 30)), within: 60)
        var early = 0
        for job in 0..<jobs {
            let models = (0..<4).map { NetworkRequest(task: (4 * job + $0) % suite.tasks.count, seed: UInt64(job)) }
            let line = try WorkerLine.encode(
                WorkerJob(id: job, library: libraries[job % libraries.count], work: .train(models: models), seconds: 60)
            )
            guard case .line(let answer) = worker.exchange(line, within: 60),
                case .trained = try WorkerLine.decode(WorkerReply.self, from: answer).result
            else { throw Failure(.internalError, "job \(job) was not answered") }
            if job == 100 { early = try resident(worker.pid) }
        }
        return (early, try resident(worker.pid))
    }

    private static func resident(_ pid: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") } ?? ""
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? .max
    }
}
