import EvolveTypes
import Foundation
import RunStore
import Testing

/// What every store must do, whatever it is made of. Each back end's tests call `check` with a provider of its own.
struct RunStoreConformance {
    /// A new, empty store of the manifest.
    var make: (RunManifest) throws -> any RunStore
    /// The same run as another process would find it after the first one is gone.
    var reopen: (any RunStore) throws -> any RunStore

    func check() throws {
        try emptyStoreHoldsOnlyItsManifest()
        try slotsComeBackWholeAndInOrder()
        try slotsAreCommittedOnceAndInOrder()
        try answersAreOrderedAndUnique()
        try answersAreReadInPages()
        try answersAreSummedUp()
        try verificationsAreCommittedInOrder()
        try amendmentsAreKeptInOrder()
        try everythingSurvivesReopening()
        try callsAreBegunBeforeTheyAreMade()
        try behavioursAreFound()
        try theChainLinksEverySlot()
        try theLatestSnapshotCounts()
        try concurrentCallersAreServed()
    }

    private func callsAreBegunBeforeTheyAreMade() throws {
        let store = try make(Sample.manifest())
        func call(_ slot: Int) -> CallRecord {
            CallRecord(slot: slot, turn: 1, model: "m", prompt: "p‘", estimate: Spend(requests: 1, promptTokens: 7))
        }
        try store.record(Sample.answer(slot: 4))
        #expect(try [store.begin(call(4)), store.begin(call(4)), store.begin(call(5))] == [1, 2, 0])
        #expect(try store.begin([call(8), call(9), call(8)]) == [0, 0, 1], "together")
        let answers = [Sample.answer(slot: 8), Sample.answer(slot: 9), Sample.answer(slot: 8, seconds: 7)]
        #expect(try store.record(answers) == [true, true, false] && store.answers(of: 8) == [answers[0]])
        var expected = [call(4), call(4)]
        (expected[0].attempt, expected[1].attempt) = (1, 2)
        #expect(try store.openCalls(of: 4) == expected && reopen(store).openCalls(of: 4) == expected)
        try store.record(Sample.answer(slot: 4, attempt: 1))
        #expect(try store.openCalls(of: 4) == [expected[1]] && store.openCalls(of: 6).isEmpty)
        #expect(try store.answers(of: 4).map(\.attempt) == [0, 1] && store.answers(of: 5).isEmpty)
    }

    private func behavioursAreFound() throws {
        let store = try make(Sample.manifest())
        var records = (0..<4).map { Sample.slot($0) }
        records[1].fingerprint = "same"
        records[2].fingerprint = nil
        records[3].fingerprint = "same"
        try store.commit(records)
        #expect(try store.firstSlots(behaving: ["same", "none", "cd0"]) == ["same": 1, "cd0": 0])
        #expect(try store.firstSlots(behaving: []).isEmpty)
        #expect(try store.slot(2) == records[2] && store.slot(4) == nil && store.slot(-1) == nil)
    }

    private func theChainLinksEverySlot() throws {
        let store = try make(Sample.manifest())
        let start = try store.chain(before: 0)
        #expect(try start == SlotChain.start(Sample.manifest()))
        try store.commit((0..<3).map { Sample.slot($0) })
        var chain = start
        for slot in 0..<3 {
            #expect(try store.chain(before: slot) == chain)
            // Neither times nor what was lost are part of a line.
            var other = Sample.slot(slot, seconds: 99)
            other.lost = ["m": Spend(requests: 1)]
            chain = SlotChain.link(after: chain, line: try CanonicalJSON.encode(other))
        }
        #expect(try store.chain(before: 3) == chain)
        #expect(throws: Failure.self) { try store.chain(before: 4) }
    }

    private func theLatestSnapshotCounts() throws {
        let store = try make(Sample.manifest())
        #expect(try store.snapshot() == nil)
        for slots in [3, 8] {
            let snapshot = Snapshot(slots: slots, chain: "c\(slots)", version: "1", state: Data([0, UInt8(slots)]))
            try store.keep(snapshot)
            #expect(try store.snapshot() == snapshot && reopen(store).snapshot() == snapshot)
        }
    }

