import EvolveTypes
import Foundation

/// The fingerprint of a run's slots, one after the other: each link is the SHA-256 of the link before it and of the slot's
/// line in the journal, so that the last says the same of all as a digest of the whole, and costs the same in a run of any
/// length.
///
/// A line is the record as canonical JSON without the wall-clock figures, which `SlotRecord` leaves out when it is encoded.
package enum SlotChain {
    /// The link before the first slot: of the policy and the seed.
    package static func start(_ manifest: RunManifest) throws -> String {
        try start(policy: manifest.policy, seed: manifest.seed)
    }

    /// - Parameter policy: of the manifest.
    package static func start(policy: Data, seed: UInt64) throws -> String {
        Digest.hex(try CanonicalJSON.encode(Head(policy: Digest.hex(policy), seed: seed)))
    }

    package static func link(after previous: String, line: Data) -> String {
        Digest.hex(Data(previous.utf8) + [UInt8(ascii: "\n")] + line)
    }

    private struct Head: Encodable {
        var policy: String
        var seed: UInt64
    }
}
