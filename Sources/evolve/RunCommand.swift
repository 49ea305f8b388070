import ArgumentParser
import Definitions
import Engine
import EvolveTypes
import Foundation
import Reporting
import RunStore

/// `evolve run`: starts an experiment.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Start an experiment of the Runs folder, or one in a file of your own.")

    @Argument(help: "Name of a file in Runs without its extension, or a path to a .yaml file.")
    var experiment: String

    @Option(
        help: ArgumentHelp(
            "Where to keep the run: a file, or a database as postgresql://HOST/DATABASE (default: NAME-DATE-TIME.evolve in "
                + "the current folder).", valueName: "store"))
    var store: String?

    @Option(
        help: ArgumentHelp(
            "Answer from the journal of this run, a store or what `store export` wrote, instead of a model.",
            valueName: "store"))
    var replay: String?

    @OptionGroup var choices: RunChoices

    @OptionGroup var session: SessionOptions

    func validate() throws {
        if replay != nil, choices.measured.name != nil {
            throw ValidationError("A replay repeats the recorded run, suite included: leave --suite and --csv out.")
        }
        if replay != nil, choices.seed != nil {
            throw ValidationError("A replay repeats the recorded run, seed included: leave --seed out.")
        }
        if replay != nil, !choices.models.isEmpty {
            throw ValidationError("A replay repeats the recorded run, models and budgets included: leave them out.")
        }
    }

    func run() async throws {
        let installation = try Installation()
        let source = try replay.map { try RecordedRun.open($0) }
        let new =
            try source.map { try choices.applied(to: recorded($0), installation.loader) }
            ?? choices.run(of: experiment, installation.loader)
        let (policy, place) = (new.policy, try StorePlace.new(store, for: new.policy.name))
        let manifest = try new.manifest(replay: source != nil)
        var sitting = RunSession(installation: installation, options: session, place: place)
        if let replay, let source { sitting.original = try original(replay, source, policy) }
        try await sitting.run(manifest, policy, models: policy.models) {
            try place.create(manifest, answersOf: source)
        }
    }

    private func original(
        _ path: String, _ source: any RunStore, _ policy: RunPolicy
    ) throws -> RunSession.Original {
        let reader = try RunReader(source)
        let summary = try reader.summary()
        guard summary.phase == .complete else {
            return .incomparable(
                "\(path) is of a run that was not finished; it has no answers of models behind slot \(summary.slots.committed)"
            )
        }
        guard reader.policy.slots == policy.slots, choices.maxMinutes == nil else {
            return .incomparable("\(path) is of a run of another length")
        }
        return .comparable(path: path, digest: summary.digest)
    }

    /// The run of a record, which a replay repeats.
    private func recorded(_ source: any RunStore) throws -> NewRun {
        let manifest = try source.manifest()
        let name = URL(fileURLWithPath: experiment).deletingPathExtension().lastPathComponent
        guard manifest.name == name else {
            throw Failure(
                .badInput, "the record is of the run \(manifest.name), not \(name); write: run \(manifest.name)")
        }
        return NewRun(policy: try RunPolicy(of: manifest), files: manifest.definitions)
    }
}

/// `evolve resume`: goes on with a run that was stopped or killed.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with a run that was stopped, killed or interrupted.")

    @Argument(help: ArgumentHelp("The run's store.", valueName: "store"))
    var store: String

    @OptionGroup var models: ModelOptions

    @OptionGroup var session: SessionOptions

    func run() async throws {
        let place = try StorePlace(store)
        let opened = try place.open()
        let manifest = try opened.manifest()
        let policy = try RunPolicy(of: manifest)
        let installation = try Installation()
        let reader = try RunReader(opened)
        let summary = try reader.summary()
        if summary.phase == .complete {
            Output.note("\(store) is already complete")
            return try RunSession.show(summary, place: place, json: session.json, command: installation.command)
        }
        let amendment = try amendment(reader, summary.phase, manifest, installation)
        var sitting = RunSession(installation: installation, options: session, place: place)
        sitting.isAmended = amendment != nil
        sitting.reader = reader
        try await sitting.run(manifest, policy, models: amendment ?? reader.history.latest) { opened }
    }

    /// What this resumption changes; nil = nothing.
    private func amendment(
        _ reader: RunReader, _ phase: RunSummary.Phase, _ manifest: RunManifest, _ installation: Installation
    ) throws -> ModelPolicy? {
        guard !models.isEmpty else { return nil }
        if manifest.replay {
            throw Failure(.misuse, "\(store) is a replay, which asks no model: leave the options out")
        }
        guard phase == .searching else {
            throw Failure(
                .misuse, "the search in \(store) is over, and verification asks no model: leave the options out")
        }
        var present = reader.policy
        present.models = reader.history.latest
        let changed = try models.applied(to: present, reader.history, installation.loader).models
        return changed == present.models ? nil : changed
    }
}
