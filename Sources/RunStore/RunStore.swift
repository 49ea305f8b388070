import EvolveTypes

/// `RunStore`: what a run keeps, and the one protocol every back end obeys.
///
/// A store holds exactly one run: its manifest (written once), the model's answers (written the moment they are paid
/// for), the slots (appended strictly in order, each exactly once), and the verification records.
///
/// Rules:
/// 1. Append-only: nothing is updated or deleted, so a kill between any two statements leaves a valid run.
/// 2. Slot k can be committed only when slots 0 ..< k are there; a second commit of k is an error.
/// 3. An answer is recorded before it is used; a recorded (slot, attempt) is never asked again.
package protocol RunStore: Sendable {
    func manifest() throws -> RunManifest
    func record(_ answer: AnswerRecord) throws
    func answers() throws -> [AnswerRecord]
    /// Appends the next slot; throws if `record.slot` is not the number of slots committed so far.
    func commit(_ record: SlotRecord) throws
    func slotCount() throws -> Int
    /// Committed slots in slot order, from `first` on.
    func slots(from first: Int) throws -> [SlotRecord]
    /// Appends the next verification record; throws if `record.index` is not the number of records so far.
    func record(_ verification: VerificationRecord) throws
    func verifications() throws -> [VerificationRecord]
}
