import ArgumentParser
import EvolveTypes
import Foundation
import Pages
import RunStore
import Serving

/// `evolve serve`: runs in the browser, while they go on.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Show runs in the browser, while they go on.",
        discussion: """
            evolve serve STORE…

            Prints an address with a token. Pages can only be looked at, and only from this machine; from another one, through \
            ssh -L PORT:127.0.0.1:PORT with --port PORT. Ctrl-C ends it, and no run with it.
            """)

    @Argument(help: ArgumentHelp("The runs' stores.", valueName: "store"))
    var stores: [String]

    @Option(help: ArgumentHelp("Port on the loopback interface (default: one that is free).", valueName: "port"))
    var port: Int = 0

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be from 1 to 65535.") }
    }

    func run() async throws {
        let places = try stores.map { try StorePlace($0) }
        let names = places.map(\.inCommands)
        let runs = try zip(places, names).map { place, name in
            let isAlone = names.count { $0 == name } == 1
            return try ServedRun(
                label: isAlone ? name : place.description, place: ShellWord.quoted(place.onThisMachine),
                store: place.read())
        }
        var generator = SystemRandomNumberGenerator()
        let token = (0..<4).map { _ in String(format: "%016llx", generator.next()) }.joined()
        let server = PageServer(
            runs, token: token, program: .this,
            gnuplot: try Gnuplot(find: Installation.program(named:)))
        try await server.serve(port: port) { port in
            Output.result("http://127.0.0.1:\(port)/?token=\(token)")
            Output.note("Ctrl-C ends it; the runs go on.")
        }
    }
}
