import EvolveTypes
import Foundation

/// A slot's record together with its line in the journal, so that the line is written out once on its way to the store.
package struct SlotLine: Hashable, Sendable {
    package let record: SlotRecord
    /// The record as canonical JSON.
    package let bytes: Data

    package init(_ record: SlotRecord) throws { self.init(record, bytes: try CanonicalJSON.encode(record)) }

    /// - Parameter bytes: of this very record.
    package init(_ record: SlotRecord, bytes: Data) {
        self.record = record
        self.bytes = bytes
    }
}
