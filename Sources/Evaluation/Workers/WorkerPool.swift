import EvolveTypes
import Foundation

/// What became of a job.
package enum WorkerOutcome: Sendable {
    case finished(WorkerReply.Result)
    /// The process died or answered nonsense; the text says how.
    case crashed(String)
    /// The process was killed at the job's time limit.
    case timedOut(String)
}

/// A fixed number of worker processes and the queue before them.
///
/// 1. Each worker has a thread of its own that starts it, sends it a job, waits, and ends it. The waiting blocks that
///    thread, never one of Swift's cooperative threads; and since a worker is killed by the operating system when the
///    thread that started it ends, no worker outlives the pool, however the program dies.
/// 2. A worker that crashes, answers nonsense or passes a time limit is killed with its process group; the next job gets
///    a fresh one. The job is not tried again: it costs one candidate.
/// 3. Workers start with the first job they get. One that does not accept its setup is a broken machine: it throws.
package final class WorkerPool: Sendable {
    package let workers: Int
    private let queue = JobQueue()

    /// Seconds a new worker has to accept its setup; long, because the machine may be busy.
    private static let startLimit = 60.0

    /// - Parameters:
    ///   - executable: path of `evolve-worker`.
    ///   - suite: what the workers train on; nil when they only evaluate kernels.
    ///   - environment: of the workers, besides what the pool sets; give no secrets.
    ///   - memoryLimit: bytes of address space per worker.
    package init(
        executable: String, workers: Int, suite: SuitePolicy?, environment: [String: String] = [:],
        memoryLimit: Int = 2 << 30
    ) throws {
        guard workers >= 1 else { throw Failure(.misuse, "\(workers) workers: at least 1 is needed") }
        self.workers = workers
        let launch = Launch(
            executable: executable,
            environment: environment.merging(["OPENBLAS_NUM_THREADS": "1"]) { _, ours in ours },
            setup: try WorkerLine.encode(WorkerSetup(suite: suite, memoryLimit: memoryLimit)))
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
        func start(for queue: JobQueue) throws -> WorkerProcess? {
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
                if process == nil { process = try launch.start(for: queue) }
                guard var running = process else { throw CancellationError() }
                let outcome = try serve(job, by: &running)
                // Only a worker that answered properly is used again.
                if case .finished = outcome { process = running } else { process = nil }
                if queue.isStopped { throw CancellationError() }
                job.waiter.resume(returning: outcome)
            } catch {
                job.waiter.resume(throwing: error)
            }
        }
        if let process { _ = process.end(grace: 0) { queue.forget(process.pid) } }
        queue.threadEnds()
    }

    private func serve(_ job: PendingJob, by process: inout WorkerProcess) throws -> WorkerOutcome {
        let line = try WorkerLine.encode(WorkerJob(id: job.id, library: job.library, work: job.work))
        let pid = process.pid
        let answer = process.exchange(line, within: job.timeLimit)
        switch answer {
        case .line(let bytes):
            if let reply = try? WorkerLine.decode(WorkerReply.self, from: bytes), reply.id == job.id {
                return .finished(reply.result)
            }
            _ = process.end(grace: 0) { queue.forget(pid) }
            return .crashed("the worker's answer was not a reply")
        case .closed:
            // A crash closes the channel a moment before the exit status is there.
            let end = process.end(grace: 2) { queue.forget(pid) }
            return .crashed("the worker process ended with \(end)")
        case .timedOut:
            _ = process.end(grace: 0) { queue.forget(pid) }
            return .timedOut("stopped after \(job.timeLimit) s")
        }
    }
}
