import EvolveTypes

/// A niche of the MAP-Elites archive (Mouret and Clune 2015): how the function leaves on both sides, how often it turns,
/// what it costs.
package struct ArchiveCell: Hashable, Codable, Sendable {
    /// Coarse slope of f far from zero.
    package enum Slope: String, Codable, CaseIterable, Sendable {
        case falling, flat, gentle, unit, steep

        /// - Parameter slope: mean f′ on the far side, dimensionless.
        package init(_ slope: Double) {
            self = Self.bounds.first { slope < $0.below }?.slope ?? .steep
        }

        private static let bounds: [(slope: Slope, below: Double)] = [
            (.falling, -0.05), (.flat, 0.05), (.gentle, 0.75), (.unit, 1.25),
        ]

        /// "falling < -0.05 ≤ flat < …".
        package static var limits: String {
            bounds.map { "\($0.slope.rawValue) < \($0.below) ≤ " }.joined().replacing("-", with: "−")
                + Slope.steep.rawValue
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

    /// In how many respects two cells differ, 0 ... 4.
    package func distance(to other: ArchiveCell) -> Int {
        (left != other.left ? 1 : 0) + (right != other.right ? 1 : 0) + (oscillation != other.oscillation ? 1 : 0)
            + (cost != other.cost ? 1 : 0)
    }

    /// The cells that differ in one respect, in a fixed order.
    package var neighbours: [ArchiveCell] {
        Slope.allCases.map { ArchiveCell(left: $0, right: right, oscillation: oscillation, cost: cost) }
            .filter { $0 != self }
            + Slope.allCases.map { ArchiveCell(left: left, right: $0, oscillation: oscillation, cost: cost) }
            .filter { $0 != self }
            + Oscillation.allCases.map { ArchiveCell(left: left, right: right, oscillation: $0, cost: cost) }
            .filter { $0 != self }
            + CostClass.allCases.map { ArchiveCell(left: left, right: right, oscillation: oscillation, cost: $0) }
            .filter { $0 != self }
    }

    /// Cells that an archive has, and those of them with the same two slopes.
    package static let count = Slope.allCases.count * Slope.allCases.count * countOfSlopes
    package static let countOfSlopes = Oscillation.allCases.count * CostClass.allCases.count

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
