import ArgumentParser
import Engine
import Evaluation
import EvolveTypes
import Foundation
import Population
import Reporting
import Simulation

/// `evolve policy-bench`: a run's search with many seeds, each candidate trained once however often it is found. For
/// `scripts/bench/policies`.
struct PolicyBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy-bench",
        abstract: "Repeat a search with remembered measurements; print a line of JSON each.",
        shouldDisplay: false)

    @Argument(
        help: "The run whose islands and settings are tried: name of a file in Runs, or a path. It asks no model.")
    var run: String

    @OptionGroup var choices: RunChoices

    @Option(help: ArgumentHelp("Measurements; what is missing is trained and added.", valueName: "file"))
    var memory: String

    @Option(help: "Searches, the first with the run's seed, the next with that and 1, and so on.")
    var repetitions = 50

    @Option(help: "Look at the search after this many slots; may be repeated. It ends with the last.")
    var mark: [Int]

    @Option(help: "Worker processes, and searches at once (default: one per core).")
    var workers: Int?

    /// Of the networks' initial weights: the same in all searches, so that they share their measurements.
    private static let networkSeed: UInt64 = 1

    func validate() throws {
        if repetitions < 1 { throw ValidationError("--repetitions must be at least 1.") }
        if mark.isEmpty { throw ValidationError("--mark must be given at least once.") }
        if mark.contains(where: { $0 < 1 }) { throw ValidationError("--mark must be at least 1.") }
        if let workers, workers < 1 { throw ValidationError("--workers must be at least 1.") }
    }

    struct Row: Encodable, Sendable {
        struct Mark: Encodable, Sendable {
            var slots: Int
            var proposals: Int
            var scored: Int
            var behaviours: Int
            /// Exp of the entropy of the proposals' behaviours, of their cells of the archive and of their motifs.
            var effectiveBehaviours: Double
            var effectiveCells: Double
            var effectiveMotifs: Double
            var champion: String?
            /// Decibels that the search believes, after the re-test.
            var believed: Double?
            /// On held-out tasks with fresh seeds; 0 without a champion, for GELU is one.
            var gain: Double
        }

        var seed: UInt64
        var marks: [Mark]
        var seconds: Double
        /// Measurements made anew so far, by all searches of this process, and functions in the memory.
        var measured: Int
        var functions: Int
    }

    func run() async throws {
        let installation = try Installation()
        let policy = try choices.run(of: run, installation.loader).policy
        let memory = try MeasurementMemory(
            file: URL(fileURLWithPath: memory), suite: policy.suite, seed: Self.networkSeed)
        let laboratory = try Laboratory(
            installation: installation, suite: policy.suite, literature: policy.literature, runSeed: Self.networkSeed,
            workers: workers)
        let evaluator = try RememberingEvaluator(laboratory.evaluator, suite: policy.suite, memory: memory)
        let (marks, seeds) = (mark, (0..<UInt64(repetitions)).map { policy.seed &+ $0 })
        try await laboratory.closing(when: StopSignal()) {
            try await withThrowingTaskGroup(of: Row.self) { group in
                var waiting = seeds[...]
                func start() {
                    guard let seed = waiting.popFirst() else { return }
                    var policy = policy
                    (policy.seed, policy.slots) = (seed, marks.max() ?? policy.slots)
                    group.addTask { [policy] in
                        try await Self.row(policy, marks, evaluator, memory)
                    }
                }
                for _ in 0..<laboratory.workers { start() }
                while let row = try await group.next() {
                    try Output.jsonLine(row)
                    start()
                }
            }
        }
    }

    private static func row(
        _ policy: RunPolicy, _ marks: [Int], _ evaluator: RememberingEvaluator, _ memory: MeasurementMemory
    ) async throws -> Row {
        let begin = ContinuousClock.now
        let trial = try SearchTrial(policy: policy, evaluator: evaluator)
        var looks: [Row.Mark] = []
        for checkpoint in try await trial.run(marks: marks) {
            looks.append(try await look(at: checkpoint, of: trial, policy, evaluator))
        }
        return Row(
            seed: policy.seed, marks: looks, seconds: (ContinuousClock.now - begin) / .seconds(1),
            measured: evaluator.measured, functions: memory.functions)
    }

    private static func look(
        at checkpoint: SearchTrial.Checkpoint, of trial: SearchTrial, _ policy: RunPolicy,
        _ evaluator: RememberingEvaluator
    ) async throws -> Row.Mark {
        let all = ProposalTail(checkpoint.records).parts.first
        var mark = Row.Mark(
            slots: checkpoint.slots, proposals: all?.proposals ?? 0, scored: checkpoint.scored.count,
            behaviours: all?.behaviours.distinct ?? 0, effectiveBehaviours: all?.behaviours.effective ?? 0,
            effectiveCells: all?.cells.effective ?? 0, effectiveMotifs: all?.motifs.effective ?? 0, champion: nil,
            believed: nil, gain: 0)
        guard let (elite, candidate) = try await trial.champion(of: checkpoint.population) else { return mark }
        let heldout = MeasurementRequest(
            .heldout, purpose: .heldout, seeds: 0..<policy.verification.heldoutSeeds)
        (mark.champion, mark.believed) = (candidate.formula, elite.gain)
        let verdict = try await evaluator.measure(candidate, heldout).verdict
        // Diverged out of the search's sight: as bad as can be.
        mark.gain = verdict.score?.gain.mean ?? -policy.suite.scoring.clip
        return mark
    }
}
