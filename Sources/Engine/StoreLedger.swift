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

    /// A slot's calls so far, and what they have cost by model.
    private struct Account {
        var calls = 0
        var spend: [String: Spend] = [:]

        mutating func take(_ answer: AnswerRecord) {
            spend[answer.model] = (spend[answer.model] ?? Spend()) + answer.spend
        }
    }

    private let store: any RunStore
    private let history: ModelHistory
    /// What each question came to, as of the session's start.
    private let recorded: [Question: AnswerRecord]
    private let accounts: Mutex<[Int: Account]>
    /// True when only the record may answer.
    private let replay: Bool
    /// Seconds since some fixed instant.
    private let clock: @Sendable () -> Double
    private let observe: @Sendable (RunEvent) -> Void

    package init(
        store: any RunStore, history: ModelHistory, replay: Bool, clock: @escaping @Sendable () -> Double,
        observe: @escaping @Sendable (RunEvent) -> Void
    ) throws {
        self.store = store
        self.history = history
        self.replay = replay
        self.clock = clock
        self.observe = observe
        var recorded: [Question: AnswerRecord] = [:]
        var accounts: [Int: Account] = [:]
        for answer in try store.answers() {
            accounts[answer.slot, default: Account()].calls += 1
            accounts[answer.slot, default: Account()].take(answer)
            // The last one counts: those before it were of no use. Who could not be asked is asked again.
            recorded[Question(slot: answer.slot, turn: answer.turn ?? answer.attempt)] =
                answer.failureKind?.isFatal == true ? nil : answer
        }
        self.recorded = recorded
        self.accounts = Mutex(accounts)
    }

    /// What all calls of the slot have cost, by model.
    func spend(of slot: Int) -> [String: Spend]? { accounts.withLock { $0[slot]?.spend } }

    package func answer(
        to requests: [ModelRequest], slot: Int, turn: Int, from entry: ModelRoster.Entry
    ) async throws -> RecordedAnswer {
        if let known = recorded[Question(slot: slot, turn: turn)] {
            let dropped = known.dropped ?? 0
            if known.model == entry.facts.name, requests.indices.contains(dropped),
                known.promptSHA256 == Digest.hex(requests[dropped].prompt)
            {
                return RecordedAnswer(known)
            }
            // Other models are asked anew, and may be asked otherwise.
            guard history.isAmended(at: slot), !replay else {
                throw Failure(
                    .badInput,
                    "the recorded answer of slot \(slot) belongs to another prompt: the record comes from other "
                        + "definitions, another seed, or another version of evolve")
            }
        }
        if replay {
            return RecordedAnswer(model: "replay", text: nil, failure: "the record has no answer for this slot")
        }
        let record = try await ask(requests, slot: slot, turn: turn, entry)
        if let kind = record.failureKind, kind.isFatal {
            throw Failure(
                .unavailable,
                "the model \(record.model) cannot be used: \(record.failure ?? kind.rawValue); mend it and go on with "
                    + "evolve resume")
        }
        return RecordedAnswer(record)
    }

    /// Asks, and writes down what came of it.
    private func ask(
        _ requests: [ModelRequest], slot: Int, turn: Int, _ entry: ModelRoster.Entry
    ) async throws -> AnswerRecord {
        let start = clock()
        let (dropped, fit) = try await fitting(requests, entry)
        let request = requests[dropped]
        var record = AnswerRecord(
            slot: slot, attempt: nextAttempt(of: slot), turn: turn, model: entry.facts.name, prompt: request.prompt,
            text: nil, failure: nil, promptTokens: 0, completionTokens: 0, seconds: 0)
        record.dropped = dropped > 0 ? dropped : nil
        if let fit, !fit.fits {
            record.take(ModelFailure(.contextExceeded, fit.inequality, wasSent: false), request, entry.facts)
        } else {
            do {
                let answer = try await entry.model.complete(request)
                record.take(answer, request, entry.facts)
                record.seconds = answer.serverSeconds ?? clock() - start
            } catch let failure as ModelFailure {
                // A call that was cut off by our own stop is no answer of the model: the next session asks again.
                try Task.checkCancellation()
                record.take(failure, request, entry.facts)
                record.seconds = clock() - start
            }
        }
        try store.record(record)
        accounts.withLock { $0[slot, default: Account()].take(record) }
        observe(.answered(record))
        return record
    }

    private func nextAttempt(of slot: Int) -> Int {
        accounts.withLock { accounts in
            defer { accounts[slot, default: Account()].calls += 1 }
            return accounts[slot]?.calls ?? 0
        }
    }

    /// The first request that fits the model's context, or the last.
    /// - Returns: how many inspirations it leaves out, and its sum; nil when it fits without counting.
    private func fitting(
        _ requests: [ModelRequest], _ entry: ModelRoster.Entry
    ) async throws -> (dropped: Int, ContextFit?) {
        var last: ContextFit?
        var counts = true
        for (dropped, request) in requests.enumerated() {
            if ContextFit.surely(request, facts: entry.facts) { return (dropped, nil) }
            let counted = counts ? try await entry.model.promptTokens(of: request) : nil
            counts = counted != nil
            let fit = ContextFit(request, facts: entry.facts, counted: counted)
            if fit.fits { return (dropped, fit) }
            last = fit
        }
        return (requests.count - 1, last)
    }
}

extension ModelRequest {
    /// All that the model reads, as the journal keeps it.
    fileprivate var prompt: String {
        ([system, user] + [prefill].compactMap { $0 }).joined(separator: "\n\n")
    }
}

extension AnswerRecord {
    fileprivate var failureKind: ModelFailure.Kind? { fault.flatMap(ModelFailure.Kind.init) }

    package var spend: Spend {
        Spend(
            requests: requests ?? 1, promptTokens: promptTokens, completionTokens: completionTokens,
            dollars: dollars ?? 0)
    }

    fileprivate mutating func take(_ answer: ModelAnswer, _ request: ModelRequest, _ facts: ModelFacts) {
        text = answer.text
        // What was cut off obeys no grammar, so nothing is read from it.
        if answer.truncated { failure = "the answer was cut off at \(request.maxTokens) tokens" }
        var usage = answer.usage
        // Not every server counts: what it does not say is charged as what it must have been.
        if usage == TokenUsage(), facts.form != .script {
            usage = TokenUsage(
                prompt: ContextFit(request, facts: facts).prompt, completion: (answer.text.utf8.count + 2) / 3)
        }
        count(usage, failed: answer.earlier, last: 1, facts)
    }

    fileprivate mutating func take(_ failure: ModelFailure, _ request: ModelRequest, _ facts: ModelFacts) {
        self.failure = failure.description
        fault = failure.kind.rawValue
        var usage = failure.usage
        // The server may have worked to the end.
        if failure.kind == .timedOut, failure.wasSent, usage == TokenUsage(), facts.form != .script {
            usage = TokenUsage(prompt: ContextFit(request, facts: facts).prompt, completion: request.maxTokens)
        }
        count(usage, failed: failure.earlier, last: failure.wasSent ? 1 : 0, facts)
    }

    private mutating func count(_ usage: TokenUsage, failed: [ModelFailure], last: Int, _ facts: ModelFacts) {
        let spent = failed.reduce(usage) { $0 + $1.usage }
        promptTokens = spent.prompt
        completionTokens = spent.completion
        let cost = facts.price?.dollars(spent) ?? 0
        dollars = cost > 0 ? cost : nil
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
