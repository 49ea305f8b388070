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
    /// What is measured.
    package var suite: Suite
    package var slots: Progress
    /// Which limit ended the search, in words; nil while it goes on.
    package var ended: String?
    /// Measurements of the verification; nil before it, and when it is over. How many there are in all is known when the re-tests
    /// are there: before, only these are counted.
    package var verification: Progress?
    package var proposals: [OperatorYield]
    /// Why proposals came to nothing: the most frequent reasons, those first.
    package var complaints: [Complaint]
    /// Of all models together.
    package var model: ModelUse
    /// Of each model that was asked, by name.
    package var models: [ModelSpend]
    /// What all models together may cost; nil = no limit.
    package var budget: Budget?
    /// How the bandit stands; empty without one.
    package var arms: [ArmState]
    package var islands: [IslandSummary]
    /// The new candidate (seed programs not counted) of which most is believed.
    package var best: Contender?
    package var champion: Champion?
    /// The best of each family by itself, in the families' alphabetical order.
    package var familyChampions: [Champion]
    /// What champions' verdicts rest on.
    package var findings: [Findings.Row]
    /// Whether the best known functions are those of the suite's table, and not of the run's own literature.
    package var rivalsAreTabled: Bool
    /// Held-out gains, champion first, then the literature in descending order.
    package var heldout: [HeldoutRow]
    /// Optimiser steps spent on candidates in the search.
    package var trainingSteps: Int

    package enum Phase: String, Codable, Sendable { case searching, verifying, complete }

    package struct Suite: Codable, Hashable, Sendable {
        package var name: String
        /// Tasks that are searched on, and those held out.
        package var search: Int
        package var heldout: Int
        /// In alphabetical order.
        package var families: [String]
    }

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

    package struct Complaint: Codable, Hashable, Sendable {
        package var verdict: String
        /// What was said first, without its numbers.
        package var reason: String
        package var count: Int
    }

    package struct ModelUse: Codable, Sendable {
        package var calls: Int
        package var failures: Int
        /// Sent to servers, failed ones included.
        package var requests: Int
        /// Requests that came to nothing and calls that were not made, by what went wrong.
        package var faults: [String: Int]
        package var promptTokens: Int
        package var completionTokens: Int
        package var seconds: Double
    }

    package struct ModelSpend: Codable, Sendable {
        package var name: String
        package var calls: Int
        package var failures: Int
        package var spend: Spend
        /// What it may cost; nil = no limit of its own.
        package var budget: Budget?
        /// True = it is not asked any more, because no budget covers one more call; else nil.
        package var isSpent: Bool?
    }

    /// An operator, and the model it asks.
    package struct ArmState: Codable, Sendable {
        package var variation: String
        package var model: String?
        /// Proposals, and the mean gain over their parents that is believed of them, dB: recent ones count more.
        package var slots: Double
        package var gain: Double
        /// Optimiser steps, or what is worth as many.
        package var cost: Double
        /// What its weight is multiplied by at present.
        package var factor: Double
    }

    package struct IslandSummary: Codable, Sendable {
        package var name: String
        package var slots: Int
        /// Held cells of the archive, and all that it has.
        package var cells: Int
        package var capacity: Int
        /// Elites by where they come from; together as many as the archive has.
        package var origins: Origins
        /// From each island that has sent elites.
        package var arrivals: [Arrivals]
        package var best: Contender?
    }

    package struct Origins: Codable, Hashable, Sendable {
        /// Seed programs.
        package var seeds: Int
        /// Proposed on the island itself.
        package var own: Int
        /// Proposed on others.
        package var others: Int
    }

    /// What migrations from one island have brought.
    package struct Arrivals: Codable, Hashable, Sendable {
        package var from: String
        /// Elites sent, and those of them that took a cell.
        package var came: Int
        package var settled: Int
    }

    package struct Contender: Codable, Sendable {
        package var id: CandidateID
        /// A seed program.
        package var isSeed: Bool
        /// Of the evaluation that it entered the population by: too high on average for whoever stands out.
        package var gain: Estimate
        /// From all its seeds and all that the run has tried: what it is ranked by.
        package var believed: Shrinkage.Belief
        /// Per search task.
        package var seeds: Int
    }

    package struct Champion: Codable, Sendable {
        package var id: CandidateID
        /// On whose tasks it is the best; nil = over all. All gains here are on these.
        package var family: String?
        package var searchGain: Estimate
        /// From all seeds on search tasks, re-tests included, and all that the run has tried.
        package var believed: Shrinkage.Belief
        package var retestGain: Estimate?
        /// At the suite's learning rate; of the champion over all only.
        package var heldoutGain: Estimate?
        package var source: String
        /// Functions that the run knows (literature, opponents, seed programs) and that are the same up to the scale and sign
        /// of input and output; nil = none.
        package var sameUpToScale: [String]?
        package var formula: String
        package var cost: Double
        /// Lines that the licences of models want shown, that wrote it or an ancestor of it; nil = none.
        package var attributions: [String]?
        /// Against GELU, corrected; see `Findings`.
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
