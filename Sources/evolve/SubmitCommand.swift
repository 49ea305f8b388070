import ArgumentParser
import Engine
import EvolveTypes
import Foundation
import RunStore
import Slurm

/// `evolve submit`: workers for a run, asked of a cluster under Slurm.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Make a run, or take one that is there, and submit workers for it to Slurm.",
        discussion: """
            The tasks of the job are workers of the run (`evolve worker`). Each starts again after its time limit, a
            requeue or the failure of its node; `evolve status STORE` shows them. When all have gone before the run is
            complete, submit again: evolve submit STORE. docs/cluster.md is a worked example.
            """)

    @Argument(
        help: ArgumentHelp(
            "Name of a file in Runs or a path to a .yaml file; or the store of a run that is to have more workers.",
            valueName: "run"))
    var subject: String?

    @Option(
        help: ArgumentHelp(
            "Where to keep the run, as postgresql://HOST/DATABASE; the password comes from elsewhere.",
            valueName: "store"))
    var store: String?

    @Flag(help: "More workers for the run that is in --store.")
    var again = false

    @OptionGroup var job: JobOptions

    @OptionGroup var choices: RunChoices

    @Flag(help: "Only print the script; nothing is made or submitted.")
    var dryRun = false

    @Option(name: .shortAndLong, help: "Also write the script to this file.")
    var output: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if again {
            if store == nil || subject != nil { throw ValidationError("--again takes --store and no run.") }
        } else if subject == nil {
            throw ValidationError("Name a run of the Runs folder, or the store of a run that is there.")
        } else if existing != nil, store != nil {
            throw ValidationError("Name one store.")
        }
        if existing != nil, !choices.isEmpty {
            throw ValidationError(
                "The run is made already: of what it is, only its models can change (`evolve resume`).")
        }
    }

    /// The store of a run that is there; nil = a new run.
    private var existing: String? {
        if again { return store }
        guard let subject, subject.contains("://") || subject.hasSuffix(".evolve") else { return nil }
        return subject
    }

    func run() async throws {
        let installation = try Installation()
        if let existing {
            let place = try StorePlace(existing)
            try job.check(place)
            let opened = try place.open(.brief)
            guard try opened.pulse().phase != .complete else {
                return Output.note("the run in \(place) is complete: there is nothing left to do")
            }
            // Of several runs in a database the address may leave out the only one, and later there are more.
            return try await submit(to: place, opened.manifest().name, installation) { opened }
        }
        let new = try choices.run(of: subject ?? "", installation.loader)
        let place = try StorePlace.new(store, for: new.policy.name)
        try job.check(place)
        let host = ModelHost(installation: installation, files: new.files)
        for facts in new.policy.asksModels ? new.policy.models.facts : [] {
            if let obstacle = host.obstacle(facts) {
                Output.note(
                    "note: \(facts.name) cannot be asked from here (\(obstacle.message)): the nodes must be able to")
            }
        }
        let manifest = try new.manifest()
        try await submit(to: place, new.policy.name, installation) { try place.create(manifest) }
    }

    /// - Parameter openStore: called when Slurm is known to take the script.
    private func submit(
        to place: StorePlace, _ name: String, _ installation: Installation, openStore: () throws -> any WorkQueue
    ) async throws {
        let script = job.script(for: place, run: name, installation)
        try script.check()
        if let output { try write(script.text, to: output) }
        guard !dryRun else {
            return try json
                ? Output.json(Report(store: "\(place)", job: nil, tasks: script.tasks, script: script.text))
                : Output.result(String(script.text.dropLast()))
        }
        let slurm = SlurmClient { installation.program(named: $0) }
        try await slurm.test(script)
        let opened = try openStore()
        let number: String
        do {
            number = try await slurm.submit(script)
        } catch let failure as Failure {
            throw Failure(
                failure.kind, "\(failure.message); the run is kept: submit again with `evolve submit \(place.word)`")
        }
        try opened.record(
            SubmissionRecord(
                scheduler: "slurm", job: number, jobName: script.jobName, tasks: script.tasks, script: script.text,
                submittedAt: Date()))
        guard !json else {
            return try Output.json(Report(store: "\(place)", job: number, tasks: script.tasks, script: script.text))
        }
        let command = installation.command
        Output.result(
            """
            job \(number): \(script.tasks) \(script.tasks == 1 ? "worker" : "workers") for the run in \(place)
            watch it       \(command) status \(place.word)
            end it         scancel \(number)
            more workers   \(command) submit \(place.word) --array N
            the result     \(command) inspect \(place.word)
            """)
    }

    private func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Failure(.unavailable, "\(path) cannot be written: check its folder and the space left")
        }
    }

    private struct Report: Encodable {
        var store: String
        var job: String?
        var tasks: Int
        var script: String
    }
}
