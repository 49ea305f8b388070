import ActivationCompiler
import ArgumentParser
import Definitions
import Engine
import Evaluation
import EvolveTypes
import Foundation

/// `evolve bench`: how fast this machine trains candidates, beside the floor of the matrix products alone.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the trainer on this machine: time per step, and candidates per hour of a run.")

    @Argument(help: ArgumentHelp("Name of a run, or a run file, whose suite is measured.", valueName: "run"))
    var run: String?

    @Option(help: "Name of a folder in Fitness (default: lab); instead of a run.")
    var suite: String?

    @Option(
        name: .customLong("function"),
        help: ArgumentHelp("C file of a function, or a name of Fitness/library; may be repeated.", valueName: "name"))
    var functions: [String] = []

    @Option(help: ArgumentHelp("Hidden layers instead of the suite's, for example 64x64x64.", valueName: "units"))
    var network: NetworkShape?

    @Option(help: "Samples per step, instead of the suite's.")
    var batch: Int?

    @Option(help: "Optimiser steps, instead of the suite's.")
    var steps: Int?

    @Option(help: "Networks that are trained at each repeat.")
    var networks = 8

    @Option(help: "How often everything is measured, in turn.")
    var repeats = 5

    @Option(help: "Worker processes, for the candidates per hour (default: one per core).")
    var workers: Int?

    @Option(
        help: ArgumentHelp("Write the networks here for other frameworks, and measure nothing.", valueName: "folder"))
    var export: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if run != nil && suite != nil { throw ValidationError("Give a run or --suite, not both.") }
        for (name, value) in [
            ("batch", batch), ("steps", steps), ("networks", networks), ("repeats", repeats),
            ("workers", workers),
        ] {
            if let value, value < 1 { throw ValidationError("--\(name) must be at least 1.") }
        }
    }

    func run() async throws {
        let installation = try Installation()
        let loader = installation.loader
        let policy = try policy(loader)
        let stop = StopSignal()
        let bench = BenchSession(installation: installation, suite: policy, stop: stop)
        if let export {
            try bench.export(networks, into: URL(fileURLWithPath: export))
            Output.note("\(networks) networks written to \(export)")
            return
        }
        let names = functions.isEmpty ? ["relu", "gelu", "gelu_sine"] : functions
        let report = try await bench.measure(
            names.map { try BenchSession.subject($0, loader: loader, suite: policy) }, networks: networks,
            repeats: repeats, workers: workers ?? ProcessInfo.processInfo.activeProcessorCount)
        if json { try Output.json(report) } else { Output.result(report.text) }
    }

    private func policy(_ loader: DefinitionLoader) throws -> SuitePolicy {
        var policy: SuitePolicy
        if let run {
            let isFile = run.contains("/") || run.hasSuffix(".yaml")
            policy = try (isFile ? loader.run(file: URL(fileURLWithPath: run)) : loader.run(named: run)).policy.suite
        } else {
            policy = try loader.suite(named: suite ?? "lab")
        }
        if let network { policy.network.hidden = network.hidden }
        if let steps { policy.training.steps = steps }
        if let batch {
            guard batch <= policy.points.train else {
                throw Failure(
                    .badInput, "--batch \(batch) is more than the \(policy.points.train) training points of a task")
            }
            policy.training.batch = batch
        }
        return policy
    }
}

/// Hidden layers as 64x64x64.
struct NetworkShape: ExpressibleByArgument {
    var hidden: [Int]

    init?(argument: String) {
        let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard !parts.isEmpty, parts.count <= 16, parts.allSatisfy({ (1...4096).contains($0) }) else { return nil }
        hidden = parts
    }
}
