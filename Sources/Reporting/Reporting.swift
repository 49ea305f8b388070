import Engine
import EvolveTypes
import Foundation
import Population
import RunStore

/// `Reporting`: what a run's store says, for people and for programs.
///
/// `RunSummary` and `JournalEntry` are the values behind `inspect`, the table at the end of a run, and their `--json`
/// forms (docs/json.md): one computation, two renderings. Everything is read from the store, nothing from a live run.
package struct RunSummary: Codable, Sendable {
    package var name: String
    package var seed: UInt64
    /// SHA-256 over everything the run's definitions, seed and answers decide.
    package var digest: String
    /// "searching", "verifying" or "complete".
    package var phase: Phase
    package var slots: Progress
    package var proposals: [OperatorYield]
    package var model: ModelUse
    package var islands: [IslandSummary]
    /// Highest search gain of a new candidate (seed programs not counted); it chose itself among many, so it is too high
    /// on average.
    package var best: Contender?
    package var champion: Champion?
    /// Held-out gains, champion first, then the literature in descending order.
    package var heldout: [HeldoutRow]
    /// Optimiser steps spent on candidates in the search.
    package var trainingSteps: Int

    package enum Phase: String, Codable, Sendable { case searching, verifying, complete }

    package struct Progress: Codable, Sendable {
        package var committed: Int
        package var total: Int
    }

    package struct OperatorYield: Codable, Sendable {
        package var variation: String
        package var proposed: Int
        /// Proposals by verdict name.
        package var verdicts: [String: Int]
    }

    package struct ModelUse: Codable, Sendable {
        package var calls: Int
        package var failures: Int
        package var promptTokens: Int
        package var completionTokens: Int
        package var seconds: Double
    }

    package struct IslandSummary: Codable, Sendable {
        package var name: String
        package var slots: Int
        package var cells: Int
        package var best: Contender?
    }

    package struct Contender: Codable, Sendable {
        package var id: CandidateID
        package var gain: Estimate
    }

    package struct Champion: Codable, Sendable {
        package var id: CandidateID
        package var searchGain: Estimate
        package var retestGain: Estimate
        package var heldoutGain: Estimate?
        package var source: String
        package var formula: String
        package var cost: Double
        package var finding: Finding?
    }

    package struct HeldoutRow: Codable, Sendable {
        package var candidate: CandidateID?
        package var name: String
        package var cost: Double
        package var gain: Estimate?
        /// How well it fits inside the training range, against GELU.
        package var inDistribution: Estimate?
        package var families: [String: Estimate]
        package var finding: Finding?
        /// Verdict name when there is no gain.
        package var verdict: String
    }
}
