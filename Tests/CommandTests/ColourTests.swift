import Foundation
import Testing

/// The program on a terminal: `script` gives it a pseudo-terminal and keeps what it prints there.
@Suite("Colours")
struct ColourTests {
    private static let escape = "\u{1B}"

    /// What the program prints on a pseudo-terminal.
    private static func onTerminal(_ evolve: EvolveProgram, _ arguments: String) async throws -> String {
        let ending = try await evolve.script("script -qec '\"$EVOLVE\" \(arguments)' /dev/null < /dev/null")
        #expect(ending.status == 0, "\(ending.error)")
        return ending.output.replacing("\r\n", with: "\n")
    }

    private static func plain(_ text: String) -> String { text.replacing(/\u{1B}\[[0-9]*m/, with: "") }

    @Test("are there on a terminal alone, where neither NO_COLOR nor a dumb terminal forbids them, and say nothing new")
    func terminal() async throws {
        try await EvolveProgram.with { bare in
            var evolve = try TinyContent.install(in: bare)
            evolve.environment["NO_COLOR"] = ""
            evolve.environment["TERM"] = "xterm"
            #expect(try await evolve("run", "tiny", "--store", "t.evolve").status == 0)
            for command in [
                "inspect t.evolve", "inspect t.evolve champion", "inspect t.evolve lineage", "inspect t.evolve islands",
                "inspect t.evolve front", "verify t.evolve", "compare t.evolve relu --seeds 1",
            ] {
                let piped = try await evolve(command.split(separator: " ").map(String.init))
                #expect(piped.status == 0 && !piped.output.contains(Self.escape), "\(command): \(piped.error)")
                let shown = try await Self.onTerminal(evolve, command)
                #expect(shown.contains(Self.escape + "["), "\(command)")
                #expect(Self.plain(shown).contains(piped.output), "\(command)")
                for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
                    var asked = evolve
                    asked.environment[name] = value
                    #expect(try await !Self.onTerminal(asked, command).contains(Self.escape), "\(command), \(name)")
                }
            }
            // What is to be kept has none, wherever it goes.
            for command in ["inspect t.evolve --json", "inspect t.evolve champion --source", "export t.evolve --to c"] {
                #expect(try await !Self.onTerminal(evolve, command).contains(Self.escape), "\(command)")
            }
        }
    }
}
