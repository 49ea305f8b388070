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
        try verificationsAreCommittedInOrder()
        try amendmentsAreKeptInOrder()
        try everythingSurvivesReopening()
        try concurrentCallersAreServed()
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
        let records = (0..<12).map { Sample.slot($0) }
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
