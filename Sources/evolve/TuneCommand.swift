import ActivationCompiler
import ArgumentParser
import Definitions
import Engine
import Evaluation
import EvolveTypes
import Foundation
import Mutation

/// `evolve tune`: what the operator constant-tuning makes of one function, outside a run.
struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune", abstract: "Tune the numbers of one C function on search tasks; print the tuned function.")

    @Argument(help: ArgumentHelp("A C file with float activation(float x).", valueName: "file.c"))
    var file: String

    @Option(help: "Name of a folder in Fitness, or a path to a .yaml file.")
    var suite = "lab"

    @Option(help: "Sets of numbers to try, those of the file among them.")
    var trials = 24

    @Option(help: "Networks trained in each trial.")
    var networks = 8

    @Option(help: "Seed from which the training seeds are drawn.")
    var seed: UInt64 = 1

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if !(2...10_000).contains(trials) { throw ValidationError("--trials must be from 2 to 10000.") }
        if !(1...1_000).contains(networks) { throw ValidationError("--networks must be from 1 to 1000.") }
    }

    func run() async throws {
        let start = ContinuousClock.now
        let source = try SourceFile.read(file)
        let installation = try Installation()
        let loader = installation.loader
        let policy = try loader.suite(nameOrFile: suite)
        let pipeline = ActivationPipeline(allow: policy.allow ?? .elementwise)
        let result = pipeline.compile(source)
        guard case .compiled = result else {
            let refusal = CheckReport(refusal: result)
            if json { try Output.json(refusal) } else { Output.result(refusal.text(file: file)) }
            throw ExitCode(Failure.Kind.badInput.rawValue)
        }
        guard let candidate = pipeline.tunable(source) else {
            throw Failure(.badInput, "\(file) has no numbers to tune; see docs/operators.md for which count")
        }
        // Trials follow from each other, so one worker does it all but the reference's networks.
        let laboratory = try Laboratory(
            installation: installation, suite: policy, literature: [try loader.known(RunPolicy.reference)],
            runSeed: seed, workers: 1)
        let budget = TuningBudget(trials: trials, networks: networks)
        let measurement = try await laboratory.closing(when: StopSignal()) {
            try await laboratory.evaluator.tune(candidate, budget: budget)
        }
        let report = try TuneReport(
            file: file, suite: suite, seed: seed, budget: budget, candidate: candidate, measurement: measurement,
            total: (ContinuousClock.now - start) / .seconds(1))
        if json { return try Output.json(report) }
        // The function alone on standard output, so that it can be kept in a file.
        Output.note(report.text)
        Output.result(report.source.trimmingCharacters(in: .newlines))
    }
}
