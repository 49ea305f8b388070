import ActivationCompiler
import ArgumentParser
import Definitions
import Engine
import Evaluation
import EvolveTypes
import Foundation
import Reporting

/// `evolve eval`: trains one function on a suite and scores it against the reference.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Train and score one C function on a suite, paired with GELU.")

    @Argument(help: ArgumentHelp("A C file with float activation(float x).", valueName: "file.c"))
    var file: String

    @Option(help: "Name of a folder in Fitness.")
    var suite = "lab"

    @Option(help: "Seeds per task.")
    var seeds = 4

    @Option(help: "Which tasks: search or heldout.")
    var split: SuitePolicy.Split = .search

    @Option(help: "Seed from which the training seeds are drawn.")
    var seed: UInt64 = 1

    @Option(help: "Worker processes (default: one per core).")
    var workers: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if seeds < 1 { throw ValidationError("--seeds must be at least 1.") }
        if let workers, workers < 1 { throw ValidationError("--workers must be at least 1.") }
    }

    func run() async throws {
        let start = ContinuousClock.now
        let source = try SourceFile.read(file)
        let installation = try Installation()
        let loader = DefinitionLoader(root: installation.contentRoot)
        let policy = try loader.suite(named: suite)
        let result = ActivationPipeline(allow: policy.allow ?? .elementwise).compile(source)
        guard case .compiled(let candidate) = result else {
            let refusal = CheckReport(refusal: result)
            if json { try Output.json(refusal) } else { Output.result(refusal.text(file: file)) }
            throw ExitCode(Failure.Kind.badInput.rawValue)
        }
        let laboratory = try Laboratory(
            installation: installation, suite: policy, literature: [try loader.known(RunPolicy.reference)],
            runSeed: seed,
            workers: workers)
        if candidate.cost.total > policy.costLimit {
            Output.note(
                "note: it costs \(Figures.cost(candidate.cost.total)) operations per element; a search on \(suite) refuses "
                    + "what is over \(Figures.cost(policy.costLimit))")
        }
        let checked = ContinuousClock.now
        let (split, seeds) = (split, seeds)
        if isatty(STDERR_FILENO) == 1 {
            Output.note(
                "training \(policy.tasks.count { $0.split == split } * seeds) networks, and as many with GELU …")
        }
        let measurement = try await laboratory.closing(when: StopSignal()) {
            try await laboratory.evaluator.measure(
                candidate.kernel, split: split, seeds: split == .search ? .search : .heldout, count: seeds)
        }
        guard case .scored(let score) = measurement.verdict else {
            throw Failure(
                .badInput, "\(file) cannot be scored: \(measurement.verdict.name), \(measurement.verdict.reason ?? "")")
        }
        let report = EvalReport(
            file: file, suite: suite, split: split.rawValue, seeds: seeds, score: score,
            seconds: EvalReport.Seconds(
                check: (checked - start) / .seconds(1), compile: measurement.compileSeconds,
                train: measurement.trainSeconds, total: (ContinuousClock.now - start) / .seconds(1)))
        if json { try Output.json(report) } else { Output.result(report.text) }
    }
}

extension SuitePolicy.Split: ExpressibleByArgument {}

/// The JSON of `eval`; the keys are documented in docs/json.md.
struct EvalReport: Encodable {
    var file: String
    var suite: String
    var split: String
    var seeds: Int
    var gain: Estimate
    var families: [String: Estimate]
    var inDistribution: Estimate
    var tail: Double
    var tasks: [TaskScore]
    var trainingSteps: Int
    var seconds: Seconds

    struct Seconds: Encodable {
        var check: Double
        var compile: Double
        var train: Double
        var total: Double
    }

    init(file: String, suite: String, split: String, seeds: Int, score: Score, seconds: Seconds) {
        self.file = file
        self.suite = suite
        self.split = split
        self.seeds = seeds
        gain = score.gain
        families = score.families
        inDistribution = score.inDistribution
        tail = score.tail
        tasks = score.tasks
        trainingSteps = score.trainingSteps
        self.seconds = seconds
    }

    var text: String {
        var columns = Columns([.left, .right, .left])
        columns.add(["gain over GELU", Figures.gain(gain.mean), "dB " + Figures.interval(gain)])
        for (family, estimate) in families.sorted(by: { $0.key < $1.key }) {
            columns.add(["  " + family, Figures.gain(estimate.mean), "dB " + Figures.interval(estimate)])
        }
        columns.add(["worst quarter of tasks", Figures.gain(tail), "dB"])
        columns.add(["in distribution", Figures.gain(inDistribution.mean), "dB " + Figures.interval(inDistribution)])
        var perTask = Columns([.left, .right])
        for task in tasks {
            perTask.add([task.task, Figures.gain(task.gains.reduce(0, +) / Double(max(1, task.gains.count)))])
        }
        let cost =
            "\(Figures.count(trainingSteps)) training steps, "
            + "\(Figures.duration(seconds.train)) of training (all workers together), \(Figures.duration(seconds.total)) in all"
        return
            (["\(file) on \(suite), \(split) tasks, \(seeds) seeds each"] + columns.lines + ["", "by task, dB"]
            + perTask.lines + ["", cost]).joined(separator: "\n")
    }
}
