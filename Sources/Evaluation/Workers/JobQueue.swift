import EvolveTypes
import Foundation
import Glibc

/// A job on its way: what to send, how long to wait, and who waits.
struct PendingJob: Sendable {
    let id: Int
    let library: String
    let work: WorkerJob.Work
    /// Seconds from the moment a worker takes it.
    let timeLimit: Double
    let waiter: CheckedContinuation<WorkerOutcome, any Error>
}

/// First come, first served: slots commit in order, so the oldest candidate is always the most urgent.
///
/// `@unchecked Sendable`: every stored variable is read and written under `condition`.
final class JobQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [PendingJob] = []
    private var nextID = 1
    private var stopped = false
    private var threads = 0
    private var processes: Set<Int32> = []
    private var stopWaiters: [CheckedContinuation<Void, Never>] = []

    private func locked<Result>(_ body: () -> Result) -> Result {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }

    func makeID() -> Int {
        locked {
            defer { nextID += 1 }
            return nextID
        }
    }

    func push(_ job: PendingJob) {
        let accepted = locked {
            guard !stopped else { return false }
            jobs.append(job)
            condition.signal()
            return true
        }
        if !accepted { job.waiter.resume(throwing: CancellationError()) }
    }

    /// Takes a job out that no worker has begun.
    func cancel(_ id: Int) {
        let job = locked {
            jobs.firstIndex { $0.id == id }.map { jobs.remove(at: $0) }
        }
        job?.waiter.resume(throwing: CancellationError())
    }

    var isStopped: Bool { locked { stopped } }

    // MARK: for the worker threads

    func threadBegins() { locked { threads += 1 } }

    func threadEnds() {
        let waiters = locked {
            threads -= 1
            guard threads == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { stopWaiters = [] }
            return stopWaiters
        }
        waiters.forEach { $0.resume() }
    }

    /// Blocks until there is a job; nil when the queue is stopped.
    func next() -> PendingJob? {
        locked {
            while jobs.isEmpty && !stopped { condition.wait() }
            return stopped ? nil : jobs.removeFirst()
        }
    }

    /// Makes a process known to `stop`; false when it is too late and the caller has to end it.
    func register(_ pid: Int32) -> Bool {
        locked {
            if !stopped { processes.insert(pid) }
            return !stopped
        }
    }

    /// Must be called while the pid is still reserved (not reaped), so that `stop` never kills a stranger.
    func forget(_ pid: Int32) { _ = locked { processes.remove(pid) } }

    // MARK: the end

    /// Kills the workers, fails the waiting jobs with `CancellationError`; resumes `waiter` when all threads have ended.
    func stop(_ waiter: CheckedContinuation<Void, Never>?) {
        let (left, done) = locked {
            stopped = true
            for pid in processes { kill(-pid, SIGKILL) }
            defer { jobs = [] }
            condition.broadcast()
            let done = threads == 0
            if let waiter, !done { stopWaiters.append(waiter) }
            return (jobs, done)
        }
        left.forEach { $0.waiter.resume(throwing: CancellationError()) }
        if done { waiter?.resume() }
    }
}
