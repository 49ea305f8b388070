/// What the slots of a run take and come to: figures of a finished run (`scripts/bench/simulation`).
package struct SlotTimes: Codable, Hashable, Sendable {
    /// Shares of the slots that write a candidate, by how they end; they sum to 1.
    package struct Ends: Codable, Hashable, Sendable {
        /// Nothing is trained: no answer, refused, too costly, unsound.
        package var untrained: Double
        /// As an earlier candidate.
        package var duplicate: Double
        /// Falls behind in the race, or diverges.
        package var racedOut: Double
        package var scored: Double

        package init(untrained: Double, duplicate: Double, racedOut: Double, scored: Double) {
            self.untrained = untrained
            self.duplicate = duplicate
            self.racedOut = racedOut
            self.scored = scored
        }
    }

    /// One call of a model.
    package var call: LogNormal
    /// Share of the slots that ask a model twice.
    package var secondCall: Double
    /// What writing takes besides.
    package var edit: LogNormal
    /// Of a kernel.
    package var compile: LogNormal
    /// Of slots that ask a model, and of those that do not.
    package var asked: Ends
    package var blind: Ends
    /// Training of who is raced out, of who is trained to the end (seed programs too), and of a re-test.
    package var race: LogNormal
    package var whole: LogNormal
    package var retest: LogNormal

    package init(
        call: LogNormal, secondCall: Double, edit: LogNormal, compile: LogNormal, asked: Ends, blind: Ends,
        race: LogNormal, whole: LogNormal, retest: LogNormal
    ) {
        self.call = call
        self.secondCall = secondCall
        self.edit = edit
        self.compile = compile
        self.asked = asked
        self.blind = blind
        self.race = race
        self.whole = whole
        self.retest = retest
    }
}
