import EvolveTypes
import Population

/// Who holds which cell of each island's archive.
package struct ArchiveMap: Codable, Sendable {
    package struct Holder: Codable, Sendable {
        package var id: CandidateID
        package var cell: ArchiveCell
        package var believed: Shrinkage.Belief
        package var cost: Double
        package var isSeed: Bool
    }

    package struct Island: Codable, Sendable {
        package var name: String
        package var slots: Int
        /// Best first.
        package var holders: [Holder]

        /// Of the cells with these slopes: the best holder, and how many are held; nil = none.
        package func field(
            left: ArchiveCell.Slope, right: ArchiveCell.Slope
        ) -> (best: Holder, held: Int)? {
            let here = holders.filter { $0.cell.left == left && $0.cell.right == right }
            return here.first.map { ($0, here.count) }
        }
    }

    package var islands: [Island]
    /// Cells that an archive has.
    package var cells: Int

    package init(_ population: PopulationState) {
        islands = population.islands.indices.map { index in
            let island = population.islands[index]
            let holders = population.archive(of: index).elites.map { elite in
                Holder(
                    id: elite.id, cell: elite.cell,
                    believed: Shrinkage.Belief(mean: elite.gain, deviation: elite.deviation), cost: elite.cost,
                    isSeed: elite.isSeed)
            }
            return Island(name: island.policy.name, slots: island.slots, holders: holders)
        }
        cells = ArchiveCell.count
    }
}

/// An `ArchiveMap` as tables: slope far left by slope far right.
package enum ArchiveText {
    package static func render(_ map: ArchiveMap, _ ink: Ink = .plain) -> String {
        var lines = [
            "Each field: the highest gain believed of anyone there, in dB, and how many of",
            "its \(ArchiveCell.countOfSlopes) cells (turning points × cost) are held. Rows: the slope of f far to the",
            "left; columns: far to the right. Slopes:",
            "\(ArchiveCell.Slope.limits).",
        ]
        for island in map.islands {
            lines += [
                "",
                ink.heading("island \(island.name)")
                    + ": \(Figures.count(island.slots)) slots, \(island.holders.count) of \(map.cells) cells held",
            ]
            var columns = Columns([.left] + [Columns.Alignment](repeating: .right, count: slopes.count))
            columns.add(["left \\ right"] + slopes.map(\.rawValue))
            for left in slopes {
                columns.add(
                    [left.rawValue]
                        + slopes.map { right in
                            guard let field = island.field(left: left, right: right) else { return ink.dim("·") }
                            return "\(Figures.gain(field.best.believed.mean)) (\(field.held))"
                        })
            }
            lines += SummaryText.indented(columns.lines)
            if let best = island.holders.first {
                lines.append("  best: candidate \(best.id), \(Figures.belief(best.believed)), \(words(best.cell))")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static let slopes = ArchiveCell.Slope.allCases

    /// A cell: slopes, turns and cost.
    package static func place(_ cell: ArchiveCell) -> String {
        "\(cell.left.rawValue) left, \(cell.right.rawValue) right, \(words(cell))"
    }

    static func words(_ cell: ArchiveCell) -> String {
        let turns =
            switch cell.oscillation {
            case .monotone: "monotone"
            case .one: "one turn"
            case .few: "few turns"
            case .many: "many turns"
            }
        return "\(turns), \(cell.cost.rawValue)"
    }
}
