import EvolveTypes
import Foundation

/// The fingerprint of a run: equal for two runs that decided the same, however long each took.
///
/// SHA-256 over lines: the chain of the slots (`SlotChain`), then one line per verification record and per amendment as
/// canonical JSON. Wall-clock figures (`times`, `seconds`, `createdAt`) and what was lost to accidents (`lost`) are left out.
/// The model's prompts and answers are covered only through what became of them, and its speed not at all, so a run and its
/// replay agree; whether answers came from a model or from a record is outside the digest too.
package enum RunDigest {
    /// - Returns: 64 lower-case hexadecimal characters.
    package static func of(_ store: some RunStore) throws -> String {
        try of(
            chain: store.chain(before: store.slotCount()), verifications: store.verifications(),
            amendments: store.amendments())
    }

    /// - Parameter chain: of all slots.
    package static func of(
        chain: String, verifications: [VerificationRecord], amendments: [AmendmentRecord]
    ) throws -> String {
        var lines = [Data(chain.utf8)]
        for var verification in verifications where verification.requested != true {
            verification.seconds = 0
            lines.append(try CanonicalJSON.encode(verification))
        }
        for var amendment in amendments {
            amendment.createdAt = Date(timeIntervalSince1970: 0)
            lines.append(try CanonicalJSON.encode(amendment))
        }
        return Digest.hex(Data(lines.joined(separator: [UInt8(ascii: "\n")])))
    }
}
