import EvolveTypes
import Foundation

/// `RunStore`: what a run keeps, and the one protocol every back end obeys. What workers share beside it is a `WorkQueue`.
///
/// A store holds exactly one run: its manifest (written once), the model's calls and answers (written the moment they are made
/// and paid for), the slots (appended strictly in order, each exactly once), the verification records, and amendments of its
/// models.
///
/// Rules:
/// 1. Append-only: nothing is updated or deleted, so a kill between any two calls leaves a valid run.
/// 2. Slot k can be committed only when slots 0 ..< k are there; a second commit of k is an error.
/// 3. A call is begun in the store before it is made, and its answer is recorded before it is used. Each call has one answer; that
///    of a worker that died is written off by who takes its place.
/// 4. A call of this protocol that returns is durable: what it wrote survives the death of the process.
/// 5. Calls may come from any thread; they block for the length of one small write.
///
/// Errors are `Failure`: `internalError` where the caller broke rule 2 or 3, otherwise what a person has to mend.
/// It is not a query engine: reports read the records and compute.
package protocol RunStore: AnswerStore {
    func manifest() throws -> RunManifest

    /// Appends the next slots; throws, and appends none, if the first is not the number of slots committed so far.
    func commit(_ records: [SlotRecord]) throws
    func slotCount() throws -> Int
    /// Committed slots in slot order, from `first` on, at most so many; empty when there are none.
    func slots(from first: Int, most: Int) throws -> [SlotRecord]
    /// nil when it is not committed.
    func slot(_ number: Int) throws -> SlotRecord?
    /// For each of the behaviours the lowest committed slot that has it.
    func firstSlots(behaving fingerprints: [String]) throws -> [String: CandidateID]
    /// The fingerprint of all that was committed before slot `number`: see `SlotChain`.
    func chain(before number: Int) throws -> String

    /// Recorded answers, ordered by (slot, attempt), whatever the order of arrival; at most so many.
    /// - Parameter place: the last one before them; nil = from the first.
    func answers(after place: AnswerPlace?, most: Int) throws -> [AnswerRecord]
    /// What all answers come to, by the model's name: counted as they are recorded, so that nobody has to read them.
    func answerTotals() throws -> [String: AnswerTotal]

    /// Appends the next verification record; throws if `record.index` is not the number of records so far.
    func record(_ verification: VerificationRecord) throws
    /// Verification records in index order.
    func verifications() throws -> [VerificationRecord]

    /// Appends the next amendment; throws if `record.index` is not the number of amendments so far.
    func record(_ amendment: AmendmentRecord) throws
    /// Amendments in index order.
    func amendments() throws -> [AmendmentRecord]

    /// Keeps what a state was after so many slots, so that no more than the slots behind them have to be replayed; the latest
    /// counts. It can be made anew at any time, and is no part of the run.
    func keep(_ snapshot: Snapshot) throws
    /// The latest; nil = none.
    func snapshot() throws -> Snapshot?

    /// Throws a `Failure` when what the records lie in is damaged; may read all of it.
    func checkStorage() throws
}

/// What models were asked and answered.
package protocol AnswerStore: Sendable {
    /// Begins calls of models, all in one write.
    /// - Returns: the attempt of each: counts its slot's calls from 0.
    func begin(_ calls: [CallRecord]) throws -> [Int]
    /// Calls of the slot that were begun and have no answer, in order.
    func openCalls(of slot: Int) throws -> [CallRecord]
    /// Answers to calls, all in one write; a call need not have been begun (as in a copy of another run).
    /// - Returns: of each whether it was written: a call that has an answer keeps it.
    func record(_ answers: [AnswerRecord]) throws -> [Bool]
    func answers(of slot: Int) throws -> [AnswerRecord]
}

extension AnswerStore {
    package func begin(_ call: CallRecord) throws -> Int { try begin([call])[0] }

    package func record(_ answer: AnswerRecord) throws {
        guard try record([answer]) == [true] else { throw AppendOrder.duplicateAnswer(answer) }
    }
}

extension RunStore {
    package func checkStorage() throws {}

    package func slots(from first: Int) throws -> [SlotRecord] { try slots(from: first, most: .max) }

    package func answers() throws -> [AnswerRecord] { try answers(after: nil, most: .max) }

    /// Hands every slot from `first` on to `body`, few at a time: a run may be larger than the memory.
    /// - Parameter end: the first slot that is left out.
    package func forEachSlot(
        from first: Int = 0, to end: Int = .max, _ body: (SlotRecord) throws -> Void
    ) throws {
        try forEachPageOfSlots(from: first, to: end) { for record in $0 { try body(record) } }
    }

    package func forEachPageOfSlots(
        from first: Int = 0, to end: Int = .max, _ body: ([SlotRecord]) throws -> Void
    ) throws {
        var next = first
        while next < end {
            let most = min(Self.page, end - next)
            let page = try slots(from: next, most: most)
            if !page.isEmpty { try body(page) }
            guard page.count == most else { return }
            next += page.count
        }
    }

    package func forEachAnswer(_ body: (AnswerRecord) throws -> Void) throws {
        try forEachPageOfAnswers { for answer in $0 { try body(answer) } }
    }

    package func forEachPageOfAnswers(_ body: ([AnswerRecord]) throws -> Void) throws {
        var last: AnswerPlace?
        while true {
            let page = try answers(after: last, most: Self.page)
            if !page.isEmpty { try body(page) }
            guard page.count == Self.page else { return }
            last = page.last.map(AnswerPlace.init)
        }
    }

    /// Every slot with the answers it was made of.
    package func forEachSlotWithAnswers(_ body: (SlotRecord, [AnswerRecord]) throws -> Void) throws {
        try forEachPageOfSlots { page in
            guard let first = page.first?.slot else { return }
            // Answers are there before their slot is.
            let answers = Dictionary(grouping: try answers(of: first..<first + page.count), by: \.slot)
            for record in page { try body(record, answers[record.slot] ?? []) }
        }
    }

    private func answers(of slots: Range<Int>) throws -> [AnswerRecord] {
        var found: [AnswerRecord] = []
        var last = AnswerPlace(slot: slots.lowerBound, attempt: -1)
        while true {
            let page = try answers(after: last, most: Self.page)
            found += page.prefix { $0.slot < slots.upperBound }
            guard page.count == Self.page, let end = page.last, end.slot < slots.upperBound else { return found }
            last = AnswerPlace(end)
        }
    }

    /// Records that are read at once.
    private static var page: Int { 200 }

    package func commit(_ record: SlotRecord) throws { try commit([record]) }
}

/// What a search had become after so many slots.
package struct Snapshot: Hashable, Sendable {
    /// Slots that are in it.
    package var slots: Int
    /// `RunStore.chain` before that slot: what it belongs to.
    package var chain: String
    /// In whatever form the engine of `version` reads.
    package var version: String
    package var state: Data

    package init(slots: Int, chain: String, version: String, state: Data) {
        self.slots = slots
        self.chain = chain
        self.version = version
        self.state = state
    }
}
