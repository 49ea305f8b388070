import EvolveTypes
import Population

/// Those of which no cheaper candidate is believed to gain more.
package struct GainCostFront: Codable, Sendable {
    package struct Point: Codable, Sendable {
        package var id: CandidateID
        /// Operations per element.
        package var cost: Double
        package var believed: Shrinkage.Belief
        package var isSeed: Bool
        package var formula: String?
    }

    /// Cheapest first.
    package var points: [Point]

    /// Of the elites of all islands: an archive has a place for cheap ones.
    package init(_ population: PopulationState) {
        var elites: [CandidateID: Elite] = [:]
        for index in population.islands.indices {
            for elite in population.archive(of: index).elites { elites[elite.id] = elite }
        }
        var highest = -Double.infinity
        points = elites.values.sorted { ($0.cost, -$0.gain, $0.id) < ($1.cost, -$1.gain, $1.id) }.filter { elite in
            defer { highest = max(highest, elite.gain) }
            return elite.gain > highest
        }.map { elite in
            Point(
                id: elite.id, cost: elite.cost,
                believed: Shrinkage.Belief(mean: elite.gain, deviation: elite.deviation), isSeed: elite.isSeed,
                formula: CandidateCard.formula(of: elite.source))
        }
    }
}

package enum FrontText {
    package static func render(_ front: GainCostFront, _ ink: Ink = .plain) -> String {
        guard !front.points.isEmpty else { return "no candidate has been scored yet" }
        var columns = Columns([.right, .right, .left, .left])
        columns.add(["cost", "candidate", "believed gain", "formula"])
        for point in front.points {
            columns.add([
                Figures.cost(point.cost), "\(point.id)\(point.isSeed ? " (seed)" : "")", Figures.belief(point.believed),
                point.formula ?? "",
            ])
        }
        return
            ([
                ink.heading("Of the elites, those of which no cheaper one is believed to gain more") + " over GELU;",
                "cost: operations per element",
            ]
            + SummaryText.indented(columns.lines(width: 78)))
            .joined(separator: "\n")
    }
}
