import CTrainer
import Evaluation
import EvolveTypes

/// Does the jobs of one worker process. Data sets are built when a task is first asked for, and kept: the processes in
/// which kernels run inherit them.
struct TrainingService {
    private let suite: SuitePolicy?
    private let kernels: KernelProcess
    private var tasks: [Int: LoadedTask] = [:]
    private var tables: [String: TableText] = [:]
    private let workspace = Workspace()

    init(_ setup: WorkerSetup) {
        suite = setup.suite
        kernels = KernelProcess(isolation: setup.isolation.available, memoryLimit: setup.memoryLimit)
    }

    mutating func serve(_ job: WorkerJob) -> WorkerReply.Result {
        do {
            switch job.work {
            case .train(let requests): return try train(networks(requests), job)
            case .floor(let inputs, let steps): return try floor(inputs: inputs, steps: steps)
            case .evaluate(let points): return try kernels.values(at: points, of: job)
            case .evaluateLayer(let layer): return try kernels.values(of: layer, of: job)
            case .tune(let request): return try tune(request, networks(request.networks), job)
            case .isolation: return try kernels.trial().result { _, _ in .isolated(kernels.isolation) }
            }
        } catch let failure as Failure {
            return .failed(kind: failure.kind.rawValue, message: failure.message)
        } catch {
            return .failed(kind: Failure.Kind.internalError.rawValue, message: "\(error)")
        }
    }

    private mutating func networks(_ requests: [NetworkRequest]) throws -> NetworkTraining {
        guard let suite else { throw Failure(.internalError, "this worker was set up without a suite") }
        return try NetworkTraining(suite, requests, requests.map { try task($0.task, of: suite) }, workspace)
    }

    private func train(_ training: NetworkTraining, _ job: WorkerJob) throws -> WorkerReply.Result {
        let count = training.requests.count
        let bytes = count * MemoryLayout<evt_outcome>.stride
        let ending = try kernels.run(library: job.library, seconds: job.seconds, bytes: bytes) { kernel, answer in
            let begin = coreSeconds()
            let outcomes = try training.outcomes(kernel)
            answer.seconds = coreSeconds() - begin
            answer.body.assumingMemoryBound(to: evt_outcome.self).update(from: outcomes, count: count)
        }
        return ending.result { answer, most in
            let outcomes = UnsafeBufferPointer(
                start: answer.body.assumingMemoryBound(to: evt_outcome.self), count: count)
            guard let seconds = Self.seconds(answer, most) else { return nil }
            return training.checked(outcomes).map { .trained(outcomes: $0, seconds: seconds) }
        }
    }

    private func tune(_ request: TuningRequest, _ training: NetworkTraining, _ job: WorkerJob) throws
        -> WorkerReply.Result
    {
        let bytes = TuningAnswer.bytes(request)
        let ending = try kernels.run(library: job.library, seconds: job.seconds, bytes: bytes) { kernel, answer in
            let begin = coreSeconds()
            let reply = try TuningStudy.run(request, training, kernel)
            answer.seconds = coreSeconds() - begin
            TuningAnswer.write(reply, to: answer)
        }
        return ending.result { answer, most in
            guard let seconds = Self.seconds(answer, most) else { return nil }
            return TuningAnswer.read(answer, request, steps: training.suite.training.steps, seconds: seconds)
                .map { .tuned($0) }
        }
    }

    /// The kernel's process measured its training alone; `most` is all the time it had, by clocks of another grain.
    private static func seconds(_ answer: Answer, _ most: Double) -> Double? {
        answer.seconds.isFinite && answer.seconds >= 0 ? min(answer.seconds, most) : nil
    }

    private func floor(inputs: Int, steps: Int) throws -> WorkerReply.Result {
        guard let suite else { throw Failure(.internalError, "this worker was set up without a suite") }
        return try suite.withTraining { training in
            var bytes = 0
            try NetworkTraining.check(evt_floor_bytes(&training, Int32(clamping: inputs), &bytes))
            let memory = workspace.memory(bytes)
            let begin = coreSeconds()
            try NetworkTraining.check(evt_floor(&training, Int32(clamping: inputs), Int64(steps), memory, bytes))
            return .timed(seconds: coreSeconds() - begin)
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
