import ActivationCompiler
import Evaluation
import EvolveTypes
import Synchronization

/// Training that is played: a network's gain is what `HiddenTarget` says of the candidate, and noise that depends on
/// behaviour, task and seed. The race is the suite's own.
package final class PlayedTraining: CandidateEvaluator {
    private let suite: SuitePolicy
    private let seed: UInt64
    private let target: HiddenTarget
    /// Gain of each behaviour, by family; nil = it diverges.
    private let known = Mutex<[String: [String: Double]?]>([:])

    /// Standard deviation between a task's seeds, in decibels: of the laboratory suite (Fitness/lab/suite.yaml).
    private static let seedDeviation = 2.5

    /// - Parameters:
    ///   - seed: of the noise.
    ///   - target: number of the target.
    package init(suite: SuitePolicy, seed: UInt64, target: Int) {
        self.suite = suite
        self.seed = seed
        let families = suite.taskIndices(in: .search).map { suite.tasks[$0].family }
        self.target = HiddenTarget(number: target, families: families, clip: suite.scoring.clip)
    }

    /// Without noise, over the search tasks as the suite weighs its families; nil for what was not trained, or diverged.
    package func truth(of fingerprint: String) -> Double? {
        guard let gains = known.withLock({ $0[fingerprint] }) ?? nil else { return nil }
        return Scoring.mean(suite.taskIndices(in: .search).compactMap { gains[suite.tasks[$0].family] })
    }

    /// As `SuiteEvaluator` does it, stage by stage.
    package func search(_ candidate: CompiledActivation, rivals: [Evidence]) async throws -> CandidateMeasurement {
        for stage in suite.racing.stages {
            let verdict = trained(candidate, tasks: suite.tasks(of: stage), .search, seeds: 0..<stage.seeds)
            guard case .scored(let score) = verdict else { return Self.measurement(verdict) }
            if suite.racing.isOut(Evidence(score), after: stage, rivals: rivals) {
                return Self.measurement(.racedOut(score))
            }
        }
        return try await measure(
            candidate, MeasurementRequest(.search, purpose: .search, seeds: 0..<suite.scoring.seeds))
    }

    package func measure(
        _ candidate: CompiledActivation, _ request: MeasurementRequest
    ) async throws -> CandidateMeasurement {
        let tasks = suite.taskIndices(in: request.split, family: request.family)
        return Self.measurement(trained(candidate, tasks: tasks, request.purpose, seeds: request.seeds))
    }

    package func duel(_ duel: Duel) async throws -> DuelMeasurement {
        throw Failure(.internalError, "no duel is played")
    }

    package func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement {
        throw Failure(.internalError, "no tuning is played")
    }

    private static func measurement(_ verdict: Verdict) -> CandidateMeasurement {
        CandidateMeasurement(verdict: verdict, compileSeconds: 0, trainSeconds: 0)
    }

    private func gains(of candidate: CompiledActivation) -> [String: Double]? {
        if let gains = known.withLock({ $0[candidate.fingerprint] }) { return gains }
        let gains = target.gains(of: candidate.program)
        known.withLock { $0[candidate.fingerprint] = .some(gains) }
        return gains
    }

    private func trained(
        _ candidate: CompiledActivation, tasks: [Int], _ purpose: SeedPurpose, seeds: Range<Int>
    ) -> Verdict {
        guard let gains = gains(of: candidate) else { return .diverged("not finite") }
        let clip = suite.scoring.clip
        let scores = tasks.map { index in
            let task = suite.tasks[index]
            let measured = seeds.map { number in
                let word = purpose == .search ? "noise" : "\(purpose.rawValue) noise"
                var stream = RandomStream(key: ["\(seed)", word, candidate.fingerprint, task.name, "\(number)"])
                return min(clip, max(-clip, (gains[task.family] ?? 0) + Self.seedDeviation * stream.normal()))
            }
            return TaskScore(task: task.name, family: task.family, gains: measured, inDistributionGains: [])
        }
        let gain = Scoring.mean(scores.map { Scoring.mean($0.gains) })
        let estimate = Estimate(mean: gain, low: gain, high: gain)
        let score = Score(
            gain: estimate, families: [:], inDistribution: estimate, tail: gain, tasks: scores,
            trainingSteps: scores.reduce(0) { $0 + $1.gains.count } * suite.training.steps)
        return .scored(score)
    }
}
