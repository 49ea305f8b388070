import ArgumentParser
import Engine
import EvolveTypes
import Foundation
import Reporting
import RunStore

/// `evolve verify`: holds a candidate of a finished run against GELU and the best known function on held-out tasks.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a candidate of a finished run on held-out tasks, as the run did its champions.",
        discussion: """
            Trained anew, in fresh processes, from the stored source: against GELU and the best known function of the \
            suite, each side at its best learning rate, as written and with outputs of unit second moment. The verdict is \
            corrected for the number of champions that the run's store has verified, this one among them. What is found is \
            kept in the store, outside the run's digest. Without a number, what is known of the run's champions is shown.
            """)

    @Argument(help: ArgumentHelp("The run's store.", valueName: "store"))
    var store: String

    @Argument(help: "Number of the candidate.")
    var id: Int?

    @Option(help: "Worker processes (default: one per core).")
    var workers: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if let workers, workers < 1 { throw ValidationError("--workers must be at least 1.") }
    }

    func run() async throws {
        let installation = try Installation()
        let place = try StorePlace(store)
        let reader = try RunReader(try place.read())
        let summary = try reader.summary()
        guard summary.phase == .complete else {
            throw Failure(
                .badInput, "the run is not finished: go on with it first: \(installation.command) resume \(store)")
        }
        if let id {
            _ = try reader.record(of: id)
            try await verify(id, reader.policy, place, installation)
        }
        let findings = try RunReader(try place.read()).findings.rows
        let shown = findings.filter { id == nil || $0.candidate == id }
        guard !shown.isEmpty else { throw Failure(.badInput, "this run has no champion to show; name a candidate") }
        if json {
            try Output.json(shown)
        } else {
            Output.result(FindingsText.lines(shown, Output.ink).joined(separator: "\n"))
        }
    }

    private func verify(
        _ id: Int, _ policy: RunPolicy, _ place: StorePlace, _ installation: Installation
    ) async throws {
        let opened = try place.open()
        let occupation = try Occupation(opened, at: place, as: .owner)
        defer { occupation.end() }
        let laboratory = try Laboratory(
            installation: installation, suite: policy.suite, literature: policy.literature, runSeed: policy.seed,
            workers: workers)
        let stop = StopSignal()
        let signals = SignalWatch { _ in stop.request() }
        defer { signals.cancel() }
        let ending = try await laboratory.closing(when: stop) {
            try await Run(
                policy: policy, replay: true, store: opened, evaluator: laboratory.evaluator,
                verifier: laboratory.verifier, models: ModelHost.absent([]),
                card: .here(capacity: laboratory.workers), clock: Self.clock(),
                observe: { Self.show($0) }
            ).verify(candidate: id, stop: stop)
        }
        if ending == .stopped {
            throw Failure(
                .stoppedEarly,
                "stopped before the verification was complete; ask again: \(installation.command) verify \(store) \(id)"
            )
        }
    }

    private static func clock() -> @Sendable () -> Double {
        let start = ContinuousClock.now
        return { (ContinuousClock.now - start) / .seconds(1) }
    }

    private static func show(_ event: RunEvent) {
        if case .verifying(_, let steps) = event {
            Output.note(
                "training for \(steps) duels on held-out tasks; the verdicts of all that is verified are then corrected for one more …"
            )
        }
    }
}
