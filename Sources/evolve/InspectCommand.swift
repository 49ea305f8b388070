import ActivationCompiler
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
            evolve inspect STORE                     summary
            evolve inspect STORE champion            the verified champion's card
            evolve inspect STORE candidate 17        one candidate's card
            evolve inspect STORE lineage 17          how it came about, change by change (default: the champion)
            evolve inspect STORE islands             who holds which cell of the archives
            evolve inspect STORE front               gain against cost
            evolve inspect STORE tail                how varied the proposals are, by operator and model
            evolve inspect STORE journal             a line per slot; --island, --operator, --verdict, --model choose
            evolve inspect STORE… --similar f.c      candidates, of any number of runs, that behave like a function
                                                     (a file of C or Python, a known name, or STORE#ID)
            """)

    enum View: String, CaseIterable {
        case summary, champion, candidate, lineage, islands, front, tail, journal

        var takesCandidate: Bool { self == .candidate || self == .lineage }
    }

    @Argument(help: ArgumentHelp("The run's store.", valueName: "store"))
    var store: String

    @Argument(
        help: ArgumentHelp(
            "What to show: \(View.allCases.map(\.rawValue).joined(separator: ", ")); of candidate and lineage also the "
                + "candidate's number. With --similar: more stores.", valueName: "view"))
    var words: [String] = []

    @OptionGroup(title: "Options of --similar") var likeness: SimilarOptions

    @Option(help: "Of the journal, slots of this island only (may be repeated, as the next three).")
    var island: [String] = []

    @Option(help: ArgumentHelp("Of the journal, what this operator proposed.", valueName: "name"))
    var `operator`: [String] = []

    @Option(help: "Of the journal, slots with this verdict.")
    var verdict: [String] = []

    @Option(help: "Of the journal, what this model was asked for.")
    var model: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print only the C source, for the views champion and candidate.")
    var source = false

    private var view: View { words.first.flatMap { View(rawValue: $0) } ?? .summary }
    /// Candidate's number.
    private var id: Int? { words.count > 1 ? Int(words[1]) : nil }

    func validate() throws {
        try likeness.check()
        if likeness.similar == nil { try checkView() }
        if view != .journal, !(island + `operator` + verdict + model).isEmpty {
            throw ValidationError(
                "--island, --operator, --verdict and --model choose from the journal: add the word journal.")
        }
        if source, json { throw ValidationError("--source prints C, --json JSON: leave one out.") }
        if source, view != .champion, view != .candidate {
            throw ValidationError("--source is for the views champion and candidate.")
        }
        if likeness.similar != nil, let word = words.first, View(rawValue: word) != nil {
            throw ValidationError("--similar is a view of its own: leave out \(word).")
        }
        let verdicts = Verdict.names
        for word in verdict where !verdicts.contains(word) {
            throw ValidationError(
                "--verdict: there is no '\(word)'" + NearestName.hint(word, among: verdicts, noun: "verdicts"))
        }
        let operators = VariationOperator.allCases.map(\.rawValue)
        for word in `operator` where !operators.contains(word) {
            throw ValidationError(
                "--operator: there is no '\(word)'" + NearestName.hint(word, among: operators, noun: "operators"))
        }
    }

    private func checkView() throws {
        let views = View.allCases.map(\.rawValue)
        if let word = words.first, View(rawValue: word) == nil {
            if word.contains("://") || FileManager.default.fileExists(atPath: word) {
                throw ValidationError(
                    "\(store) is the store that is looked at, and '\(word)' no view of it: only --similar takes several stores."
                )
            }
            throw ValidationError("There is no view '\(word)'" + NearestName.hint(word, among: views, noun: "views"))
        }
        if words.count > 2 || (words.count == 2 && id == nil) {
            throw ValidationError("After the view comes a candidate's number alone, for example: candidate 17.")
        }
        if view.takesCandidate, let id, id < 0 { throw ValidationError("Candidates are numbered from 0.") }
        if view == .candidate, id == nil { throw ValidationError("Say which candidate, for example: candidate 17.") }
        if !view.takesCandidate, id != nil {
            throw ValidationError("Only the views candidate and lineage take a number.")
        }
    }

    func run() async throws {
        if let similar = likeness.similar {
            let function = try ComparedFunction(similar, Installation()).compiled
            return try show(try likeness.search([store] + words, for: function), SimilarText.render)
        }
        let opened = try StorePlace(store).read()
        let reader = try RunReader(opened)
        switch view {
        case .summary:
            let summary = try reader.summary()
            try show(summary, SummaryText.render)
            if summary.phase != .complete, !json {
                let command = Installation.command()
                Output.note("who is at work: \(command) status \(store); to go on: \(command) resume \(store)")
            }
        case .champion: try show(CandidateCard(reader.champion(of: store), in: reader, library: try library(reader)))
        case .candidate: try show(CandidateCard(id ?? 0, in: reader, library: try library(reader)))
        case .lineage: try show(try Lineage(of: id ?? reader.champion(of: store), in: reader), LineageText.render)
        case .islands: try show(ArchiveMap(try reader.population()), ArchiveText.render)
        case .front: try show(GainCostFront(try reader.population()), FrontText.render)
        case .tail: try show(ProposalTail(opened), TailText.render)
        case .journal: try journal(opened, of: reader)
        }
    }

    private func show<Value: Encodable>(_ value: Value, _ text: (Value, Ink) -> String) throws {
        if json { try Output.json(value) } else { Output.result(text(value, Output.ink)) }
    }

    /// The installed library of known activations; without one, the literature that the run was shown beside.
    private func library(_ reader: RunReader) throws -> [NamedProgram]? {
        guard !source else { return nil }
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
            Output.result(CardText.render(card, Output.ink))
        }
    }

    private func journal(_ store: any RunStore, of reader: RunReader) throws {
        let filter = JournalFilter(
            islands: Set(try known(island, reader.policy.islands.map(\.name), "--island")),
            variations: Set(`operator`), verdicts: Set(verdict),
            models: Set(try known(model, reader.history.everything.map(\.name), "--model")))
        var isEmpty = true
        if json {
            try store.forEachSlotWithAnswers { record, answers in
                if filter.passes(record) { try Output.jsonLine(JournalEntry(record, answers: answers)) }
            }
        } else {
            try store.forEachSlot { record in
                guard filter.passes(record) else { return }
                isEmpty = false
                Output.result(JournalText.lines(record, Output.ink).joined(separator: "\n"))
            }
            if isEmpty {
                Output.note(filter.isEmpty ? "nothing has been committed yet" : "no slot of the journal is like that")
            }
        }
    }

    /// Names that the run has; an unknown one would show nothing, and look like an empty journal.
    private func known(_ words: [String], _ names: [String], _ option: String) throws -> [String] {
        for word in words where !names.contains(word) {
            throw Failure(
                .misuse, "\(option): this run has no '\(word)'" + NearestName.hint(word, among: names, noun: "it has"))
        }
        return words
    }
}

extension RunReader {
    /// A candidate as a function to be used.
    func compiled(_ id: CandidateID) throws -> CompiledActivation {
        let record = try record(of: id)
        let verdict = record.verdict.name + (record.verdict.reason.map { ", \($0)" } ?? "")
        if case .retested = record.verdict, let elite = record.parents.first {
            throw Failure(
                .badInput, "slot \(id) trained candidate \(elite) again and has no function of its own: take \(elite)")
        }
        guard let source = record.source else {
            throw Failure(.badInput, "candidate \(id) has no source: \(verdict)")
        }
        guard case .compiled(let compiled) = ActivationPipeline().compile(source) else {
            throw Failure(.badInput, "candidate \(id) is no function that can be used: \(verdict)")
        }
        return compiled
    }

    /// The verified champion over all families.
    /// - Parameter store: how the run was asked for, for what to do when there is none.
    func champion(of store: String) throws -> CandidateID {
        let summary = try summary()
        if let champion = summary.champion { return champion.id }
        let advice = "\(try Installation().command) inspect \(store)"
        throw Failure(
            .badInput,
            summary.phase == .complete
                ? "this run has no champion: no new candidate was trained to the end; see \(advice) journal"
                : "this run has no champion yet: see how far it is with: \(advice)")
    }
}