    private func emptyStoreHoldsOnlyItsManifest() throws {
        let store = try make(Sample.manifest())
        #expect(try store.manifest() == Sample.manifest())
        #expect(try store.slotCount() == 0)
        #expect(try store.slots(from: 0).isEmpty)
        #expect(try store.answers().isEmpty)
        #expect(try store.verifications().isEmpty)
    }

    private func slotsComeBackWholeAndInOrder() throws {
        let store = try make(Sample.manifest())
        var records = (0..<12).map { Sample.slot($0) }
        records[5].lost = ["local/sample": Spend(requests: 1, promptTokens: 3)]
        for record in records { try store.commit(record) }
        #expect(try store.slotCount() == 12)
        #expect(try store.slots(from: 0) == records)
        #expect(try store.slots(from: 10) == Array(records[10...]))
        #expect(try store.slots(from: 12).isEmpty)
        #expect(try store.slots(from: 99).isEmpty)
    }

    private func slotsAreCommittedOnceAndInOrder() throws {
        let store = try make(Sample.manifest())
        try store.commit(Sample.slot(0))
        try store.commit(Sample.slot(1))
        let expectations = [
            (1, "slot 1 is committed already: the next one is 2"),
            (0, "slot 0 is committed already: the next one is 2"),
            (3, "slot 3 cannot be committed before slot 2"),
        ]
        for (slot, message) in expectations {
            #expect(throws: Failure(.internalError, message)) { try store.commit(Sample.slot(slot, seconds: 9)) }
        }
        #expect(try store.slots(from: 0) == [Sample.slot(0), Sample.slot(1)])
        try store.commit(Sample.slot(2))
        #expect(try store.slotCount() == 3)
    }

