import ArgumentParser
import Definitions
import EvolveTypes
import Foundation
import Population
import Reporting
import RunStore

/// `evolve inspect`: what a run's store says; also while the run goes on.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show a run: its summary, champion, a candidate, or the journal.",
        discussion: """
            evolve inspect STORE                  summary
            evolve inspect STORE champion         the verified champion's card
            evolve inspect STORE candidate 17     one candidate's card
            evolve inspect STORE journal          a line per slot
            """)

    enum View: String, ExpressibleByArgument, CaseIterable { case summary, champion, candidate, journal }

    @Argument(help: ArgumentHelp("The run's store.", valueName: "store"))
    var store: String

    @Argument(help: "summary, champion, candidate or journal.")
    var view: View = .summary

    @Argument(help: "Candidate's number, for the view candidate.")
    var id: Int?

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print only the C source, for the views champion and candidate.")
    var source = false

    func validate() throws {
        if view == .candidate, id == nil { throw ValidationError("Say which candidate, for example: candidate 17.") }
        if view != .candidate, id != nil { throw ValidationError("Only the view candidate takes a number.") }
    }

    func run() async throws {
        let opened = try StorePlace(store).read()
        let reader = try RunReader(opened)
        switch view {
        case .summary:
            let summary = try reader.summary()
            if json { try Output.json(summary) } else { Output.result(SummaryText.render(summary)) }
        case .champion:
            let summary = try reader.summary()
            guard let champion = summary.champion else {
                let advice = "\(try Installation().command) inspect \(store)"
                throw Failure(
                    .badInput,
                    summary.phase == .complete
                        ? "this run has no champion: no new candidate was trained to the end; see \(advice) journal"
                        : "this run has no champion yet: see how far it is with: \(advice)")
            }
            try show(CandidateCard(champion.id, in: reader, library: try library(reader)))
        case .candidate: try show(CandidateCard(id ?? 0, in: reader, library: try library(reader)))
        case .journal: try journal(opened)
        }
    }

    /// The installed library of known activations; without one, the literature that the run was shown beside.
    private func library(_ reader: RunReader) throws -> [NamedProgram] {
        guard !source else { return [] }
        guard let installation = try? Installation() else { return reader.policy.literature }
        return try installation.loader.library()
    }

    private func show(_ card: CandidateCard) throws {
        if source {
            guard let text = card.source else { throw Failure(.badInput, "candidate \(card.id) has no source") }
            Output.result(text.trimmingCharacters(in: .newlines))
        } else if json {
            try Output.json(card)
        } else {
            Output.result(CardText.render(card))
        }
    }

    private func journal(_ store: any RunStore) throws {
        if json {
            try store.forEachSlotWithAnswers { try Output.jsonLine(JournalEntry($0, answers: $1)) }
        } else {
            try store.forEachSlot { Output.result(JournalText.line($0)) }
        }
    }
}
