import ArgumentParser
import Definitions
import Engine
import EvolveTypes
import Foundation
import RunStore

/// A run that is to be made: its definition, with what was said on the command line.
struct NewRun {
    var policy: RunPolicy
    var files: [DefinitionFile]

    func manifest(replay: Bool = false) throws -> RunManifest {
        RunManifest(
            name: policy.name, seed: policy.seed, policy: try CanonicalJSON.encode(policy), definitions: files,
            replay: replay, createdAt: Date())
    }
}

/// What a run can be made with that differs from its definition.
struct RunChoices: ParsableArguments {
    @Option(help: "Seed of every random choice (default: the definition's).")
    var seed: UInt64?

    @Option(
        name: [.customLong("slots"), .customLong("max-candidates")],
        help: "End after this many slots, seeds and re-tests included (default: the definition's).")
    var slots: Int?

    @Option(help: "End the search after this many minutes, at a slot boundary (default: the definition's).")
    var maxMinutes: Double?

    @OptionGroup var models: ModelOptions

    @OptionGroup var measured: SuiteOptions

    func validate() throws {
        if let slots, slots < 1 { throw ValidationError("--slots must be at least 1.") }
        if let maxMinutes, !(maxMinutes > 0) { throw ValidationError("--max-minutes must be positive.") }
    }

    var isEmpty: Bool {
        seed == nil && slots == nil && maxMinutes == nil && models.isEmpty && measured.name == nil
    }

    /// - Parameter experiment: name of a file in Runs, or a path to one.
    func run(of experiment: String, _ loader: DefinitionLoader) throws -> NewRun {
        let isFile = experiment.hasSuffix(".yaml") || experiment.hasSuffix(".yml") || experiment.contains("/")
        let suite = try measured.choice()
        let loaded =
            try isFile
            ? loader.run(file: URL(fileURLWithPath: experiment), on: suite) : loader.run(named: experiment, on: suite)
        let new = try applied(to: NewRun(policy: loaded.policy, files: loaded.files), loader)
        if new.policy.asksModels {
            for name in new.policy.modelsOutOfReach {
                Output.note(
                    "note: the budget does not cover one call of \(name), estimated generously: it is never asked")
            }
            if new.policy.models.dollarsBuyNothing {
                Output.note("note: the budget in dollars ends nothing, for the models it is for cost none")
            }
        }
        return new
    }

    func applied(to new: NewRun, _ loader: DefinitionLoader) throws -> NewRun {
        var policy = new.policy
        if let seed { policy.seed = seed }
        if let slots { policy.slots = slots }
        if let maxMinutes { policy.maxMinutes = maxMinutes }
        policy = try models.applied(to: policy, ModelHistory(policy), loader)
        return NewRun(policy: policy, files: new.files)
    }
}
