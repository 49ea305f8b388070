import Foundation

/// What one arm of the bandit is: an operator and, if it asks one, the model.
package struct Arm: Hashable, Codable, Sendable, Comparable {
    package var variation: VariationOperator
    package var model: String?

    package init(_ variation: VariationOperator, model: String? = nil) {
        self.variation = variation
        self.model = model
    }

    package static func < (left: Arm, right: Arm) -> Bool {
        (left.variation.rawValue, left.model ?? "") < (right.variation.rawValue, right.model ?? "")
    }
}

/// How far what operators and models have brought may change how often they are used.
package struct BanditPolicy: Codable, Hashable, Sendable {
    /// An arm's weight is at most multiplied, or divided, by this; from 1, which changes nothing.
    package var most: Double
    /// Slots after which a result counts half as much.
    package var memory: Double
    /// Optimiser steps that a token of a model without a price is worth, so that different costs can be added.
    package var stepsPerToken: Double
    /// Optimiser steps that a dollar is worth.
    package var stepsPerDollar: Double

    package init(most: Double, memory: Double, stepsPerToken: Double, stepsPerDollar: Double) {
        self.most = most
        self.memory = memory
        self.stepsPerToken = stepsPerToken
        self.stepsPerDollar = stepsPerDollar
    }
}

/// A bandit over arms by gain per cost: an arm's weight follows its rate against that of all arms, between bounds, so that
/// none is ever given up and one that has turned good is found out.
///
/// Its state is a function of the committed slots. An arm it has never seen stands at the rate of all, so arms may come and
/// go.
package struct Bandit: Sendable {
    package struct Tally: Codable, Hashable, Sendable {
        /// Slots, each counted the less the longer ago it was.
        package var slots = 0.0
        /// Decibels gained over parents.
        package var gain = 0.0
        /// Optimiser steps, or what is worth as many.
        package var cost = 0.0
    }

    package let policy: BanditPolicy
    package private(set) var tallies: [Arm: Tally] = [:]
    /// Slots at the average rate that every arm is taken to have had before its first.
    private static let prior = 30.0

    package init(_ policy: BanditPolicy) { self.policy = policy }

    /// Takes in what a slot came to.
    package mutating func learn(_ arm: Arm, gain: Double, cost: Double) {
        let keep = exp2(-1 / policy.memory)
        for key in tallies.keys {
            tallies[key]?.slots *= keep
            tallies[key]?.gain *= keep
            tallies[key]?.cost *= keep
        }
        tallies[arm, default: Tally()].slots += 1
        tallies[arm, default: Tally()].gain += gain
        tallies[arm, default: Tally()].cost += cost
    }

    /// What the arm's weight is multiplied by.
    package func factor(_ arm: Arm) -> Double {
        // In a fixed order: sums of floating-point numbers depend on it.
        let all = tallies.sorted { $0.key < $1.key }.reduce(Tally()) { sum, item in
            Tally(
                slots: sum.slots + item.value.slots, gain: sum.gain + item.value.gain, cost: sum.cost + item.value.cost)
        }
        guard all.gain > 0, all.cost > 0 else { return 1 }
        let own = tallies[arm] ?? Tally()
        let (meanGain, meanCost) = (all.gain / all.slots, all.cost / all.slots)
        let rate = (own.gain + Self.prior * meanGain) / (own.cost + Self.prior * meanCost)
        return min(policy.most, max(1 / policy.most, rate / (all.gain / all.cost)))
    }

    /// For a state that is kept.
    struct Entry: Codable, Sendable {
        var arm: Arm
        var tally: Tally
    }

    var entries: [Entry] { tallies.sorted { $0.key < $1.key }.map { Entry(arm: $0.key, tally: $0.value) } }

    mutating func restore(_ entries: [Entry]) {
        tallies = Dictionary(entries.map { ($0.arm, $0.tally) }, uniquingKeysWith: { first, _ in first })
    }
}
