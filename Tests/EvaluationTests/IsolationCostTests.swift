import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

/// What it costs to give every kernel a locked-in process of its own, beside kernels in the worker itself, in one run.
@Suite("The cost of locking a kernel in")
struct IsolationCostTests {
    /// As many tasks, points and units as the laboratory suite has.
    private static func suite(steps: Int) -> SuitePolicy {
        var suite = SuitePolicy.tiny(steps: steps)
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

    /// `EVOLVE_ISOLATION_JOBS` = 2000 is the full measurement (scripts/measure/isolation).
    private static let jobs =
        ProcessInfo.processInfo.environment["EVOLVE_ISOLATION_JOBS"].flatMap { Int($0) } ?? 100

    /// Kernels in the worker itself; each in a process of its own; and that locked in.
    private static let ways: [Isolation] = [[], .process, .full]

    /// Milliseconds of wall time, a list for each way; and what was trained.
    struct Times: Sendable {
        var short = [[Double]](repeating: [], count: 3)
        var long = [[Double]](repeating: [], count: 3)
        var outcomes = [[TrainingOutcome]](repeating: [], count: 3)
    }

    @Test("is below 1 ms a candidate, and nothing beside a training; results are the same to the last bit")
    func cost() async throws {
        let library = try await TestMachine.compile(TestKernels.gelu)
        let times = try await withCheckedThrowingContinuation { continuation in
            // A worker belongs to the thread that started it.
            Thread.detachNewThread { continuation.resume(with: Result { try Self.measure(library) }) }
        }
        let (short, long) = (times.short.map(Self.median), times.long.map(Self.median))
        print("isolation: short \(short), long \(long), \(Self.jobs) jobs")
        // Twice the aim, since other work on the machine counts here; scripts/measure/isolation holds the aim itself.
        #expect(short[2] - short[1] < 2)
        #expect(times.outcomes[0].count > 32)
        #expect(times.outcomes[1] == times.outcomes[0] && times.outcomes[2] == times.outcomes[0])
    }

    /// The ways in turn, so that a busy moment of the machine meets them all.
    private static func measure(_ library: String) throws -> Times {
        var workers = try ways.map { try start($0) }
        defer { for worker in workers { _ = worker.end(grace: 0) {} } }
        var times = Times()
        for job in 0..<jobs {
            for way in ways.indices {
                // The first builds all data sets.
                if job % 50 == 0 {
                    let models = (0..<(job == 0 ? 32 : 1)).map { NetworkRequest(task: $0, seed: UInt64(job)) }
                    let (reply, taken) = try answer(.train(models: models), job, library, &workers[way])
                    guard case .trained(let part, _) = reply else { throw Failure(.internalError, "not trained") }
                    times.outcomes[way] += part
                    if job > 0 { times.long[way].append(taken) }
                }
                let (reply, taken) = try answer(.evaluate(points: [1]), job, library, &workers[way])
                guard case .evaluated = reply else { throw Failure(.internalError, "not evaluated") }
                times.short[way].append(taken)
            }
        }
        return times
    }

    private static func start(_ isolation: Isolation) throws -> WorkerProcess {
        var worker = try WorkerProcess(executable: TestMachine.worker, environment: ["OPENBLAS_NUM_THREADS": "1"])
        let setup = WorkerSetup(suite: suite(steps: 2000), memoryLimit: 2 << 30, isolation: isolation)
        _ = worker.exchange(try WorkerLine.encode(setup), within: 60)
        return worker
    }

    private static func answer(_ work: WorkerJob.Work, _ id: Int, _ library: String, _ worker: inout WorkerProcess)
        throws -> (WorkerReply.Result, milliseconds: Double)
    {
        let line = try WorkerLine.encode(WorkerJob(id: id, library: library, work: work, seconds: 60))
        let begin = ContinuousClock.now
        guard case .line(let answer) = worker.exchange(line, within: 60) else {
            throw Failure(.internalError, "job \(id) was not answered")
        }
        let taken = begin.duration(to: .now) / .milliseconds(1)
        return (try WorkerLine.decode(WorkerReply.self, from: answer).result, taken)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }
}
