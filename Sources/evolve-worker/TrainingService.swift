import CTrainer
import Evaluation
import EvolveTypes
import Foundation

/// Does the jobs of one worker process. Data sets are built when a task is first asked for, and kept.
struct TrainingService {
    private let suite: SuitePolicy?
    private var tasks: [Int: LoadedTask] = [:]
    private var tables: [String: TableText] = [:]
    private let workspace = Workspace()

    init(suite: SuitePolicy?) { self.suite = suite }

    mutating func serve(_ job: WorkerJob) -> WorkerReply.Result {
        do {
            switch job.work {
            case .train(let models): return try train(models, LoadedKernel(path: job.library))
            case .floor(let inputs, let steps): return try floor(inputs: inputs, steps: steps)
            case .evaluate(let points):
                return .evaluated(values: try LoadedKernel(path: job.library).values(at: points))
            case .evaluateLayer(let layer):
                return .evaluatedLayer(try LoadedKernel(path: job.library).values(of: layer))
            case .tune(let request): return .tuned(try tune(request, LoadedKernel(path: job.library)))
            }
        } catch let failure as Failure {
            return .failed(kind: failure.kind.rawValue, message: failure.message)
        } catch {
            return .failed(kind: Failure.Kind.internalError.rawValue, message: "\(error)")
        }
    }

    private mutating func train(_ requests: [NetworkRequest], _ kernel: LoadedKernel) throws -> WorkerReply.Result {
        guard let suite else { throw Failure(.internalError, "this worker was set up without a suite") }
        // Data sets first: their time is not the candidate's.
        let loaded = try requests.map { try task($0.task, of: suite) }
        let begin = coreSeconds()
        let outcomes = try withExtendedLifetime(loaded) {
            try Self.runs(requests).flatMap { run in
                let models = run.map { evt_model(task: UnsafePointer(loaded[$0].task), seed: requests[$0].seed) }
                return try train(models, kernel, suite, rate: requests[run.lowerBound].rate ?? 1)
            }
        }
        let seconds = coreSeconds() - begin
        return .trained(
            outcomes: zip(outcomes, loaded).map { TrainingOutcome($0, of: $1) }, seconds: seconds)
    }

    /// Neighbours with the same learning rate are trained in one call.
    private static func runs(_ requests: [NetworkRequest]) -> [Range<Int>] {
        let starts = requests.indices.filter { $0 == 0 || requests[$0].rate != requests[$0 - 1].rate }
        return zip(starts, starts.dropFirst() + [requests.count]).map { $0..<$1 }
    }

    private mutating func train(
        _ models: [evt_model], _ kernel: LoadedKernel, _ suite: SuitePolicy, rate: Double
    ) throws -> [evt_outcome] {
        var outcomes = [evt_outcome](repeating: evt_outcome(), count: models.count)
        try suite.withTraining(rate: rate) { training in
            var bytes = 0
            try check(evt_workspace_bytes(&kernel.kernel, &training, models, Int64(models.count), &bytes))
            let memory = workspace.memory(bytes)
            try check(
                evt_train(
                    &kernel.kernel, &training, models, Int64(models.count), &outcomes, nil, memory, bytes))
        }
        return outcomes
    }

    private mutating func tune(_ request: TuningRequest, _ kernel: LoadedKernel) throws -> TuningReply {
        let count = Int(kernel.kernel.parameters + kernel.kernel.frozen)
        guard request.numbers.allSatisfy({ $0.places.allSatisfy((0..<count).contains) }) else {
            throw Failure(.internalError, "a number to tune has no place in the kernel")
        }
        let own = kernel.kernel.initials
        defer { kernel.kernel.initials = own }
        let begin = coreSeconds()
        // Trials train as a job of training does; this copy keeps the data sets that the first one builds.
        var service = self
        let study = TuningStudy(request, initials: Array(UnsafeBufferPointer(start: own, count: count))) { values in
            try values.withUnsafeBufferPointer { values in
                kernel.kernel.initials = values.baseAddress
                guard case .trained(let outcomes, _) = try service.train(request.networks, kernel) else {
                    throw Failure(.internalError, "a tuning's networks were not trained")
                }
                return outcomes
            }
        }
        var reply = try study.run()
        tasks = service.tasks
        tables = service.tables
        reply.seconds = coreSeconds() - begin
        return reply
    }

    private func floor(inputs: Int, steps: Int) throws -> WorkerReply.Result {
        guard let suite else { throw Failure(.internalError, "this worker was set up without a suite") }
        return try suite.withTraining { training in
            var bytes = 0
            try check(evt_floor_bytes(&training, Int32(clamping: inputs), &bytes))
            let memory = workspace.memory(bytes)
            let begin = coreSeconds()
            try check(evt_floor(&training, Int32(clamping: inputs), Int64(steps), memory, bytes))
            return .timed(seconds: coreSeconds() - begin)
        }
    }

    /// The time that this thread has had of a core: other processes of a busy machine do not count.
    private func coreSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }

    private func check(_ status: evt_status) throws {
        guard status == EVT_OK else {
            throw Failure(
                .badInput,
                "the suite's network or training settings are out of range (trainer status \(status.rawValue)); "
                    + "is the batch larger than the training set?")
        }
    }

    private mutating func task(_ index: Int, of suite: SuitePolicy) throws -> LoadedTask {
        if let task = tasks[index] { return task }
        guard suite.tasks.indices.contains(index) else { throw Failure(.internalError, "no task \(index)") }
        let task = LoadedTask(try suite.data(of: index, tables: &tables))
        tasks[index] = task
        return task
    }
}
