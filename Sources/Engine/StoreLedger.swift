import EvolveTypes
import LanguageModels
import Mutation
import RunStore
import Synchronization

/// Answers out of the run's own journal; what is not there is asked, and written down before it is used.
///
/// A call that failed for a reason that only a person can mend is written down, too, for it was made; the run then stops, and
/// the next session asks again.
package final class StoreLedger: AnswerLedger {
    private struct Question: Hashable {
        var slot: Int
        var turn: Int
    }

    private let store: any RunStore
    /// What each question came to, as of the session's start.
    private let recorded: [Question: AnswerRecord]
    /// Calls of each slot so far.
    private let calls: Mutex<[Int: Int]>
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
        var recorded: [Question: AnswerRecord] = [:]
        var calls: [Int: Int] = [:]
        for answer in try store.answers() {
            calls[answer.slot, default: 0] += 1
            guard answer.failureKind?.isFatal != true else { continue }
            recorded[Question(slot: answer.slot, turn: answer.turn ?? answer.attempt)] = answer
        }
        self.recorded = recorded
        self.calls = Mutex(calls)
    }

    package func answer(
        to request: ModelRequest, slot: Int, turn: Int, from model: any LanguageModel
    ) async throws -> RecordedAnswer {
        let prompt = ([request.system, request.user] + [request.prefill].compactMap { $0 }).joined(separator: "\n\n")
        if let known = recorded[Question(slot: slot, turn: turn)] {
            guard known.promptSHA256 == Digest.hex(prompt) else {
                throw Failure(
                    .badInput,
                    "the recorded answer of slot \(slot) belongs to another prompt: the record comes from other "
                        + "definitions, another seed, or another version of evolve")
            }
            return RecordedAnswer(known)
        }
        if replay {
            return RecordedAnswer(model: "replay", text: nil, failure: "the record has no answer for this slot")
        }
        let attempt = calls.withLock { calls in
            defer { calls[slot, default: 0] += 1 }
            return calls[slot, default: 0]
        }
        var record = AnswerRecord(
            slot: slot, attempt: attempt, turn: turn, model: model.name, prompt: prompt, text: nil, failure: nil,
            promptTokens: 0, completionTokens: 0, seconds: 0)
        let start = clock()
        do {
            let answer = try await model.complete(request)
            record.take(answer, maxTokens: request.maxTokens)
            record.seconds = answer.serverSeconds ?? clock() - start
        } catch let failure as ModelFailure {
            // A call that was cut off by our own stop is no answer of the model: the next session asks again.
            try Task.checkCancellation()
            record.take(failure)
            record.seconds = clock() - start
        }
        try store.record(record)
        observe(.answered(record))
        if let kind = record.failureKind, kind.isFatal {
            throw Failure(
                .unavailable,
                "the model \(record.model) cannot be used: \(record.failure ?? kind.rawValue); mend it and go on with "
                    + "evolve resume")
        }
        return RecordedAnswer(record)
    }
}

extension AnswerRecord {
    fileprivate var failureKind: ModelFailure.Kind? { fault.flatMap(ModelFailure.Kind.init) }

    fileprivate mutating func take(_ answer: ModelAnswer, maxTokens: Int) {
        text = answer.text
        // What was cut off obeys no grammar, so nothing is read from it.
        if answer.truncated { failure = "the answer was cut off at \(maxTokens) tokens" }
        count(answer.usage, failed: answer.earlier, last: 1)
    }

    fileprivate mutating func take(_ failure: ModelFailure) {
        self.failure = failure.description
        fault = failure.kind.rawValue
        count(failure.usage, failed: failure.earlier, last: failure.wasSent ? 1 : 0)
    }

    private mutating func count(_ usage: TokenUsage, failed: [ModelFailure], last: Int) {
        let spent = failed.reduce(usage) { $0 + $1.usage }
        promptTokens = spent.prompt
        completionTokens = spent.completion
        requests = failed.count(where: \.wasSent) + last
        earlier = failed.isEmpty ? nil : failed.map { Fault(kind: $0.kind.rawValue, detail: $0.detail) }
    }
}

extension RecordedAnswer {
    fileprivate init(_ record: AnswerRecord) {
        self.init(
            model: record.model, text: record.text, failure: record.failure,
            isServersFault: record.failureKind.map { $0 == .paused || $0.isServersFault } ?? false)
    }
}
