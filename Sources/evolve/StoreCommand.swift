import ArgumentParser
import EvolveTypes
import Foundation
import RunStore
import RunStoreSQLite

/// `evolve store`: what is done with a run's store as a whole.
struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Export a run's store.", subcommands: [ExportCommand.self])

    struct ExportCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Write a run as one portable file of JSON lines, to be shared and replayed.",
            discussion: """
                It holds the run's definitions, every request and answer, every slot and measurement, and no key:
                evolve run NAME --replay FILE repeats the run from it.
                """)

        @Argument(help: ArgumentHelp("The run's store.", valueName: "store"))
        var store: String

        @Option(name: .shortAndLong, help: "The file to write; it must not be there yet.")
        var output: String

        func run() throws {
            let bytes = try PortableRun.write(try SQLiteRunStore.open(at: store, readOnly: true))
            do {
                try bytes.write(to: URL(fileURLWithPath: output), options: .withoutOverwriting)
            } catch CocoaError.fileWriteFileExists {
                throw Failure(.misuse, "\(output) is there already: name another file")
            } catch {
                throw Failure(.unavailable, "\(output) cannot be written: check its folder and the space left")
            }
            Output.note("\(output): \(bytes.count) bytes")
        }
    }
}