    private func answersAreOrderedAndUnique() throws {
        let store = try make(Sample.manifest())
        let keys = [(7, 1), (2, 0), (7, 0), (11, 0), (2, 1)]
        for (slot, attempt) in keys { try store.record(Sample.answer(slot: slot, attempt: attempt)) }
        #expect(throws: Failure(.internalError, "attempt 0 of slot 7 has an answer already")) {
            try store.record(Sample.answer(slot: 7, seconds: 99))
        }
        let expected = [(2, 0), (2, 1), (7, 0), (7, 1), (11, 0)].map { Sample.answer(slot: $0.0, attempt: $0.1) }
        #expect(try store.answers() == expected)
    }

    private func answersAreReadInPages() throws {
        let store = try make(Sample.manifest())
        let keys = (0..<500).map { (slot: 2 * ($0 / 2), attempt: $0 % 2) }
        for (slot, attempt) in keys.reversed() { try store.record(Sample.answer(slot: slot, attempt: attempt)) }
        let all = keys.map { Sample.answer(slot: $0.slot, attempt: $0.attempt) }
        #expect(try store.answers(after: nil, most: 3) == Array(all[..<3]))
        #expect(try store.answers(after: AnswerPlace(slot: 2, attempt: 0), most: 2) == Array(all[3..<5]))
        #expect(try store.answers(after: AnswerPlace(slot: 5, attempt: 9), most: 1) == [all[6]])
        #expect(try store.answers(after: AnswerPlace(slot: 498, attempt: 1), most: 1).isEmpty)
        var read: [AnswerRecord] = []
        try store.forEachAnswer { read.append($0) }
        #expect(read == all)
        try store.commit((0..<450).map { Sample.slot($0) })
        var slots: [SlotRecord] = []
        try store.forEachSlotWithAnswers { slot, answers in
            slots.append(slot)
            #expect(answers == all.filter { $0.slot == slot.slot })
        }
        #expect(slots == (0..<450).map { Sample.slot($0) })
    }

    private func answersAreSummedUp() throws {
        let store = try make(Sample.manifest())
        #expect(try store.answerTotals().isEmpty)
        var totals: [String: AnswerTotal] = [:]
        for slot in 0..<40 {
            var answer = Sample.answer(slot: slot, attempt: slot % 2)
            answer.model = slot.isMultiple(of: 3) ? "other" : "local/‘sample’"
            (answer.requests, answer.dollars) = (3, 0.25)
            if slot.isMultiple(of: 5) {
                answer.fault = "timed out"
                answer.earlier = [AnswerRecord.Fault(kind: "rate limited", detail: "d")]
            }
            try store.record(answer)
            totals[answer.model, default: AnswerTotal()].add(answer)
        }
        #expect(throws: Failure.self) { try store.record(Sample.answer(slot: 0)) }
        #expect(try store.answerTotals() == totals && reopen(store).answerTotals() == totals)
        #expect(totals["other"]?.calls == 14 && totals["other"]?.faults == ["timed out": 3, "rate limited": 3])
    }

    private func verificationsAreCommittedInOrder() throws {
        let store = try make(Sample.manifest())
        #expect(throws: Failure(.internalError, "verification 1 cannot be committed before verification 0")) {
            try store.record(Sample.verification(1))
        }
        for index in 0..<3 { try store.record(Sample.verification(index)) }
        #expect(throws: Failure(.internalError, "verification 2 is committed already: the next one is 3")) {
            try store.record(Sample.verification(2))
        }
        #expect(try store.verifications() == (0..<3).map { Sample.verification($0) })
    }

    private func amendmentsAreKeptInOrder() throws {
        let store = try make(Sample.manifest())
        #expect(try store.amendments().isEmpty)
        let records = (0..<2).map { Sample.amendment($0) }
        for record in records { try store.record(record) }
        #expect(try store.amendments() == records && reopen(store).amendments() == records)
        #expect(throws: Failure(.internalError, "amendment 1 is committed already: the next one is 2")) {
            try store.record(Sample.amendment(1))
        }
    }

    private func everythingSurvivesReopening() throws {
        let store = try make(Sample.manifest(seed: 42))
        try store.record(Sample.answer(slot: 0))
        try store.commit(Sample.slot(0))
        try store.commit(Sample.slot(1))
        try store.record(Sample.verification(0))
        let digest = try RunDigest.of(store)

        let again = try reopen(store)
        #expect(try again.manifest() == Sample.manifest(seed: 42))
        #expect(try again.answers() == [Sample.answer(slot: 0)])
        #expect(try again.slots(from: 0) == [Sample.slot(0), Sample.slot(1)])
        #expect(try again.verifications() == [Sample.verification(0)])
        #expect(try RunDigest.of(again) == digest)
        #expect(throws: Failure.self) { try again.commit(Sample.slot(1)) }
        #expect(throws: Failure.self) { try again.record(Sample.answer(slot: 0)) }
        try again.commit(Sample.slot(2))
        try again.record(Sample.answer(slot: 1))
        try again.record(Sample.verification(1))
        #expect(try again.slotCount() == 3)
    }

    private func concurrentCallersAreServed() throws {
        let store = try make(Sample.manifest())
        DispatchQueue.concurrentPerform(iterations: 24) { number in
            #expect(throws: Never.self) { try store.record(Sample.answer(slot: number)) }
            #expect(throws: Never.self) { try store.answers() }
        }
        #expect(try store.answers() == (0..<24).map { Sample.answer(slot: $0) })

        // Of many who commit the same slot, one succeeds.
        let outcomes = Outcomes()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            outcomes.add((try? store.commit(Sample.slot(0))) != nil)
        }
        #expect(outcomes.successes == 1)
        #expect(try store.slotCount() == 1)
    }
}

/// Counts across threads.
private final class Outcomes: @unchecked Sendable {
    // Unchecked: every access holds the lock.
    private let lock = NSLock()
    private var count = 0

    func add(_ success: Bool) { lock.withLock { count += success ? 1 : 0 } }
    var successes: Int { lock.withLock { count } }
}
