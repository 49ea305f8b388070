import EvolveTypes
import Foundation

/// What became of a job.
package enum WorkerOutcome: Sendable {
    case finished(WorkerReply.Result)
    /// The kernel's process died or answered nonsense; the text says how.
    case crashed(String)
    /// The kernel's process was killed at the job's time limit.
    case timedOut(String)
}

/// A fixed number of worker processes and the queue before them.
///
/// 1. Each worker has a thread of its own that starts it, sends it a job, waits, and ends it. The waiting blocks that
///    thread, never one of Swift's cooperative threads; and since a worker is killed by the operating system when the
///    thread that started it ends, no worker outlives the pool, however the program dies.
/// 2. A worker gives every kernel a process of its own, locked in, and says how it ended; the worker and its data sets
///    live on. The job is not tried again: it costs one candidate.
/// 3. A worker that itself dies, answers nonsense or does not answer is killed with its process group; the next job
///    gets a fresh one. Kernels cannot do that to it: a job whose worker or whose kernel's process was killed (by an operating
///    system without memory, say) is tried again, so that an accident of the machine is no verdict on a candidate.
/// 4. Workers start with the first job they get. One that does not accept its setup is a broken machine: it throws.
package final class WorkerPool: Sendable {
    package let workers: Int
    private let queue = JobQueue()

    /// Seconds a new worker has to accept its setup; long, because the machine may be busy.
    private static let startLimit = 60.0
    /// Times that a job is tried.
    fileprivate static let attempts = 3
    /// Seconds that a worker has beyond a job's limit to say that it has killed the kernel.
    fileprivate static let grace = 5.0

    /// - Parameters:
    ///   - executable: path of `evolve-worker`.
    ///   - suite: what the workers train on; nil when they only evaluate kernels.
    ///   - memoryLimit: bytes of address space per worker.
    ///   - isolation: less than full is for tests and measurements alone.
    package init(
        executable: String, workers: Int, suite: SuitePolicy?, memoryLimit: Int = 2 << 30,
        isolation: Isolation = .full
    ) throws {
        guard workers >= 1 else { throw Failure(.misuse, "\(workers) workers: at least 1 is needed") }
        self.workers = workers
        // Their whole environment.
        let launch = Launch(
            executable: executable, environment: ["OPENBLAS_NUM_THREADS": "1"],
            setup: try WorkerLine.encode(
                WorkerSetup(suite: suite, memoryLimit: memoryLimit, isolation: isolation)))
        for number in 1...workers {
            queue.threadBegins()
            let queue = queue
            let thread = Thread { WorkerThread(queue: queue, launch: launch).run() }
            thread.name = "worker \(number)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    deinit { queue.stop(nil) }

    /// Runs one job on the next free worker.
    /// - Parameter timeLimit: seconds from the moment a worker takes the job; a guard against hangs, so be generous.
    /// - Throws: `Failure` when the workers cannot work at all; `CancellationError` after `shutdown`, or when the
    ///   calling task is cancelled before a worker takes the job.
    package func run(_ work: WorkerJob.Work, library: String, timeLimit: Double) async throws -> WorkerOutcome {
        let id = queue.makeID()
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { waiter in
                queue.push(PendingJob(id: id, library: library, work: work, timeLimit: timeLimit, waiter: waiter))
            }
        } onCancel: {
            queue.cancel(id)
        }
    }

    /// Kills the workers and returns when they are gone; jobs under way and waiting throw `CancellationError`.
    package func shutdown() async {
        await withCheckedContinuation { queue.stop($0) }
    }

    struct Launch: Sendable {
        var executable: String
        var environment: [String: String]
        var setup: [UInt8]

        /// A worker that has accepted its setup, or nil when the queue was stopped meanwhile.
        func start(for queue: JobQueue, attempt: Int = 1) throws -> WorkerProcess? {
            var process = try WorkerProcess(executable: executable, environment: environment)
            guard queue.register(process.pid) else {
                _ = process.end(grace: 0) {}
                return nil
            }
            let answer = process.exchange(setup, within: WorkerPool.startLimit)
            if case .line(let line) = answer, let reply = try? WorkerLine.decode(WorkerReply.self, from: line) {
                if case .ready = reply.result { return process }
            }
            let pid = process.pid
            let end = process.end(grace: 0.5) { queue.forget(pid) }
            guard !queue.isStopped else { return nil }
            if case .closed = answer, end == "SIGKILL", attempt < WorkerPool.attempts {
                return try start(for: queue, attempt: attempt + 1)
            }
            throw Failure(.unavailable, "the worker \(executable) does not accept its setup (\(end)); rebuild it")
        }
    }
}

/// What one of the pool's threads does.
private struct WorkerThread {
    let queue: JobQueue
    let launch: WorkerPool.Launch

    func run() {
        var process: WorkerProcess?
        while let job = queue.next() {
            do {
                var service: Service
                var attempt = 0
                repeat {
                    if process == nil { process = try launch.start(for: queue) }
                    guard var running = process else { throw CancellationError() }
                    service = try serve(job, by: &running)
                    process = service.isAlive ? running : nil
                    if queue.isStopped { throw CancellationError() }
                    attempt += 1
                } while service.isAccident && attempt < WorkerPool.attempts
                job.waiter.resume(returning: service.outcome)
            } catch {
                job.waiter.resume(throwing: error)
            }
        }
        if let process { _ = process.end(grace: 0) { queue.forget(process.pid) } }
        queue.threadEnds()
    }

    private struct Service {
        var outcome: WorkerOutcome
        /// Whether the worker may be used again.
        var isAlive = true
        /// Whether it says nothing of the kernel.
        var isAccident = false
    }

    private func serve(_ job: PendingJob, by process: inout WorkerProcess) throws -> Service {
        let line = try WorkerLine.encode(
            WorkerJob(id: job.id, library: job.library, work: job.work, seconds: job.timeLimit))
        let pid = process.pid
        let answer = process.exchange(line, within: job.timeLimit + WorkerPool.grace)
        let late = WorkerOutcome.timedOut("stopped after \(job.timeLimit) s")
        switch answer {
        case .line(let bytes):
            if let reply = try? WorkerLine.decode(WorkerReply.self, from: bytes), reply.id == job.id {
                switch reply.result {
                case .crashed(let how): return Service(outcome: .crashed(how))
                case .timedOut: return Service(outcome: late)
                case .killed:
                    return Service(outcome: .crashed("the kernel's process ended with SIGKILL"), isAccident: true)
                default: return Service(outcome: .finished(reply.result))
                }
            }
            _ = process.end(grace: 0) { queue.forget(pid) }
            return Service(
                outcome: .crashed("the worker's answer was not a reply"), isAlive: false, isAccident: true)
        case .closed:
            // A crash closes the channel a moment before the exit status is there.
            let end = process.end(grace: 2) { queue.forget(pid) }
            return Service(
                outcome: .crashed("the worker process ended with \(end)"), isAlive: false, isAccident: true)
        case .timedOut:
            _ = process.end(grace: 0) { queue.forget(pid) }
            return Service(outcome: late, isAlive: false)
        }
    }
}
