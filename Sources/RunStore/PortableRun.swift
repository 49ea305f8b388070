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

    /// Also of a run that is going on: what is read last, the answers, holds all that what was read first depends on.
    package static func write(_ store: any RunStore) throws -> Data {
        let store = try copy(store)
        var lines = [Line(evolve: version, manifest: store.manifest())]
        lines += store.amendments().map { Line(amendment: $0) }
        lines += store.answers().map { Line(answer: $0) }
        lines += store.slots(from: 0).map { Line(slot: $0, accidents: $0.accidents) }
        lines += store.verifications().map { Line(verification: $0) }
        lines.append(Line(digest: try RunDigest.of(store)))
        return Data(try lines.map { try CanonicalJSON.encode($0) + Data([UInt8(ascii: "\n")]) }.joined())
    }

    private static func copy(_ store: any RunStore) throws -> InMemoryRunStore {
        let copy = InMemoryRunStore(manifest: try store.manifest())
        for verification in try store.verifications() { try copy.record(verification) }
        for slot in try store.slots(from: 0) { try copy.commit(slot) }
        for answer in try store.answers() { try copy.record(answer) }
        for amendment in try store.amendments() { try copy.record(amendment) }
        return copy
    }

    /// - Parameter origin: what to call the file in messages.
    /// - Throws: `Failure(.badInput)` with the line that is wrong.
    package static func read(_ bytes: Data, origin: String) throws -> InMemoryRunStore {
        var store: InMemoryRunStore?
        var digest: String?
        for (number, text) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            func fail(_ message: String) -> Failure { Failure(.badInput, "\(origin):\(number + 1): \(message)") }
            guard let line = try? CanonicalJSON.decode(Line.self, from: Data(text)) else {
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
