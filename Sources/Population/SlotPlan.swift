import EvolveTypes

/// What the population learns of a committed slot.
package struct SlotOutcome: Sendable {
    package enum Standing: Sendable {
        case scored(Candidate)
        /// Trained on some networks only.
        case racedOut(Evidence)
        /// Behaves as this earlier candidate.
        case equal(to: CandidateID)
        /// Further gains of an earlier candidate.
        case retested(CandidateID, Evidence)
        /// An earlier candidate whose re-test failed: it breeds no more.
        case lost(CandidateID)
        case failed
    }

    package var slot: Int
    package var island: Int
    package var fingerprint: String?
    package var standing: Standing

    package init(slot: Int, island: Int, fingerprint: String?, standing: Standing) {
        self.slot = slot
        self.island = island
        self.fingerprint = fingerprint
        self.standing = standing
    }
}

/// What a slot is to do.
package struct SlotPlan: Hashable, Sendable {
    package var slot: Int
    package var island: Int
    package var variation: VariationOperator
    /// In ascending order of gain; of a re-test, the candidate.
    package var parents: [Elite]
    /// Of a re-test: indices of the search seeds to train with.
    package var seeds = 0..<0
    /// What is known of the elites that the candidate races against, best first.
    package var rivals: [Evidence] = []
    /// Model requests of the run that were planned before this slot's.
    package var requestIndex = 0

    package init(slot: Int, island: Int, variation: VariationOperator, parents: [Elite]) {
        self.slot = slot
        self.island = island
        self.variation = variation
        self.parents = parents
    }
}
