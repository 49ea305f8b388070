import EvolveTypes
import Synchronization

/// A run that lives as long as its process: for tests, and for a search whose record nobody wants to keep.
package final class InMemoryRunStore: RunStore {
    private struct Contents {
        var answers: [AnswerKey: AnswerRecord] = [:]
        var slots: [SlotRecord] = []
        var verifications: [VerificationRecord] = []
        var amendments: [AmendmentRecord] = []
    }

    private struct AnswerKey: Hashable, Comparable {
        var slot: Int
        var attempt: Int

        static func < (left: AnswerKey, right: AnswerKey) -> Bool {
            (left.slot, left.attempt) < (right.slot, right.attempt)
        }
    }

    private let written: RunManifest
    private let contents = Mutex(Contents())

    package init(manifest: RunManifest) { written = manifest }

    package func manifest() -> RunManifest { written }

    package func record(_ answer: AnswerRecord) throws {
        let key = AnswerKey(slot: answer.slot, attempt: answer.attempt)
        try contents.withLock { contents in
            guard contents.answers[key] == nil else { throw AppendOrder.duplicateAnswer(answer) }
            contents.answers[key] = answer
        }
    }

    package func answers() -> [AnswerRecord] {
        contents.withLock { contents in
            contents.answers.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    package func commit(_ record: SlotRecord) throws {
        try contents.withLock { contents in
            try AppendOrder.check(record.slot, next: contents.slots.count, noun: "slot")
            contents.slots.append(record)
        }
    }

    package func slotCount() -> Int { contents.withLock(\.slots.count) }

    package func slots(from first: Int) -> [SlotRecord] {
        contents.withLock { Array($0.slots.dropFirst(max(first, 0))) }
    }

    package func record(_ verification: VerificationRecord) throws {
        try contents.withLock { contents in
            try AppendOrder.check(verification.index, next: contents.verifications.count, noun: "verification")
            contents.verifications.append(verification)
        }
    }

    package func verifications() -> [VerificationRecord] { contents.withLock(\.verifications) }

    package func record(_ amendment: AmendmentRecord) throws {
        try contents.withLock { contents in
            try AppendOrder.check(amendment.index, next: contents.amendments.count, noun: "amendment")
            contents.amendments.append(amendment)
        }
    }

    package func amendments() -> [AmendmentRecord] { contents.withLock(\.amendments) }
}
