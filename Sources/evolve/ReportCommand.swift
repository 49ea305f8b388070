import ArgumentParser
import EvolveTypes
import Foundation
import Pages
import Reporting

/// `evolve report`: a run as one HTML page.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write a run as one HTML page.",
        discussion: """
            evolve report STORE -o report.html

            The page needs nothing but itself: no network, no script. Also of a run that goes on, as it is now. To watch one, \
            take `evolve serve`.
            """)

    @Argument(help: ArgumentHelp("The run's store.", valueName: "store"))
    var store: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "File to write (default: the run's name with .html, in the current folder).", valueName: "file"))
    var output: String?

    func run() async throws {
        let place = try StorePlace(store)
        let store = try place.read()
        let reader = try RunReader(store)
        let page = try await RunPage(
            reader, course: try reader.course(), store: place.inCommands, seconds: try store.pulse().activeSeconds,
            program: .this, gnuplot: try Gnuplot(find: Installation.program(named:)))
        try Output.file(
            Data(try page.document().utf8), to: URL(fileURLWithPath: output ?? "\(reader.manifest.name).html"))
    }
}

extension StorePlace {
    /// For commands that are given here, in whatever folder.
    var onThisMachine: String {
        switch self {
        case .file: forOthers
        case .database: description
        }
    }

    /// For commands on a page that others read: a file by its name alone.
    var inCommands: String {
        switch self {
        case .file(let path): ShellWord.quoted(URL(fileURLWithPath: path).lastPathComponent)
        case .database: word
        }
    }
}

extension RunPage.Program {
    static let this = RunPage.Program(command: Installation.command(), version: EvolveCommand.configuration.version)
}
