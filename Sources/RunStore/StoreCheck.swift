import EvolveTypes
import Foundation

/// Whether a store holds what a run can have left: every line as it was chained, every hash that of its text, every number in
/// its place.
package struct StoreCheck: Sendable {
    package private(set) var slots = 0
    package private(set) var answers = 0
    package private(set) var verifications = 0
    /// What is wrong, each in a line; the first few.
    package private(set) var findings: [String] = []

    private static let most = 20

    package init(_ store: some RunStore) throws {
        try store.checkStorage()
        try checkSlots(store)
        try checkAnswers(store)
        try checkRest(store)
    }

    private mutating func find(_ text: String) { if findings.count < Self.most { findings.append(text) } }

    private mutating func checkSlots(_ store: some RunStore) throws {
        let manifest = try store.manifest()
        var chain = try SlotChain.start(manifest)
        var check = self
        try store.forEachPageOfSlots { page in
            let first = try store.firstSlots(behaving: page.compactMap(\.fingerprint))
            for record in page {
                if record.slot != check.slots {
                    check.find("where slot \(check.slots) should be is slot \(record.slot)")
                }
                chain = SlotChain.link(after: chain, line: try CanonicalJSON.encode(record))
                check.slots += 1
                if (try? store.chain(before: record.slot + 1)) != chain {
                    check.find("slot \(record.slot) is not the one that was committed: its hash is another")
                }
                for ancestor in record.parents + (record.inspirations ?? []) where ancestor >= record.slot {
                    check.find("slot \(record.slot) has slot \(ancestor), which came later, for an ancestor")
                }
                if let fingerprint = record.fingerprint { check.checkBehaviour(of: record, first[fingerprint]) }
            }
        }
        self = check
        if try store.slotCount() != slots { find("the store says that it has another number of slots") }
    }

    /// - Parameter first: the first slot that behaves so, as the store finds it.
    private mutating func checkBehaviour(of record: SlotRecord, _ first: CandidateID?) {
        switch (record.verdict, first) {
        case (.duplicate(let original), let first?) where original == first && first < record.slot: break
        case (.duplicate, _): find("slot \(record.slot) is the duplicate of a slot that behaves otherwise")
        case (_, let first?) where first < record.slot:
            find("slot \(record.slot) behaves as slot \(first) and is not its duplicate")
        case (_, let first) where first != record.slot:
            find("slot \(record.slot) is not found by what it behaves like")
        default: break
        }
    }

    private mutating func checkAnswers(_ store: some RunStore) throws {
        var check = self
        var totals: [String: AnswerTotal] = [:]
        try store.forEachAnswer { answer in
            check.answers += 1
            totals[answer.model, default: AnswerTotal()].add(answer)
            if Digest.hex(answer.prompt) != answer.promptSHA256 {
                check.find(
                    "the prompt of answer \(answer.attempt) of slot \(answer.slot) is not the one that was asked")
            }
        }
        self = check
        if try store.answerTotals().mapValues(\.counts) != totals.mapValues(\.counts) {
            find("the totals of the answers are not what the answers come to")
        }
    }

    private mutating func checkRest(_ store: some RunStore) throws {
        for (index, record) in try store.verifications().enumerated() {
            verifications += 1
            if record.index != index { find("where verification \(index) should be is \(record.index)") }
            if let candidate = record.candidate, candidate >= slots {
                find("verification \(index) is of candidate \(candidate), which there is not")
            }
        }
        for (index, record) in try store.amendments().enumerated() where record.index != index {
            find("where amendment \(index) should be is \(record.index)")
        }
        if let snapshot = try store.snapshot() {
            let chain = snapshot.slots <= slots ? try store.chain(before: snapshot.slots) : ""
            if chain != snapshot.chain { find("the snapshot is of another run: delete it, it will be made anew") }
        }
    }
}
