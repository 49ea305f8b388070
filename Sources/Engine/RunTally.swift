import EvolveTypes
import Population
import RunStore

/// What committed slots come to, for people: counted as they are committed, so that nobody has to read them all again.
package struct RunTally: Codable, Hashable, Sendable {
    package struct Best: Codable, Hashable, Sendable {
        package var id: CandidateID
        /// Of its first evaluation.
        package var gain: Estimate
    }

    package private(set) var slots = 0
    /// Proposals by the operator that made them and the name of their verdict.
    package private(set) var verdicts: [String: [String: Int]] = [:]
    /// Why proposals came to nothing.
    package private(set) var complaints = ComplaintTally()
    /// Optimiser steps spent on candidates.
    package private(set) var trainingSteps = 0
    /// The new candidate (no seed program) that was scored highest.
    package private(set) var best: Best?

    package init() {}

    package mutating func add(_ record: SlotRecord) {
        slots = record.slot + 1
        verdicts[record.standIn ?? record.variation, default: [:]][record.verdict.name, default: 0] += 1
        complaints.add(record.verdict)
        trainingSteps += record.trainingSteps
        if record.variation != VariationOperator.seed.rawValue, case .scored(let score) = record.verdict,
            score.gain.mean > best?.gain.mean ?? -.infinity
        {
            best = Best(id: record.slot, gain: score.gain)
        }
    }
}
