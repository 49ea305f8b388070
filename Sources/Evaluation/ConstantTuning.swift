import ActivationCompiler
import EvolveTypes

/// What a tuning may cost: `trials` sets of numbers, each on the same `networks` networks.
package struct TuningBudget: Codable, Hashable, Sendable {
    package var trials: Int
    package var networks: Int

    package init(trials: Int, networks: Int) {
        self.trials = trials
        self.networks = networks
    }
}

/// What a tuning found.
package struct TuningMeasurement: Sendable {
    package enum Result: Sendable {
        /// One value per number of the candidate. The gains are means in decibels over the networks that chose the
        /// values, so `after` is too high on average.
        case tuned(values: [Float], before: Double, after: Double)
        /// The worker crashed or hung.
        case stopped(Verdict)
    }

    package var result: Result
    /// Optimiser steps spent on the candidate; the reference's are not counted, as in a score. 0 when stopped: nobody
    /// knows.
    package var steps: Int
    package var compileSeconds: Double
    /// Of a core.
    package var seconds: Double

    package init(result: Result, steps: Int, compileSeconds: Double, seconds: Double) {
        self.result = result
        self.steps = steps
        self.compileSeconds = compileSeconds
        self.seconds = seconds
    }
}

extension SuiteEvaluator {
    /// One job of one worker: trials follow from each other. The networks are the same for every candidate of a run, so
    /// that the reference is trained on them once.
    package func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement {
        let library = try await compiler.compile(candidate.kernel)
        defer { withExtendedLifetime(library) {} }
        let networks = suite.tuningNetworks(budget.networks, runSeed: runSeed)
        let request = TuningRequest(
            numbers: candidate.numbers.map {
                TuningRequest.Number(value: Float($0.literal.value), places: $0.places, isNegative: $0.isNegative)
            },
            networks: networks, references: try await references(networks), trials: budget.trials,
            clip: suite.scoring.clip)
        let limit = KernelTrainer.allowance + Double(budget.trials * networks.count) * suite.secondsPerNetwork
        var found = TuningMeasurement(
            result: .stopped(.crashed("")), steps: 0, compileSeconds: library.seconds, seconds: 0)
        switch try await trainer.pool.run(.tune(request), library: library.path, timeLimit: limit) {
        case .finished(.tuned(let reply)):
            found.result = .tuned(values: reply.values, before: reply.before, after: reply.after)
            found.steps = reply.steps
            found.seconds = reply.seconds
        case .finished(.failed(let kind, let message)):
            throw Failure(Failure.Kind(rawValue: kind) ?? .internalError, message)
        case .crashed(let how): found.result = .stopped(.crashed(how))
        case .timedOut(let how): found.result = .stopped(.timedOut(how))
        case .finished: throw Failure(.internalError, "the worker answered a tuning job with something else")
        }
        return found
    }
}

extension SuitePolicy {
    /// Spread over the families; with more networks than search tasks, each task again with the next seed.
    package func tuningNetworks(_ count: Int, runSeed: UInt64) -> [NetworkRequest] {
        var networks: [NetworkRequest] = []
        var index = 0
        while networks.count < count {
            let tasks = spreadTasks(count - networks.count)
            guard !tasks.isEmpty else { break }
            networks += tasks.map { task in
                NetworkRequest(
                    task: task,
                    seed: SeedPurpose.tuning.modelSeed(runSeed: runSeed, index: index, task: self.tasks[task]))
            }
            index += 1
        }
        return networks
    }
}
