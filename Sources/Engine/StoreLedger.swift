import EvolveTypes
import LanguageModels
import Mutation
import RunStore
import Synchronization

/// Another worker has taken the task over meanwhile, for this one was silent for too long: there is nothing to hand in.
package struct TaskTakenOver: Error {}

/// Answers out of the run's own journal; what is not there is asked, and written down before it is used.
///
/// 1. A call is begun in the journal before it is made. One that was begun and has no answer belonged to a worker that is
///    dead or has lost the slot: it is written off at what it may have cost, and the question is asked again.
/// 2. Of several answers to one question the first that can be used counts, whoever recorded it.
/// 3. Once it is to cease, no call is begun; those under way are written down, and their tasks end there.
/// 4. A call that failed for a reason that only a person can mend is written down, too, for it was made; the run then stops,
///    and the next session asks again.
package final class StoreLedger: AnswerLedger {
    /// A slot's answers, as far as this worker knows them.
    private struct Account {
        var answers: [AnswerRecord]
    }

    private let store: any AnswerStore
    private let history: ModelHistory
    private let accounts = Mutex<[Int: Account]>([:])
    private let calls = Mutex((underWay: 0, isCeasing: false))
    private let begin: WriteGroup<CallRecord, Int>
    private let keep: WriteGroup<AnswerRecord, Bool>
    /// True when only the record may answer.
    private let replay: Bool
    /// Seconds since some fixed instant.
    private let clock: @Sendable () -> Double
    private let observe: @Sendable (RunEvent) -> Void

    package init(
        store: any AnswerStore, history: ModelHistory, replay: Bool, clock: @escaping @Sendable () -> Double,
        observe: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.store = store
        begin = WriteGroup { try store.begin($0) }
        keep = WriteGroup { try store.record($0) }
        self.history = history
        self.replay = replay
        self.clock = clock
        self.observe = observe
    }

    /// Takes the slot up: what is recorded of it is known from here on, and calls that came to nothing are written off.
    package func open(_ slot: Int) throws {
        let dead = replay ? [] : try store.openCalls(of: slot).map { AnswerRecord(writingOff: $0) }
        // One that has got its answer just now keeps it.
        if !dead.isEmpty { _ = try store.record(dead) }
        let answers = try store.answers(of: slot)
        accounts.withLock { $0[slot] = Account(answers: answers) }
    }

    /// From now on no call is begun.
    package func cease() { calls.withLock { $0.isCeasing = true } }

    package var callsUnderWay: Int { calls.withLock { $0.underWay } }

    package func close(_ slot: Int) { accounts.withLock { $0[slot] = nil } }

    /// What the slot's calls have cost, by model, and what was lost with workers besides; nil = nothing.
    package func spend(of slot: Int) -> (used: [String: Spend]?, lost: [String: Spend]?) {
        let answers = accounts.withLock { $0[slot]?.answers } ?? []
        func sum(_ part: [AnswerRecord]) -> [String: Spend]? {
            part.isEmpty ? nil : Dictionary(part.map { ($0.model, $0.spend) }, uniquingKeysWith: +)
        }
        return (sum(answers.filter { !$0.isLost }), sum(answers.filter(\.isLost)))
    }

    /// - Throws: also `TaskTakenOver`.
    package func answer(
        to requests: RequestLadder, slot: Int, turn: Int, from entry: ModelRoster.Entry
    ) async throws -> RecordedAnswer {
        if accounts.withLock({ $0[slot] }) == nil { try open(slot) }
        let known = (accounts.withLock { $0[slot]?.answers } ?? []).filter { $0.question == turn && $0.isUsable }
        let fitting = known.first { answer in
            answer.model == entry.facts.name && requests.indices.contains(answer.dropped ?? 0)
                && answer.promptSHA256 == Digest.hex(requests[answer.dropped ?? 0].prompt)
        }
        if let fitting { return RecordedAnswer(fitting) }
        // Other models are asked anew, and may be asked otherwise.
        if !known.isEmpty, !history.isAmended(at: slot) || replay {
            throw Failure(
                .badInput,
                "the recorded answer of slot \(slot) belongs to another prompt: the record comes from other "
                    + "definitions, another seed, or another version of evolve")
        }
        if replay {
            return RecordedAnswer(model: "replay", text: nil, failure: "the record has no answer for this slot")
        }
        let record = try await ask(requests, slot: slot, turn: turn, entry)
        if let kind = record.failureKind, kind.isFatal {
            throw Failure(
                .unavailable,
                "the model \(record.model) cannot be used: \(record.failure ?? kind.rawValue); mend it and go on with "
                    + "`evolve resume`")
        }
        return RecordedAnswer(record)
    }

    /// Asks, and writes down what came of it.
    private func ask(
        _ requests: RequestLadder, slot: Int, turn: Int, _ entry: ModelRoster.Entry
    ) async throws -> AnswerRecord {
        try calls.withLock { calls in
            if calls.isCeasing { throw CancellationError() }
            calls.underWay += 1
        }
        defer { calls.withLock { $0.underWay -= 1 } }
        let start = clock()
        let (request, dropped, fit) = try await fitting(requests, entry)
        let attempt = try await begin(
            CallRecord(
                slot: slot, turn: turn, model: entry.facts.name, prompt: request.prompt,
                estimate: .most(of: request, entry.facts)))
        var record = AnswerRecord(
            slot: slot, attempt: attempt, turn: turn, model: entry.facts.name, prompt: request.prompt,
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
        guard try await keep(record) else {
            // Paid for and accounted for all the same: whoever wrote the call off counted it at its most.
            let known = try store.answers(of: slot).first { $0.attempt == attempt }
            throw known?.isLost == true ? TaskTakenOver() : AppendOrder.duplicateAnswer(record)
        }
        accounts.withLock { $0[slot]?.answers.append(record) }
        observe(.answered(record))
        // Whatever follows in the slot is the next session's.
        if calls.withLock({ $0.isCeasing }) { throw CancellationError() }
        return record
    }

    /// The first request that fits the model's context, or the last.
    /// - Returns: also how many inspirations it leaves out, and its sum; nil when it fits without counting.
    private func fitting(
        _ requests: RequestLadder, _ entry: ModelRoster.Entry
    ) async throws -> (request: ModelRequest, dropped: Int, ContextFit?) {
        var last: ContextFit?
        var counts = true
        for (dropped, request) in requests.enumerated() {
            if ContextFit.surely(request, facts: entry.facts) { return (request, dropped, nil) }
            let counted = counts ? try await entry.model.promptTokens(of: request) : nil
            counts = counted != nil
            let fit = ContextFit(request, facts: entry.facts, counted: counted)
            if fit.fits { return (request, dropped, fit) }
            last = fit
        }
        return (requests[requests.count - 1], requests.count - 1, last)
    }
}

extension ModelRequest {
    /// All that the model reads, as the journal keeps it.
    fileprivate var prompt: String {
        ([system, user] + [prefill].compactMap { $0 }).joined(separator: "\n\n")
    }
}

extension Spend {
    /// A call's, at most.
    fileprivate static func most(of request: ModelRequest, _ facts: ModelFacts) -> Spend {
        let usage = TokenUsage(prompt: ContextFit(request, facts: facts).prompt, completion: request.maxTokens)
        return Spend(
            requests: 1, promptTokens: usage.prompt, completionTokens: usage.completion,
            dollars: facts.price?.dollars(usage) ?? 0)
    }
}

extension AnswerRecord {
    /// The fault of a call whose worker did not live to record its answer.
    package static let lost = "worker lost"

    /// A call that was begun and will have no answer.
    fileprivate init(writingOff call: CallRecord) {
        self.init(
            slot: call.slot, attempt: call.attempt, turn: call.turn, model: call.model, prompt: call.prompt, text: nil,
            failure: "the worker that asked did not live to record the answer",
            promptTokens: call.estimate.promptTokens, completionTokens: call.estimate.completionTokens, seconds: 0)
        fault = Self.lost
        requests = call.estimate.requests
        dollars = call.estimate.dollars > 0 ? call.estimate.dollars : nil
    }

    fileprivate var isLost: Bool { fault == Self.lost }

    /// Says something of the question: who could not be asked is asked again.
    fileprivate var isUsable: Bool { !isLost && failureKind?.isFatal != true }

    fileprivate var question: Int { turn ?? attempt }

    fileprivate var failureKind: ModelFailure.Kind? { fault.flatMap(ModelFailure.Kind.init) }

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
