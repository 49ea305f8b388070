import ArgumentParser
import Engine
import EvolveTypes
import Foundation
import Reporting
import RunStore
import Slurm

/// `evolve worker`: joins a run.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Work at a run that was started elsewhere, beside any number of others.",
        discussion: """
            Start as many as there are machines; each takes what is to be done and hands in what it has done. Any of them
            may be stopped or killed at any time: others take over what it was at, and answers that were paid for are used.
            It ends with the run: 0 when the run is complete, 75 when it was told to stop before. If there is no run in the
            store yet, it waits a minute for one.
            """)

    @Option(help: ArgumentHelp("The run's store: a file on this machine, or postgresql://HOST/DATABASE?run=NAME."))
    var store: String

    @OptionGroup var session: SessionOptions

    func run() async throws {
        let place = try StorePlace(store)
        try await wait(for: place)
        let opened = try place.open()
        let manifest = try opened.manifest()
        let policy = try RunPolicy(of: manifest)
        let installation = try Installation()
        guard try opened.pulse().phase != .complete else {
            Output.note("the run in \(place) is complete: there is nothing left to do")
            return
        }
        var sitting = RunSession(installation: installation, options: session, place: place)
        sitting.role = .helper
        let history = try ModelHistory(policy, opened.amendments())
        try await sitting.run(manifest, policy, models: history.latest) { opened }
    }
}

extension WorkerCommand {
    /// Seconds that a worker waits for a run to be made: who starts all at once need not order them.
    private static let patience = 60

    private func wait(for place: StorePlace) async throws {
        guard try !place.isThere() else { return }
        Output.note("there is no run in \(place) yet: waiting up to \(Self.patience) s for one")
        let stop = StopSignal()
        let signals = SignalWatch { _ in stop.request() }
        defer { signals.cancel() }
        for _ in 0..<2 * Self.patience {
            try await Task.sleep(for: .milliseconds(500))
            if stop.isRequested { throw Failure(.stoppedEarly, "stopped before there was a run in \(place)") }
            if try place.isThere() { return }
        }
        throw Failure(
            .badInput,
            "there is still no run in \(place): make it first, with `evolve run` or `evolve submit` and "
                + "--store \(place.word)")
    }
}

/// `evolve status`: who is at work on a run.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show who works at a run, what they hold, and how fast it goes.")

    @Argument(help: ArgumentHelp("The run's store.", valueName: "store"))
    var store: String

    @Flag(help: "Also those that have left or were lost.")
    var all = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let place = try StorePlace(store)
        var status = try RunStatus(place.read(), isDead: { $0.isDead })
        let slurm = SlurmClient(find: Installation.program(named:))
        if status.phase != .complete, Installation.program(named: "squeue") != nil {
            for (index, submission) in status.submissions.enumerated() where submission.scheduler == "slurm" {
                // The run's own record counts; Slurm may be away or have forgotten the job.
                status.submissions[index].states = try? await slurm.states(
                    of: submission.job, named: submission.jobName)
            }
        }
        if json {
            try Output.json(status)
        } else {
            Output.result(StatusText.render(status, store: place.word, command: Installation.command(), all: all))
        }
    }
}
