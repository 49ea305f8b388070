import EvolveTypes
import Foundation
import Synchronization

/// A run that lives as long as its process: for tests, for copies, and for a search whose record nobody wants to keep.
package final class InMemoryRunStore: RunStore {
    private struct Contents {
        /// By slot, in the order of their attempts.
        var calls: [Int: [CallRecord]] = [:]
        /// In order.
        var answers: [AnswerRecord] = []
        var totals: [String: AnswerTotal] = [:]
        var slots: [SlotRecord] = []
        var chain: [String]
        var firstSlots: [String: CandidateID] = [:]
        var verifications: [VerificationRecord] = []
        var amendments: [AmendmentRecord] = []
        var snapshot: Snapshot?
        var submissions: [SubmissionRecord] = []

        /// Of the first answer that is not before the place.
        func index(of place: AnswerPlace) -> Int {
            var (low, high) = (0, answers.count)
            while low < high {
                let middle = (low + high) / 2
                if AnswerPlace(answers[middle]) < place { low = middle + 1 } else { high = middle }
            }
            return low
        }

        func answers(of slot: Int) -> ArraySlice<AnswerRecord> {
            answers[index(of: AnswerPlace(slot: slot, attempt: 0))..<index(of: AnswerPlace(slot: slot + 1, attempt: 0))]
        }
    }

    private let written: RunManifest
    private let contents: Mutex<Contents>
    let table = Mutex(WorkTable())
    /// Seconds since some fixed instant.
    let clock: @Sendable () -> Double

    package init(manifest: RunManifest, clock: @escaping @Sendable () -> Double = InMemoryRunStore.sinceStart) {
        written = manifest
        self.clock = clock
        // A manifest is two strings and a number: it always encodes.
        contents = Mutex(Contents(chain: [(try? SlotChain.start(manifest)) ?? ""]))
    }

    private static let start = ContinuousClock.now

    package static let sinceStart: @Sendable () -> Double = { (ContinuousClock.now - start) / .seconds(1) }

    package func manifest() -> RunManifest { written }

    // MARK: - Calls and answers

    package func begin(_ calls: [CallRecord]) -> [Int] {
        contents.withLock { contents in
            calls.map { call in
                var call = call
                let known =
                    (contents.calls[call.slot] ?? []).map(\.attempt) + contents.answers(of: call.slot).map(\.attempt)
                call.attempt = (known.max() ?? -1) + 1
                contents.calls[call.slot, default: []].append(call)
                return call.attempt
            }
        }
    }

    package func openCalls(of slot: Int) -> [CallRecord] {
        contents.withLock { contents in
            let answered = Set(contents.answers(of: slot).map(\.attempt))
            return (contents.calls[slot] ?? []).filter { !answered.contains($0.attempt) }
        }
    }

    package func record(_ answers: [AnswerRecord]) -> [Bool] {
        contents.withLock { contents in
            answers.map { answer in
                let place = AnswerPlace(answer)
                let index = contents.index(of: place)
                if contents.answers.indices.contains(index), AnswerPlace(contents.answers[index]) == place {
                    return false
                }
                contents.answers.insert(answer, at: index)
                contents.totals[answer.model, default: AnswerTotal()].add(answer)
                return true
            }
        }
    }

    package func answers() -> [AnswerRecord] { answers(after: nil, most: .max) }

    package func answers(after place: AnswerPlace?, most: Int) -> [AnswerRecord] {
        contents.withLock { contents in
            let first = place.map { contents.index(of: AnswerPlace(slot: $0.slot, attempt: $0.attempt + 1)) } ?? 0
            return Array(contents.answers[first...].prefix(most))
        }
    }

    package func answers(of slot: Int) -> [AnswerRecord] { contents.withLock { Array($0.answers(of: slot)) } }

    package func answerTotals() -> [String: AnswerTotal] { contents.withLock(\.totals) }

    // MARK: - Slots

    package func commit(_ records: [SlotRecord]) throws {
        try contents.withLock { contents in
            for (offset, record) in records.enumerated() {
                try AppendOrder.check(record.slot, next: contents.slots.count + offset, noun: "slot")
            }
            for record in records {
                let line = try CanonicalJSON.encode(record)
                contents.chain.append(SlotChain.link(after: contents.chain.last ?? "", line: line))
                if let fingerprint = record.fingerprint, contents.firstSlots[fingerprint] == nil {
                    contents.firstSlots[fingerprint] = record.slot
                }
                contents.slots.append(record)
            }
        }
    }

    package func slotCount() -> Int { contents.withLock(\.slots.count) }

    package func slots(from first: Int, most: Int) -> [SlotRecord] {
        contents.withLock { Array($0.slots.dropFirst(max(first, 0)).prefix(most)) }
    }

    package func slots(from first: Int) -> [SlotRecord] { slots(from: first, most: .max) }

    package func slot(_ number: Int) -> SlotRecord? {
        contents.withLock { $0.slots.indices.contains(number) ? $0.slots[number] : nil }
    }

    package func firstSlots(behaving fingerprints: [String]) -> [String: CandidateID] {
        contents.withLock { contents in
            Dictionary(
                fingerprints.compactMap { name in contents.firstSlots[name].map { (name, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
    }

    package func chain(before number: Int) throws -> String {
        try contents.withLock { contents in
            guard contents.chain.indices.contains(number) else { throw AppendOrder.missingSlot(number - 1) }
            return contents.chain[number]
        }
    }

    // MARK: - Verification, amendments, snapshots

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

    package func keep(_ snapshot: Snapshot) { contents.withLock { $0.snapshot = snapshot } }

    package func snapshot() -> Snapshot? { contents.withLock(\.snapshot) }

    // MARK: - Submissions

    package func record(_ submission: SubmissionRecord) { contents.withLock { $0.submissions.append(submission) } }

    package func submissions() -> [SubmissionRecord] { contents.withLock(\.submissions) }
}
