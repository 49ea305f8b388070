import EvolveTypes
import Foundation

/// The fingerprint of a run: equal for two runs that decided the same, however long each took.
///
/// SHA-256 over JSON Lines in canonical form: one line with the policy's hash and the seed, one per slot, one per
/// verification record, one per amendment. Every wall-clock figure (`times`, `seconds`, `createdAt`) is set to zero first. The model's
/// prompts and answers are covered only through what became of them, and its speed not at all, so a run and its replay
/// agree; whether answers came from a model or from a record is outside the digest too.
package enum RunDigest {
    /// - Returns: 64 lower-case hexadecimal characters.
    package static func of(_ store: some RunStore) throws -> String {
        let manifest = try store.manifest()
        var lines = [try CanonicalJSON.encode(Head(policy: Digest.hex(manifest.policy), seed: manifest.seed))]
        for var slot in try store.slots(from: 0) {
            slot.times = SlotRecord.Times(propose: 0, compile: 0, train: 0)
            lines.append(try CanonicalJSON.encode(slot))
        }
        for var verification in try store.verifications() where verification.requested != true {
            verification.seconds = 0
            lines.append(try CanonicalJSON.encode(verification))
        }
        for var amendment in try store.amendments() {
            amendment.createdAt = Date(timeIntervalSince1970: 0)
            lines.append(try CanonicalJSON.encode(amendment))
        }
        return Digest.hex(Data(lines.joined(separator: [UInt8(ascii: "\n")])))
    }

    private struct Head: Encodable {
        var policy: String
        var seed: UInt64
    }
}
