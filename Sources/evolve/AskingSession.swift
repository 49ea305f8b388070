import Engine
import EvolveTypes
import Foundation
import LanguageModels
import Mutation
import RunStore

/// The run's first model, asked what a run would ask, and the file that keeps its answers: what measurements of the model share.
struct AskingSession: Sendable {
    let slots: AskedSlots
    let entry: ModelRoster.Entry
    private let journal: AnswerFile
    private let ledger: StoreLedger

    /// Starts the model, runs `body`, and ends the model.
    /// - Parameters:
    ///   - store: a finished run.
    ///   - record: path of the file; what is in it is not asked again.
    static func open(
        store: String, record: String, _ body: @escaping @Sendable (AskingSession) async throws -> Void
    ) async throws {
        let installation = try Installation()
        let slots = try AskedSlots(store: store, installation: installation)
        let journal = try AnswerFile(path: record)
        let start = ContinuousClock.now
        let ledger = StoreLedger(
            store: journal, history: ModelHistory(slots.policy), replay: false,
            clock: { (ContinuousClock.now - start) / .seconds(1) }, observe: { _ in })
        guard let facts = slots.policy.models.facts.first else {
            throw Failure(.badInput, "the run \(slots.policy.name) asks no model")
        }
        try await ModelHost(installation: installation).serving(facts) { model in
            let entry = ModelRoster.Entry(facts: facts, model: model)
            try await body(AskingSession(slots: slots, entry: entry, journal: journal, ledger: ledger))
        }
    }

    /// The recorded answer, asked for if there is none.
    func answer(to request: ModelRequest, slot: Int, turn: Int) async throws -> AnswerRecord? {
        _ = try await ledger.answer(to: RequestLadder(request), slot: slot, turn: turn, from: entry)
        return journal.answer(slot: slot, turn: turn)
    }
}
