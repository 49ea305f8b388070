import EvolveTypes

/// A scored candidate of the run.
package struct Candidate: Hashable, Sendable {
    package var id: CandidateID
    package var source: String
    package var cost: Double
    package var cell: ArchiveCell
    /// True for a program of a seeds folder.
    package var isSeed: Bool
    /// Of its evaluation and, once it is part of a population, of re-tests.
    package var evidence: Evidence

    package init(
        id: CandidateID, source: String, cost: Double, cell: ArchiveCell, isSeed: Bool, evidence: Evidence
    ) {
        self.id = id
        self.source = source
        self.cost = cost
        self.cell = cell
        self.isSeed = isSeed
        self.evidence = evidence
    }
}

/// A candidate that may become a parent, with what is believed of it at the moment.
package struct Elite: Codable, Hashable, Sendable {
    package var id: CandidateID
    package var source: String
    /// What the suite ranks by, as far as it may be believed: posterior mean and standard deviation, decibels.
    package var gain: Double
    package var deviation: Double
    package var cost: Double
    package var cell: ArchiveCell
    package var isSeed: Bool

    package init(
        id: CandidateID, source: String, gain: Double, deviation: Double = 0, cost: Double, cell: ArchiveCell,
        isSeed: Bool
    ) {
        self.id = id
        self.source = source
        self.gain = gain
        self.deviation = deviation
        self.cost = cost
        self.cell = cell
        self.isSeed = isSeed
    }

    init(_ candidate: Candidate, _ belief: Shrinkage.Belief) {
        self.init(
            id: candidate.id, source: candidate.source, gain: belief.mean, deviation: belief.deviation,
            cost: candidate.cost, cell: candidate.cell, isSeed: candidate.isSeed)
    }

    /// Strict total order: higher gain, then lower cost, then the earlier candidate.
    package static func isBetter(_ a: Elite, _ b: Elite) -> Bool {
        if a.gain != b.gain { return a.gain > b.gain }
        if a.cost != b.cost { return a.cost < b.cost }
        return a.id < b.id
    }
}

/// The elites of each cell, as things stand.
package struct Archive: Sendable {
    /// Best first.
    package private(set) var cells: [ArchiveCell: [Elite]]

    init(_ cells: [ArchiveCell: [Elite]]) { self.cells = cells }

    /// Of candidates in any order.
    package init(_ members: [Elite], rule: CellRule = .best) {
        cells = Dictionary(grouping: members, by: \.cell).mapValues { members in
            var ranking = Ranking(depth: .max, isPareto: rule == .pareto)
            for elite in members { _ = ranking.insert(Rank(gain: elite.gain, cost: elite.cost, id: elite.id)) }
            let front = Set(ranking.front.map(\.id))
            return members.filter { front.contains($0.id) }.sorted(by: Elite.isBetter)
        }
    }

    /// All elites, best first.
    package var elites: [Elite] { cells.values.flatMap(\.self).sorted(by: Elite.isBetter) }

    package var best: Elite? { cells.values.compactMap(\.first).min(by: Elite.isBetter) }
}
