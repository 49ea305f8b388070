import ActivationParser
import ArgumentParser
import LanguageModels
import Mutation

/// `evolve mend`: does a message repair an answer more often than asking again? Asks the local model without the grammar
/// until so many answers were broken, and each broken one again in every way. Only for measurements
/// (scripts/measure/repair), so the help does not name it.
struct MendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mend", abstract: "Measure repair; print a line of JSON for each answer.", shouldDisplay: false)

    @Argument(help: "A complete run: its populations are those that the requests show parents of.")
    var store: String

    @Option(help: "Broken answers to collect.")
    var broken: Int

    @Option(help: "File that keeps the answers, a line of JSON for each; what is in it is not asked again.")
    var record: String

    /// An answer ends with the function: its closing brace begins a line.
    private static let end = "\n}"

    private struct Line: Encodable {
        var way: String
        var answer: JudgedAnswer
    }

    func run() async throws {
        let broken = broken
        try await AskingSession.open(store: store, record: record) { session in
            let slots = session.slots
            func ask(_ request: ModelRequest, _ index: Int, _ turn: Int, _ way: String) async throws -> JudgedAnswer? {
                guard var answer = try await session.answer(to: request, slot: index, turn: turn) else {
                    return nil
                }
                // Cut off at the end or at the most tokens, in which case the parser says so.
                if answer.failure == nil { answer.text = answer.text.map { $0 + Self.end + "\n" } }
                let judged = JudgedAnswer(answer, to: slots[index], suite: slots.suite)
                try Output.jsonLine(Line(way: way, answer: judged))
                return judged
            }
            var (index, found) = (0, 0)
            while found < broken {
                let asked = slots[index]
                var request = asked.request(session.entry.facts)
                request.grammar = nil
                request.maxTokens = 96
                request.stop = [Self.end]
                defer { index += 1 }
                guard let first = try await ask(request, index, 0, "first"), first.verdict != "compiled" else {
                    continue
                }
                found += 1
                var again = request
                again.seed = request.seed &+ 1
                _ = try await ask(again, index, 1, "retry")
                for (place, way) in RepairPrompt.allCases.enumerated() {
                    let repair = way.request(
                        after: request, source: first.text ?? "", diagnostics: first.diagnostics,
                        template: asked.policy.prompts[.repair] ?? "",
                        seed: request.seed &+ 2 &+ UInt32(place))
                    _ = try await ask(repair, index, 2 + place, way.rawValue)
                }
            }
        }
    }
}
