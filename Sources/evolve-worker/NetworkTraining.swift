import CTrainer
import Evaluation
import EvolveTypes
import Foundation

/// Networks of one job with their data sets, ready to be trained with a kernel.
struct NetworkTraining {
    let suite: SuitePolicy
    let requests: [NetworkRequest]
    let loaded: [LoadedTask]
    let workspace: Workspace

    /// - Throws: `Failure(.badInput)` when the suite's settings are out of range, whatever the kernel: looked at before there is one.
    init(_ suite: SuitePolicy, _ requests: [NetworkRequest], _ loaded: [LoadedTask], _ workspace: Workspace) throws {
        self.suite = suite
        self.requests = requests
        self.loaded = loaded
        self.workspace = workspace
        var none = evt_kernel()
        try suite.withTraining { training in
            var bytes = 0
            try Self.check(
                evt_workspace_bytes(&none, &training, models(requests.indices), Int64(requests.count), &bytes))
        }
    }

    /// In the kernel's process.
    func outcomes(_ kernel: LoadedKernel) throws -> [evt_outcome] {
        try withExtendedLifetime(loaded) {
            try runs.flatMap { run in try train(models(run), kernel, rate: requests[run.lowerBound].rate ?? 1) }
        }
    }

    /// - Parameter outcomes: one a request; nil when one of them cannot be.
    func checked(_ outcomes: some Collection<evt_outcome>) -> [TrainingOutcome]? {
        let isPossible = zip(outcomes, loaded).allSatisfy {
            $0.isPossible(steps: suite.training.steps, head: $1.task.pointee.head)
        }
        return isPossible ? zip(outcomes, loaded).map { TrainingOutcome($0, of: $1) } : nil
    }

    /// Neighbours with the same learning rate are trained in one call.
    private var runs: [Range<Int>] {
        let starts = requests.indices.filter { $0 == 0 || requests[$0].rate != requests[$0 - 1].rate }
        return zip(starts, starts.dropFirst() + [requests.count]).map { $0..<$1 }
    }

    private func models(_ run: Range<Int>) -> [evt_model] {
        run.map { evt_model(task: UnsafePointer(loaded[$0].task), seed: requests[$0].seed) }
    }

    private func train(_ models: [evt_model], _ kernel: LoadedKernel, rate: Double) throws -> [evt_outcome] {
        var outcomes = [evt_outcome](repeating: evt_outcome(), count: models.count)
        try suite.withTraining(rate: rate) { training in
            var bytes = 0
            try Self.check(evt_workspace_bytes(&kernel.kernel, &training, models, Int64(models.count), &bytes))
            let memory = workspace.memory(bytes)
            try Self.check(
                evt_train(
                    &kernel.kernel, &training, models, Int64(models.count), &outcomes, nil, memory, bytes))
        }
        return outcomes
    }

    static func check(_ status: evt_status) throws {
        guard status == EVT_OK else {
            throw Failure(
                .badInput,
                "the suite's network or training settings are out of range (trainer status \(status.rawValue)); "
                    + "is the batch larger than the training set?")
        }
    }
}

/// The time that this thread has had of a core: other processes of a busy machine do not count.
func coreSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}
