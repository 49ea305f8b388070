import EvolveTypes

/// A niche of the MAP-Elites archive (Mouret and Clune 2015): how the function leaves on both sides, how often it turns,
/// what it costs.
package struct ArchiveCell: Hashable, Codable, Sendable {
    /// Coarse slope of f far from zero.
    package enum Slope: String, Codable, CaseIterable, Sendable {
        case falling, flat, gentle, unit, steep

        /// - Parameter slope: mean f′ on the far side, dimensionless.
        package init(_ slope: Double) {
            switch slope {
            case ..<(-0.05): self = .falling
            case ..<0.05: self = .flat
            case ..<0.75: self = .gentle
            case ..<1.25: self = .unit
            default: self = .steep
            }
        }
    }

    /// Turning points of f on the range where pre-activations live.
    package enum Oscillation: String, Codable, CaseIterable, Sendable {
        case monotone, one, few, many

        package init(turns: Int) {
            switch turns {
            case 0: self = .monotone
            case 1: self = .one
            case 2...3: self = .few
            default: self = .many
            }
        }
    }

    package enum CostClass: String, Codable, CaseIterable, Sendable {
        case cheap, moderate, dear

        /// - Parameter cost: operations per element.
        package init(cost: Double) {
            switch cost {
            case ..<16: self = .cheap
            case ..<60: self = .moderate
            default: self = .dear
            }
        }
    }

    package var left: Slope
    package var right: Slope
    package var oscillation: Oscillation
    package var cost: CostClass

    package init(_ behaviour: BehaviourDescriptor, cost: Double) {
        self.init(
            left: Slope(behaviour.leftSlope), right: Slope(behaviour.rightSlope),
            oscillation: Oscillation(turns: behaviour.turns), cost: CostClass(cost: cost))
    }

    package init(left: Slope, right: Slope, oscillation: Oscillation, cost: CostClass) {
        self.left = left
        self.right = right
        self.oscillation = oscillation
        self.cost = cost
    }
}
