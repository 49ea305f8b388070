import EvolveTypes
import LanguageModels
import Mutation
import RunStore

/// Answers out of the run's own journal; what is not there is asked, and written down before it is used.
package struct StoreLedger: AnswerLedger {
    private struct Key: Hashable {
        var slot: Int
        var attempt: Int
    }

    private let store: any RunStore
    private let recorded: [Key: AnswerRecord]
    /// True when only the record may answer.
    private let replay: Bool
    /// Seconds since some fixed instant.
    private let clock: @Sendable () -> Double
    private let observe: @Sendable (RunEvent) -> Void

    package init(
        store: any RunStore, replay: Bool, clock: @escaping @Sendable () -> Double,
        observe: @escaping @Sendable (RunEvent) -> Void
    ) throws {
        self.store = store
        self.replay = replay
        self.clock = clock
        self.observe = observe
        recorded = Dictionary(
            try store.answers().map { (Key(slot: $0.slot, attempt: $0.attempt), $0) },
            uniquingKeysWith: { first, _ in first })
    }

    package func answer(
        to request: ModelRequest, slot: Int, attempt: Int, from model: any LanguageModel
    ) async throws -> RecordedAnswer {
        let prompt = ([request.system, request.user] + [request.prefill].compactMap { $0 }).joined(separator: "\n\n")
        if let known = recorded[Key(slot: slot, attempt: attempt)] {
            guard known.promptSHA256 == Digest.hex(prompt) else {
                throw Failure(
                    .badInput,
                    "the recorded answer of slot \(slot) belongs to another prompt: the record comes from other "
                        + "definitions, another seed, or another version of evolve")
            }
            return RecordedAnswer(model: known.model, text: known.text, failure: known.failure)
        }
        if replay {
            return RecordedAnswer(model: "replay", text: nil, failure: "the record has no answer for this slot")
        }
        var record = AnswerRecord(
            slot: slot, attempt: attempt, model: model.name, prompt: prompt, text: nil, failure: nil, promptTokens: 0,
            completionTokens: 0, seconds: 0)
        let start = clock()
        var serverSeconds: Double?
        do {
            let answer = try await model.complete(request)
            serverSeconds = answer.serverSeconds
            record.text = answer.text
            // What was cut off obeys no grammar, so nothing is read from it.
            if answer.truncated { record.failure = "the answer was cut off at \(request.maxTokens) tokens" }
            record.promptTokens = answer.promptTokens
            record.completionTokens = answer.completionTokens
        } catch let failure as ModelFailure {
            // A call that was cut off by our own stop is no answer of the model: the next session asks again.
            try Task.checkCancellation()
            record.failure = failure.description
        }
        record.seconds = serverSeconds ?? clock() - start
        try store.record(record)
        observe(.answered(record))
        return RecordedAnswer(model: record.model, text: record.text, failure: record.failure)
    }
}
