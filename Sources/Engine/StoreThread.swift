import Dispatch

/// A thread for tasks that wait for the store: what waits for the disk there takes no thread from those that compute, of
/// which there are only as many as cores.
final class StoreThread: TaskExecutor {
    private let queue = DispatchQueue(label: "evolve.store")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
