import EvolveTypes
import Foundation
import RunStore
import Testing

@Suite struct RunDigestTests {
    private func digest(
        manifest: RunManifest = Sample.manifest(), seconds: Double = 1, slots: Int = 3, answers: Int = 0,
        change: (inout SlotRecord) -> Void = { _ in }
    ) throws -> String {
        let store = InMemoryRunStore(manifest: manifest)
        for slot in 0..<slots {
            var record = Sample.slot(slot, seconds: seconds)
            change(&record)
            try store.commit(record)
        }
        for slot in 0..<answers { try store.record(Sample.answer(slot: slot, seconds: seconds)) }
        try store.record(Sample.verification(0, seconds: seconds))
        return try RunDigest.of(store)
    }

    @Test("the digest is 64 hexadecimal characters and the same every time")
    func isStable() throws {
        let first = try digest()
        #expect(first.count == 64 && first.allSatisfy(\.isHexDigit))
        #expect(try digest() == first)
    }

    @Test("wall-clock figures, the replay flag and the record of answers do not touch the digest")
    func ignoresTheClock() throws {
        var later = Sample.manifest()
        later.createdAt = Date(timeIntervalSince1970: 0)
        later.replay = true
        #expect(try digest(manifest: later, seconds: 77, answers: 2) == digest())
    }

    @Test("policy, seed, number of slots and every decision touch the digest")
    func coversDecisions() throws {
        var policy = Sample.manifest()
        policy.policy = Data(#"{"slots":4}"#.utf8)
        let digests = [
            try digest(), try digest(manifest: policy), try digest(manifest: Sample.manifest(seed: 1)),
            try digest(slots: 2), try digest { $0.source = "other" }, try digest { $0.verdict = .unsound("x") },
            try digest { $0.parents = [0] }, try digest { $0.island = "other" },
        ]
        #expect(Set(digests).count == digests.count)
    }

    @Test("verification records touch the digest")
    func coversVerification() throws {
        let store = InMemoryRunStore(manifest: Sample.manifest())
        let before = try RunDigest.of(store)
        try store.record(Sample.verification(0))
        #expect(try RunDigest.of(store) != before)
    }
}
