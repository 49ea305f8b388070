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
    package var standing: Standing
    /// What proposed it, and what the slot has cost in optimiser steps; nil where the bandit has nothing to learn.
    package var arm: Arm?
    package var cost: Double
    /// Best gain of a parent when the slot was planned.
    package var parentGain: Double?
    /// Of the function that was proposed, each once, in alphabetical order; nil where they are not counted.
    package var motifs: [String]?

    package init(
        slot: Int, island: Int, standing: Standing, arm: Arm? = nil, cost: Double = 0,
        parentGain: Double? = nil
    ) {
        self.slot = slot
        self.island = island
        self.standing = standing
        self.arm = arm
        self.cost = cost
        self.parentGain = parentGain
    }
}

/// What a slot is to do.
package struct SlotPlan: Codable, Hashable, Sendable {
    package var slot: Int
    package var island: Int
    package var variation: VariationOperator
    /// The model to ask; nil for operators that ask none, and where none may be asked.
    package var model: String?
    /// In ascending order of gain; of a re-test, the candidate; of a tail graft the donor, then the elite that it is put into.
    package var parents: [Elite]
    /// Shown to a model besides the parents, in ascending order of gain.
    package var inspirations: [Elite] = []
    /// Of an idea: the empty cell that it is for.
    package var target: ArchiveCell?
    /// Slots that were committed when it was planned.
    package var base = 0
    /// Counts the island's slots from 0, seeds not counted.
    package var round = 0
    /// Of a re-test: indices of the search seeds to train with.
    package var seeds = 0..<0
    /// What is known of the elites that the candidate races against, best first.
    @PackedEvidence package var rivals: [Evidence] = []
    /// Model requests of the run that were planned before this slot's.
    package var requestIndex = 0
    /// Of a tail graft.
    package var graft: Graft?
    /// Motifs that were proposed too often of late, which a model is told of; nil where none is told.
    package var tried: [String]?

    /// What a tail graft is to bring over from the donor, and where it would be welcome.
    package struct Graft: Codable, Hashable, Sendable {
        package var motif: String
        /// Cells of the island's archive that somebody holds.
        package var held: CellSet

        package init(motif: String, held: CellSet) {
            self.motif = motif
            self.held = held
        }
    }

    package init(
        slot: Int, island: Int, variation: VariationOperator, model: String? = nil, parents: [Elite]
    ) {
        self.slot = slot
        self.island = island
        self.variation = variation
        self.model = model
        self.parents = parents
    }
}
