import ActivationCompiler
import ArgumentParser
import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Reporting
import RunStore

struct SessionOptions: ParsableArguments {
    @Option(help: "Worker processes that train candidates (default: one per core).")
    var workers: Int?

    @Flag(help: "One JSON event a line on standard output.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Seconds of silence after which a worker is taken for dead (default: 15, with a database 30).",
            valueName: "seconds"))
    var lease: Double?

    func validate() throws {
        if let lease, !(lease > 0) { throw ValidationError("--lease must be positive.") }
        if let workers, workers < 1 { throw ValidationError("--workers must be at least 1.") }
    }
}

/// One sitting of a run: starts what it needs, runs the engine, shows the end, and stops what it started.
struct RunSession {
    let installation: Installation
    let options: SessionOptions
    let place: StorePlace
    var role = Occupation.Role.owner
    /// Whether `models` are others than those of the sittings before.
    var isAmended = false
    /// Of the run, if anybody has read it already.
    var reader: RunReader?
    /// The finished run that this one replays.
    var original: Original?

    /// What a replay is held against.
    enum Original {
        case comparable(path: String, digest: String)
        /// Why not, in words.
        case incomparable(String)
    }

    /// - Parameters:
    ///   - models: those that are asked from here on.
    ///   - openStore: called when everything else is known to work, so that a failed start leaves no store.
    func run(
        _ manifest: RunManifest, _ policy: RunPolicy, models: ModelPolicy, openStore: () throws -> any WorkQueue
    ) async throws {
        let replay = manifest.replay
        let files = manifest.definitions
        let laboratory = try Laboratory(
            installation: installation, suite: policy.suite, literature: policy.literature, runSeed: policy.seed,
            workers: options.workers)
        let host = ModelHost(installation: installation, files: files)
        let asked = policy.asksModels ? models.facts : []
        if !replay { for facts in asked { try host.check(facts) } }
        let store = try openStore()
        let occupation = try Occupation(store, at: place, as: role)
        defer { occupation.end() }

        Output.note(role == .owner ? "the run is kept in \(place)" : "at work on the run in \(place)")
        if isAmended {
            let record = AmendmentRecord(
                index: try store.amendments().count, slot: try store.slotCount(),
                models: try CanonicalJSON.encode(models), createdAt: Date())
            try store.record(record)
            Output.note(
                "from slot \(record.slot) on: \(models.facts.map(\.name).joined(separator: ", ")) "
                    + (models.facts.count == 1 ? "is asked" : "are asked"))
        }
        let stop = StopSignal()
        let signals = SignalWatch { stop.request(grace: $0) }
        defer { signals.cancel() }
        let start = ContinuousClock.now
        let clock: @Sendable () -> Double = { (ContinuousClock.now - start) / .seconds(1) }
        let progress = try (reader ?? RunReader(store)).progress(budget: models.budget)
        let display = RunDisplay(progress, json: options.json, path: "\(place)", clock: clock)
        defer { display.close() }
        let ending = try await laboratory.closing(when: stop) {
            let execute = { @Sendable (roster: ModelRoster) in
                try await Run(
                    policy: policy, replay: replay, store: store, evaluator: laboratory.evaluator,
                    verifier: laboratory.verifier, models: roster,
                    card: .here(capacity: capacity(policy, laboratory, asked), trainers: laboratory.workers),
                    rhythm: options.lease.map(Rhythm.init(lease:)) ?? place.rhythm, isDead: { $0.isDead },
                    clock: clock, observe: { display.show($0) }
                ).execute(stop: stop)
            }
            if replay {
                return try await execute(ModelHost.absent(ModelHistory(policy, store.amendments()).everything))
            }
            return try await host.serving(asked, clock: clock, observe: { display.show($0) }, execute)
        }
        display.close()
        try finish(ending, store: store)
    }

    /// Tasks taken on at once: while a model answers or a kernel is compiled, training goes on. Whoever helps leaves some to
    /// others.
    private func capacity(_ policy: RunPolicy, _ laboratory: Laboratory, _ asked: [ModelFacts]) -> Int {
        guard role == .helper else { return policy.lookahead }
        return min(policy.lookahead, 2 * laboratory.workers + (asked.isEmpty ? 0 : 2))
    }

    /// What a finished run says.
    static func show(_ summary: RunSummary, place: StorePlace, json: Bool, command: String) throws {
        if json {
            try Output.jsonLine(CompleteEvent(store: "\(place)", summary: summary))
        } else {
            Output.result(EndText.render(summary, path: place.word, command: command, Output.ink))
        }
    }

    private func finish(_ ending: RunEnding, store: any WorkQueue) throws {
        if ending == .stopped {
            let done = try store.slotCount()
            if options.json { try Output.jsonLine(StoppedEvent(slots: done, store: "\(place)")) }
            throw Failure(
                .stoppedEarly,
                "stopped; \(done) slots are safe in \(place). Go on with: \(installation.command) "
                    + (role == .owner ? "resume \(place.word)" : "worker --store \(place.word)"))
        }
        let summary = try RunReader(store).summary()
        try Self.show(summary, place: place, json: options.json, command: installation.command)
        switch original {
        case .comparable(let path, let digest):
            Output.note("digest \(summary.digest == digest ? "equal to" : "DIFFERENT from") that of \(path)")
        case .incomparable(let reason): Output.note("digest not compared: \(reason)")
        case nil: break
        }
    }
}

private struct StoppedEvent: Encodable {
    var event = "stopped"
    var slots: Int
    var store: String
}

private struct CompleteEvent: Encodable {
    var event = "complete"
    var store: String
    var summary: RunSummary
}
