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

    @Argument(help: ArgumentHelp("A C file with float activation(float x), or a Python file.", valueName: "file.c"))
    var file: String

    @OptionGroup var measured: SuiteOptions

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
        let installation = try Installation()
        let loader = installation.loader
        let policy = try loader.suite(try measured.choice() ?? .named("lab"))
        let result = try ActivationPipeline(allow: policy.allow ?? .elementwise).compile(file: file)
        guard case .compiled(let candidate) = result else {
            let refusal = CheckReport(refusal: result)
            if json { try Output.json(refusal) } else { Output.result(refusal.text(file: file)) }
            throw ExitCode(Failure.Kind.badInput.rawValue)
        }
        let laboratory = try Laboratory(
            installation: installation, suite: policy, literature: [try loader.known(RunPolicy.reference)],
            runSeed: seed,
            workers: workers)
        policy.noteIfTooCostly(file, candidate.cost.total)
        let checked = ContinuousClock.now
        let (split, seeds) = (split, seeds)
        if isatty(STDERR_FILENO) == 1 {
            Output.note(
                "training \(policy.tasks.count { $0.split == split } * seeds) networks, and as many with GELU …")
        }
        let measurement = try await laboratory.closing(when: StopSignal()) {
            try await laboratory.evaluator.measure(
                candidate.kernel,
                MeasurementRequest(
                    split, purpose: split == .search ? .search : .heldout, seeds: 0..<seeds, keep: true))
        }
        guard case .scored(let score) = measurement.verdict else {
            throw Failure(
                .badInput, "\(file) cannot be scored: \(measurement.verdict.name), \(measurement.verdict.reason ?? "")")
        }
        let report = EvalReport(
            file: file, suite: measured.name ?? "lab", suiteDigest: try policy.measurementDigest, split: split.rawValue,
            seeds: seeds, score: score,
            seconds: EvalReport.Seconds(
                check: (checked - start) / .seconds(1), compile: measurement.compileSeconds,
                train: measurement.trainSeconds, total: (ContinuousClock.now - start) / .seconds(1)))
        if json { try Output.json(report) } else { Output.result(report.text(Output.ink)) }
    }
}

extension SuitePolicy.Split: ExpressibleByArgument {}
