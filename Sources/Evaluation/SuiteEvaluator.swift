import ActivationCodegen
import EvolveTypes

/// Evaluates candidates on a suite, paired with a reference activation that is trained on the same networks.
package final class SuiteEvaluator: CandidateEvaluator {
    let suite: SuitePolicy
    let runSeed: UInt64
    let compiler: KernelCompiler
    let trainer: KernelTrainer
    let reference: ReferenceOutcomes

    /// - Parameters:
    ///   - pool: set up with the same suite.
    ///   - reference: the kernel that gains are measured against (GELU).
    ///   - chunk: networks per worker job; nil spreads a candidate over all workers. No result depends on it.
    package init(
        suite: SuitePolicy, runSeed: UInt64, compiler: KernelCompiler, pool: WorkerPool, reference: KernelSource,
        chunk: Int? = nil
    ) {
        self.suite = suite
        self.runSeed = runSeed
        self.compiler = compiler
        trainer = KernelTrainer(suite: suite, pool: pool, chunk: chunk)
        self.reference = ReferenceOutcomes(kernel: reference, compiler: compiler, trainer: trainer)
    }

    package func search(_ kernel: KernelSource) async throws -> CandidateMeasurement {
        var study = Study(library: try await compiler.compile(kernel))
        let look = networks(suite.firstLookTasks, .search, 0..<1)
        let everything = networks(suite.taskIndices(in: .search), .search, 0..<suite.scoring.seeds)

        try await train(look, for: &study)
        if let verdict = study.failure(look) { return study.measurement(verdict) }
        let first = try await score(look, of: study)
        if first.gain.mean < -suite.firstLook.margin { return study.measurement(.racedOut(first)) }

        try await train(everything, for: &study)
        if let verdict = study.failure(everything) { return study.measurement(verdict) }
        return study.measurement(.scored(try await score(everything, of: study)))
    }

    package func measure(_ kernel: KernelSource, split: SuitePolicy.Split, seeds: SeedPurpose, count: Int) async throws
        -> CandidateMeasurement
    {
        var study = Study(library: try await compiler.compile(kernel))
        let everything = networks(suite.taskIndices(in: split), seeds, 0..<count)
        try await train(everything, for: &study)
        if let verdict = study.failure(everything) { return study.measurement(verdict) }
        return study.measurement(.scored(try await score(everything, of: study)))
    }

    /// Tasks × seeds, task by task.
    private func networks(_ tasks: [Int], _ purpose: SeedPurpose, _ seeds: Range<Int>) -> [NetworkRequest] {
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
        guard !missing.isEmpty else { return }
        let report = try await trainer.train(missing, library: study.library)
        study.seconds += report.seconds
        study.steps += report.steps
        switch report.result {
        case .outcomes(let outcomes):
            for (network, outcome) in zip(missing, outcomes) { study.outcomes[network] = outcome }
        case .stopped(let verdict): study.stopped = verdict
        }
    }

    private func score(_ networks: [NetworkRequest], of study: Study) async throws -> Score {
        let references = try await reference.outcomes(networks)
        var tasks: [Int] = []
        var pairs: [[Scoring.Pair]] = []
        for (network, reference) in zip(networks, references) {
            guard let candidate = study.outcomes[network] else {
                throw Failure(.internalError, "a network of task \(network.task) was scored before it was trained")
            }
            if tasks.last != network.task {
                tasks.append(network.task)
                pairs.append([])
            }
            pairs[pairs.count - 1].append(Scoring.Pair(reference: reference, candidate: candidate))
        }
        return Scoring.score(
            tasks: tasks.map { suite.tasks[$0] }, pairs: pairs, clip: suite.scoring.clip, steps: study.steps)
    }
}

/// What is known of one candidate while it is evaluated.
private struct Study {
    var library: KernelCompiler.Compiled
    var outcomes: [NetworkRequest: TrainingOutcome] = [:]
    var steps = 0
    var seconds = 0.0
    /// Set when a worker crashed or hung with it.
    var stopped: Verdict?

    init(library: KernelCompiler.Compiled) { self.library = library }

    /// The verdict of a candidate that cannot be scored on these networks: stopped, or more than half of them diverged.
    func failure(_ networks: [NetworkRequest]) -> Verdict? {
        if let stopped { return stopped }
        let diverged = networks.count { outcomes[$0]?.diverged ?? false }
        guard 2 * diverged > networks.count else { return nil }
        return .diverged("\(diverged) of \(networks.count) networks stopped being finite")
    }

    func measurement(_ verdict: Verdict) -> CandidateMeasurement {
        CandidateMeasurement(verdict: verdict, compileSeconds: library.seconds, trainSeconds: seconds)
    }
}
