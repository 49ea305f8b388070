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

    @Option(help: "Seed of every random choice (default: the definition's).")
    var seed: UInt64?

    @Option(help: "End after this many candidates, seed programs included (default: the definition's).")
    var maxCandidates: Int?

    @Option(help: "End the search after this many minutes, at a slot boundary (default: the definition's).")
    var maxMinutes: Double?

    @Option(
        help: ArgumentHelp(
            "Answer from the journal of this run, a store or what `store export` wrote, instead of a model.",
            valueName: "store"))
    var replay: String?

    @OptionGroup var models: ModelOptions

    @OptionGroup var measured: SuiteOptions

    @OptionGroup var session: SessionOptions

    func validate() throws {
        if replay != nil, measured.name != nil {
            throw ValidationError("A replay repeats the recorded run, suite included: leave --suite and --csv out.")
        }
        if replay != nil, seed != nil {
            throw ValidationError("A replay repeats the recorded run, seed included: leave --seed out.")
        }
        if replay != nil, !models.isEmpty {
            throw ValidationError("A replay repeats the recorded run, models and budgets included: leave them out.")
        }
        if let maxCandidates, maxCandidates < 1 { throw ValidationError("--max-candidates must be at least 1.") }
        if let maxMinutes, !(maxMinutes > 0) { throw ValidationError("--max-minutes must be positive.") }
    }

    func run() async throws {
        let installation = try Installation()
        let source = try replay.map { try RecordedRun.open($0) }
        var (policy, files) = try definition(installation, replaying: source)
        if let seed { policy.seed = seed }
        if let maxCandidates { policy.slots = maxCandidates }
        if let maxMinutes { policy.maxMinutes = maxMinutes }
        policy = try models.applied(to: policy, ModelHistory(policy), installation.loader)
        if source == nil, policy.asksModels {
            for name in policy.modelsOutOfReach {
                Output.note(
                    "note: the budget does not cover one call of \(name), estimated generously: it is never asked")
            }
        }

        let place = try place(for: policy.name)
        let manifest = RunManifest(
            name: policy.name, seed: policy.seed, policy: try CanonicalJSON.encode(policy), definitions: files,
            replay: source != nil, createdAt: Date())
        var sitting = RunSession(installation: installation, options: session, place: place)
        if let replay, let source, let summary = try? RunReader(source).summary(), summary.phase == .complete,
            maxCandidates == nil, maxMinutes == nil
        {
            sitting.original = (replay, summary.digest)
        }
        try await sitting.run(manifest, policy, models: policy.models) {
            try place.create(manifest, answers: source?.answers() ?? [], amendments: source?.amendments() ?? [])
        }
    }

    private func definition(
        _ installation: Installation, replaying source: (any RunStore)?
    ) throws -> (RunPolicy, [DefinitionFile]) {
        if let source {
            let manifest = try source.manifest()
            let name = URL(fileURLWithPath: experiment).deletingPathExtension().lastPathComponent
            guard manifest.name == name else {
                throw Failure(
                    .badInput,
                    "the record is of the run \(manifest.name), not \(name); write: run \(manifest.name)")
            }
            return (try RunPolicy(of: manifest), manifest.definitions)
        }
        let loader = installation.loader
        let isFile = experiment.hasSuffix(".yaml") || experiment.hasSuffix(".yml") || experiment.contains("/")
        let suite = try measured.choice()
        let loaded =
            try isFile
            ? loader.run(file: URL(fileURLWithPath: experiment), on: suite) : loader.run(named: experiment, on: suite)
        return (loaded.policy, loaded.files)
    }

    private func place(for name: String) throws -> StorePlace {
        guard let store else { return .file(Self.unique(name) + ".evolve") }
        let place = try StorePlace(store)
        guard case .database(var address) = place, address.run == nil else { return place }
        address.run = Self.unique(name)
        return .database(address)
    }

    private static func unique(_ name: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyyMMdd-HHmmss"
        return "\(name)-\(formatter.string(from: Date()))"
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
