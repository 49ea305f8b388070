import EvolveTypes

/// `RunStore`: what a run keeps, and the one protocol every back end obeys.
///
/// A store holds exactly one run: its manifest (written once), the model's answers (written the moment they are paid
/// for), the slots (appended strictly in order, each exactly once), the verification records, and amendments of its models.
///
/// Rules:
/// 1. Append-only: nothing is updated or deleted, so a kill between any two calls leaves a valid run.
/// 2. Slot k can be committed only when slots 0 ..< k are there; a second commit of k is an error.
/// 3. An answer is recorded before it is used; a recorded (slot, attempt) is never asked again, so a second answer for
///    it is an error.
/// 4. A call that returns is durable: what it wrote survives the death of the process.
/// 5. Calls may come from any thread; they block for the length of one small write.
///
/// Errors are `Failure`: `internalError` where the caller broke rule 2 or 3, otherwise what a person has to mend.
/// It is not a query engine: reports read the records and compute.
package protocol RunStore: Sendable {
    func manifest() throws -> RunManifest

    func record(_ answer: AnswerRecord) throws
    /// Every recorded answer, ordered by (slot, attempt), whatever the order of arrival.
    func answers() throws -> [AnswerRecord]

    /// Appends the next slot; throws if `record.slot` is not the number of slots committed so far.
    func commit(_ record: SlotRecord) throws
    func slotCount() throws -> Int
    /// Committed slots in slot order, from `first` on; empty when there are none.
    func slots(from first: Int) throws -> [SlotRecord]

    /// Appends the next verification record; throws if `record.index` is not the number of records so far.
    func record(_ verification: VerificationRecord) throws
    /// Verification records in index order.
    func verifications() throws -> [VerificationRecord]

    /// Appends the next amendment; throws if `record.index` is not the number of amendments so far.
    func record(_ amendment: AmendmentRecord) throws
    /// Amendments in index order.
    func amendments() throws -> [AmendmentRecord]
}
