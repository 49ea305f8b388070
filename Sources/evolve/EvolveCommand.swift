import ArgumentParser
import EvolveTypes
import Foundation

/// `evolve`: mines neural-network activation functions. This target is the composition root: the only place that reads
/// the environment and the clock, and that names a store, a model and a worker.
@main
struct EvolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evolve",
        abstract: "Mines neural-network activation functions.",
        discussion: """
            Exit status: 0 done, 64 misuse, 65 bad input, 69 something is missing,
            70 a defect of evolve, 75 stopped early and resumable.
            """, version: "0.1.0",
        subcommands: [
            RunCommand.self, ResumeCommand.self, WorkerCommand.self, SubmitCommand.self, StatusCommand.self,
            CheckCommand.self,
            EvalCommand.self, CompareCommand.self, TuneCommand.self,
            InspectCommand.self, ReportCommand.self, ServeCommand.self, ExportCommand.self, ImportCommand.self,
            VerifyCommand.self, DistillCommand.self,
            ModelsCommand.self,
            StoreCommand.self,
            SuiteCommand.self,
            BenchCommand.self, DoctorCommand.self,
            AskCommand.self, EngineBenchCommand.self, EngineSimulateCommand.self, QueueBenchCommand.self,
            PolicyBenchCommand.self,
            MendCommand.self, RaceCommand.self, CalibrateCommand.self, RetrievalBenchCommand.self,
        ])

    /// Maps failures to one line on stderr and the exit status of their kind.
    static func main() async {
        // A reader that goes away (a killed compiler, `| head`) is an error of that write, not the end of the program.
        signal(SIGPIPE, SIG_IGN)
        SignalWatch.unblock()
        do {
            try refuseUnknownCommand()
            var command = try parseAsRoot(nil)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Output.error(failure.message)
            Foundation.exit(failure.kind.rawValue)
        } catch {
            // Help and the version are errors to the parser too.
            guard exitCode(for: error) != .success else { exit(withError: error) }
            let words = fullMessage(for: error)
            Output.note(words.hasPrefix("Error: ") ? "evolve: " + words.dropFirst("Error: ".count) : words)
            Foundation.exit(exitCode(for: error).rawValue)
        }
    }

    /// The argument parser would call it an unexpected argument.
    private static func refuseUnknownCommand() throws {
        guard let name = CommandLine.arguments.dropFirst().first, !name.hasPrefix("-"), name != "help" else { return }
        let known = configuration.subcommands.map { $0.configuration }
        guard !known.contains(where: { $0.commandName == name }) else { return }
        let shown = known.filter { $0.shouldDisplay }.compactMap { $0.commandName }
        throw Failure(
            .misuse, "there is no command '\(name)'" + NearestName.hint(name, among: shown, noun: "commands"))
    }
}
