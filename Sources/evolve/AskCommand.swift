import ArgumentParser

/// `evolve ask`: what the local model answers to the requests of a run, judged and not trained. Only for measurements
/// (scripts/measure/model-answers), so the help does not name it.
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Ask the local model what a run would ask; print a line of JSON for each answer.",
        shouldDisplay: false)

    @Argument(help: "A complete run: its populations are those that the requests show parents of.")
    var store: String

    @Option(help: "Number of requests.")
    var count: Int

    @Option(help: "File that keeps the answers, a line of JSON for each; what is in it is not asked again.")
    var record: String

    @Flag(help: "Ask without the grammar.")
    var free = false

    func run() async throws {
        let (count, free) = (count, free)
        try await AskingSession.open(store: store, record: record) { session in
            for index in 0..<count {
                let asked = session.slots[index]
                var request = asked.request(session.entry.facts)
                if free { request.grammar = nil }
                guard let answer = try await session.answer(to: request, slot: index, turn: 0) else { continue }
                try Output.jsonLine(JudgedAnswer(answer, to: asked, suite: session.slots.suite))
            }
        }
    }
}
