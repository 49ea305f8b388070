import EvolveTypes
import Foundation

/// A whole run as lines of JSON, to be kept, shared and replayed: the same on every machine, and free of any store's format.
///
/// The first line holds the manifest, the last the run's digest; between them stand answers, slots, verifications and
/// amendments, each as an object with one key that names it, in the order of the store.
package enum PortableRun {
    private struct Line: Codable {
        /// Of the format; in the first line.
        var evolve: Int?
        var manifest: RunManifest?
        var answer: AnswerRecord?
        var slot: SlotRecord?
        /// Beside `slot`.
        var accidents: SlotRecord.Accidents?
        var verification: VerificationRecord?
        var amendment: AmendmentRecord?
        /// In the last line.
        var digest: String?
    }

    private static let version = 2

    /// Also of a run that is going on: slots that come meanwhile are left out, and an amendment that does is refused.
    /// - Parameter sink: given a line at a time: a run may be larger than the memory.
    package static func write(_ store: any RunStore, to sink: (Data) throws -> Void) throws {
        func put(_ line: Line) throws { try sink(try CanonicalJSON.encode(line) + Data([UInt8(ascii: "\n")])) }
        let verifications = try store.verifications()
        let count = try store.slotCount()
        let amendments = try store.amendments()
        try put(Line(evolve: version, manifest: store.manifest()))
        for amendment in amendments { try put(Line(amendment: amendment)) }
        try store.forEachAnswer { try put(Line(answer: $0)) }
        try store.forEachSlot(to: count) { try put(Line(slot: $0, accidents: $0.accidents)) }
        for verification in verifications { try put(Line(verification: verification)) }
        guard try store.amendments() == amendments else {
            throw Failure(.unavailable, "the run was resumed with other models meanwhile: export it again")
        }
        let digest = try RunDigest.of(
            chain: store.chain(before: count), verifications: verifications, amendments: amendments)
        try put(Line(digest: digest))
    }

    /// - Parameters:
    ///   - next: the lines one after the other; nil at the end.
    ///   - origin: what to call the file in messages.
    /// - Throws: `Failure(.badInput)` with the line that is wrong.
    package static func read(_ next: () throws -> Data?, origin: String) throws -> InMemoryRunStore {
        var store: InMemoryRunStore?
        var digest: String?
        var number = 0
        while let text = try next() {
            if text.isEmpty { continue }
            number += 1
            func fail(_ message: String) -> Failure { Failure(.badInput, "\(origin):\(number): \(message)") }
            guard let line = try? CanonicalJSON.decode(Line.self, from: text) else {
                throw fail("this is no line of a run as `evolve store export` writes it")
            }
            if let manifest = line.manifest {
                guard line.evolve == version else { throw fail("this run was written by another version of evolve") }
                store = InMemoryRunStore(manifest: manifest)
            }
            guard let store else { throw fail("the first line must hold the run's manifest") }
            do {
                if let amendment = line.amendment { try store.record(amendment) }
                if let answer = line.answer { try store.record(answer) }
                if var slot = line.slot {
                    if let accidents = line.accidents { slot.accidents = accidents }
                    try store.commit(slot)
                }
                if let verification = line.verification { try store.record(verification) }
            } catch let failure as Failure {
                throw fail(failure.message)
            }
            digest = line.digest
        }
        guard let store, let digest else {
            throw Failure(.badInput, "\(origin) is cut off: its last line must hold the run's digest")
        }
        guard try RunDigest.of(store) == digest else {
            throw Failure(.badInput, "\(origin) has been changed: its slots do not have the digest of its last line")
        }
        return store
    }
}
