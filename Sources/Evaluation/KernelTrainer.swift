import EvolveTypes

/// Trains networks with one compiled kernel: cuts them into worker jobs and puts the answers together.
struct KernelTrainer: Sendable {
    enum Result: Sendable {
        /// In the order asked for.
        case outcomes([TrainingOutcome])
        /// A worker crashed or hung.
        case stopped(Verdict)
    }

    struct Report: Sendable {
        var result: Result
        /// Summed over the workers.
        var seconds: Double
    }

    /// Seconds a job may take beyond its networks' own: loading, and building the data sets of a fresh worker.
    static let allowance = 20.0

    var suite: SuitePolicy
    var pool: WorkerPool
    /// Networks per job; nil = by the number of workers.
    var chunk: Int?

    func train(_ networks: [NetworkRequest], library: KernelCompiler.Compiled) async throws -> Report {
        // At most 16: a finer grain shares the workers better between candidates, and a job costs under 1 ms.
        let size = max(1, chunk ?? min(16, (networks.count + pool.workers - 1) / pool.workers))
        let chunks = stride(from: 0, to: networks.count, by: size).map {
            Array(networks[$0..<min($0 + size, networks.count)])
        }
        let replies = try await withThrowingTaskGroup(of: (Int, WorkerOutcome).self) { group in
            for (index, models) in chunks.enumerated() {
                group.addTask {
                    let limit = Self.allowance + Double(models.count) * suite.secondsPerNetwork
                    return (index, try await pool.run(.train(models: models), library: library.path, timeLimit: limit))
                }
            }
            // All are waited for: which of several failures is reported must not depend on their order in time.
            var replies = [WorkerOutcome?](repeating: nil, count: chunks.count)
            for try await (index, reply) in group { replies[index] = reply }
            return replies
        }
        return try report(replies, chunks)
    }

    private func report(_ replies: [WorkerOutcome?], _ chunks: [[NetworkRequest]]) throws -> Report {
        var outcomes: [TrainingOutcome] = []
        var report = Report(result: .outcomes([]), seconds: 0)
        var stopped: Verdict?
        for (reply, models) in zip(replies, chunks) {
            switch reply {
            case .finished(.trained(let part, let seconds)) where part.count == models.count:
                outcomes += part
                report.seconds += seconds
            case .finished(.failed(let kind, let message)):
                throw Failure(Failure.Kind(rawValue: kind) ?? .internalError, message)
            case .crashed(let how): stopped = stopped ?? .crashed(how)
            case .timedOut(let how): stopped = stopped ?? .timedOut(how)
            case .finished, nil: throw Failure(.internalError, "the worker answered a training job with something else")
            }
        }
        report.result = stopped.map(Result.stopped) ?? .outcomes(outcomes)
        return report
    }
}
