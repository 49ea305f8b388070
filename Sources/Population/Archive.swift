import EvolveTypes

/// A scored candidate of the run.
package struct Candidate: Hashable, Sendable {
    package var id: CandidateID
    package var source: String
    package var cost: Double
    package var cell: ArchiveCell
    /// True for a program of a seeds folder.
    package var isSeed: Bool
    /// Of its evaluation; what re-tests add is in `Beliefs`.
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
package struct Elite: Hashable, Sendable {
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

/// The elites of each cell, as things stand: made anew from all members whenever it is asked for, because what is believed
/// of a candidate changes, and whoever no longer holds its cell loses it to the next.
package struct Archive: Sendable {
    /// Best first.
    package private(set) var cells: [ArchiveCell: [Elite]]

    package init(_ members: [Elite], rule: CellRule = .best) {
        cells = Dictionary(grouping: members, by: \.cell).mapValues { members in
            let ranked = members.sorted(by: Elite.isBetter)
            guard rule == .pareto else { return Array(ranked.prefix(1)) }
            // Of those ranked before it, none may be as cheap.
            var cheapest = Double.infinity
            return ranked.filter { elite in
                defer { cheapest = min(cheapest, elite.cost) }
                return elite.cost < cheapest
            }
        }
    }

    /// All elites, best first.
    package var elites: [Elite] { cells.values.flatMap(\.self).sorted(by: Elite.isBetter) }

    package var best: Elite? { cells.values.compactMap(\.first).min(by: Elite.isBetter) }
}
