import ActivationCodegen
import ActivationCompiler
import EvolveTypes
import Synchronization

/// Evaluates candidates on a suite, paired with a reference activation that is trained on the same networks.
package final class SuiteEvaluator: CandidateEvaluator {
    let suite: SuitePolicy
    let runSeed: UInt64
    let compiler: KernelCompiler
    let trainer: KernelTrainer
    let reference: KernelOutcomes
    private let cache: OutcomeCache?
    private let identity: TrainerIdentity
    /// Of the kernels that outcomes are kept of: several duels share an opponent, and often its networks.
    private let kept: Mutex<[String: KernelOutcomes]>

    /// - Parameters:
    ///   - pool: set up with the same suite.
    ///   - reference: the kernel that gains are measured against (GELU).
    ///   - cache: what the reference's networks came to is looked up and kept there; nil = only in memory.
    ///   - chunk: networks per worker job; nil spreads a candidate over all workers. No result depends on it.
    package init(
        suite: SuitePolicy, runSeed: UInt64, compiler: KernelCompiler, pool: WorkerPool, reference: KernelSource,
        cache: OutcomeCache? = nil, chunk: Int? = nil
    ) {
        self.suite = suite
        self.runSeed = runSeed
        self.compiler = compiler
        trainer = KernelTrainer(suite: suite, pool: pool, chunk: chunk)
        self.cache = cache
        identity = TrainerIdentity(kernel: reference, compiler: compiler, trainer: trainer)
        let outcomes = KernelOutcomes(
            kernel: reference, compiler: compiler, trainer: trainer, cache: cache, identity: identity)
        self.reference = outcomes
        kept = Mutex([reference.hash: outcomes])
    }

    package func search(_ candidate: CompiledActivation, rivals: [Evidence]) async throws -> CandidateMeasurement {
        try await search(candidate.kernel, rivals: rivals)
    }

    package func measure(
        _ candidate: CompiledActivation, _ request: MeasurementRequest
    ) async throws -> CandidateMeasurement {
        try await measure(candidate.kernel, request)
    }

    package func search(_ kernel: KernelSource, rivals: [Evidence]) async throws -> CandidateMeasurement {
        var study = Study(library: try await compiler.compile(kernel))
        for stage in suite.racing.stages {
            let part = networks(suite.tasks(of: stage), .search, 0..<min(stage.seeds, suite.scoring.seeds))
            try await train(part, for: &study)
            if let verdict = study.failure(part) { return study.measurement(verdict) }
            let score = try await score(part, of: study)
            if suite.racing.isOut(Evidence(score), after: stage, rivals: rivals) {
                return study.measurement(.racedOut(score))
            }
        }
        let everything = networks(suite.taskIndices(in: .search), .search, 0..<suite.scoring.seeds)
        try await train(everything, for: &study)
        if let verdict = study.failure(everything) { return study.measurement(verdict) }
        return study.measurement(.scored(try await score(everything, of: study)))
    }

    package func measure(_ kernel: KernelSource, _ request: MeasurementRequest) async throws -> CandidateMeasurement {
        let everything = networks(
            suite.taskIndices(in: request.split, family: request.family), request.purpose, request.seeds)
        let study = try await study(kernel, everything, keep: request.keep)
        if let verdict = study.failure(everything) { return study.measurement(verdict) }
        return study.measurement(.scored(try await score(everything, of: study)))
    }

    /// The networks trained with a kernel, or looked up.
    func study(_ kernel: KernelSource, _ networks: [NetworkRequest], keep: Bool) async throws -> Study {
        guard keep else {
            var study = Study(library: try await compiler.compile(kernel))
            try await train(networks, for: &study)
            return study
        }
        var study = Study()
        let known = kept.withLock { kept in
            let outcomes =
                kept[kernel.hash]
                ?? KernelOutcomes(
                    kernel: kernel, compiler: compiler, trainer: trainer, cache: cache, identity: identity)
            kept[kernel.hash] = outcomes
            return outcomes
        }
        study.take(try await known.outcomes(networks), for: networks)
        return study
    }

    /// Tasks × seeds, task by task.
    func networks(_ tasks: [Int], _ purpose: SeedPurpose, _ seeds: Range<Int>) -> [NetworkRequest] {
        tasks.flatMap { task in
            seeds.map { index in
                NetworkRequest(
                    task: task, seed: purpose.modelSeed(runSeed: runSeed, index: index, task: suite.tasks[task]))
            }
        }
    }

    /// Trains what the study does not have yet.
    private func train(_ networks: [NetworkRequest], for study: inout Study) async throws {
        let missing = networks.filter { study.outcomes[$0] == nil }
        guard !missing.isEmpty, let library = study.library else { return }
        let report = try await trainer.train(missing, library: library)
        study.take(KernelOutcomes.Answer(result: report.result, trainSeconds: report.seconds), for: missing)
    }

    func score(_ networks: [NetworkRequest], of study: Study) async throws -> Score {
        let references = try await references(networks)
        let outcomes = networks.compactMap { study.outcomes[$0] }
        guard outcomes.count == networks.count else {
            throw Failure(.internalError, "a network was scored before it was trained")
        }
        return score(networks, outcomes: outcomes, references: references, steps: study.steps)
    }

    /// What the reference comes to on the networks.
    func references(_ networks: [NetworkRequest]) async throws -> [TrainingOutcome] {
        guard case .outcomes(let outcomes) = try await reference.outcomes(networks).result else {
            throw Failure(.internalError, "the reference activation cannot be trained: it crashes or hangs a worker")
        }
        return outcomes
    }

    /// - Parameter networks: task by task.
    func score(
        _ networks: [NetworkRequest], outcomes: [TrainingOutcome], references: [TrainingOutcome], steps: Int
    ) -> Score {
        var tasks: [Int] = []
        var pairs: [[Scoring.Pair]] = []
        for (network, pair) in zip(networks, zip(references, outcomes)) {
            if tasks.last != network.task {
                tasks.append(network.task)
                pairs.append([])
            }
            pairs[pairs.count - 1].append(Scoring.Pair(reference: pair.0, candidate: pair.1))
        }
        return Scoring.score(
            tasks: tasks.map { suite.tasks[$0] }, pairs: pairs, clip: suite.scoring.clip, steps: steps)
    }
}
