import EvolveTypes

/// One island: its policy, the candidates it remembers, and how many slots it has committed.
package struct Island: Sendable {
    package let policy: IslandPolicy
    package internal(set) var slots = 0
    /// The best of each cell of its archive.
    var cells: [ArchiveCell: Ranking] = [:]
    /// The best of each title but the first, which the cells see to.
    var leaders: [Ranking]
    /// Its seed programs.
    var seeds: [CandidateID] = []
    /// Those that joined it last, latest first.
    var latest: [CandidateID] = []
    /// Bytes of the longest program that has joined it.
    package internal(set) var longestSource = 0
    /// By the island that sent them.
    package private(set) var arrivals: [Int: Arrivals] = [:]
    private let rule: CellRule

    /// Of a cell, and of a title.
    private static let depth = 8
    /// Candidates that a sequential search goes on from.
    static let latestCount = 8

    init(policy: IslandPolicy, rule: CellRule, titles: Int) {
        self.policy = policy
        self.rule = rule
        leaders = (1..<titles).map { _ in Ranking(depth: Self.depth) }
    }

    /// Everyone it remembers, in ascending order.
    package var members: [CandidateID] {
        Set(cells.values.flatMap(\.ids) + leaders.flatMap(\.ids) + seeds + latest).sorted()
    }

    package var isEmpty: Bool { cells.isEmpty }

    /// What migrations brought from one island.
    package struct Arrivals: Codable, Hashable, Sendable {
        /// Elites sent.
        package var came = 0
        /// Of these, those that took a cell which was empty or held by a worse one.
        package var settled = 0
    }

    /// Whether the candidate is an elite of its cell.
    func isHeld(by candidate: Candidate) -> Bool {
        cells[candidate.cell]?.front.contains { $0.id == candidate.id } == true
    }

    /// Takes in whom another island sends.
    /// - Returns: as `admit`.
    mutating func receive(_ standing: Standing, from sender: Int) -> (joined: Int, fallen: [CandidateID]) {
        let wasHeld = isHeld(by: standing.candidate)
        let change = admit(standing)
        arrivals[sender, default: Arrivals()].came += 1
        if !wasHeld, isHeld(by: standing.candidate) { arrivals[sender]?.settled += 1 }
        return change
    }

    /// Of all its cells.
    var best: Rank? { cells.values.compactMap(\.ranks.first).min() }

    /// Takes a candidate in, wherever it is good enough.
    /// - Returns: how many lists name it more than before, and who fell out of one, once for each.
    mutating func admit(_ standing: Standing) -> (joined: Int, fallen: [CandidateID]) {
        let candidate = standing.candidate
        longestSource = max(longestSource, candidate.source.utf8.count)
        var joined = 0
        var fallen: [CandidateID] = []
        func enter(_ ranking: inout Ranking, _ rank: Rank?) {
            guard let rank, !ranking.contains(rank.id) else { return }
            joined += 1
            fallen += ranking.insert(rank)
        }
        if let rank = standing.rank() {
            enter(&cells[candidate.cell, default: Ranking(depth: Self.depth, isPareto: rule == .pareto)], rank)
        }
        for title in leaders.indices { enter(&leaders[title], standing.rank(title + 1)) }
        if candidate.isSeed, !seeds.contains(candidate.id) {
            seeds.append(candidate.id)
            joined += 1
        }
        if !latest.contains(candidate.id) {
            latest.insert(candidate.id, at: latest.firstIndex { $0 < candidate.id } ?? latest.count)
            joined += 1
            if latest.count > Self.latestCount { fallen.append(latest.removeLast()) }
        }
        return (joined, fallen)
    }

    /// Forgets everyone but the seed programs, which have to be admitted anew.
    /// - Returns: who was in a list, once for each.
    mutating func clear() -> [CandidateID] {
        defer {
            cells = [:]
            leaders = leaders.map { Ranking(depth: $0.depth, isPareto: $0.isPareto) }
            latest = []
        }
        return cells.values.flatMap(\.ids) + leaders.flatMap(\.ids) + latest
    }

    /// A candidate that breeds no more.
    mutating func expel(_ candidate: Candidate) {
        cells[candidate.cell]?.remove(candidate.id)
        if cells[candidate.cell]?.ranks.isEmpty == true { cells[candidate.cell] = nil }
        for title in leaders.indices { leaders[title].remove(candidate.id) }
        seeds.removeAll { $0 == candidate.id }
        latest.removeAll { $0 == candidate.id }
    }

    /// More is known of one candidate.
    /// - Returns: who fell out of a list, once for each.
    mutating func move(_ standing: Standing) -> [CandidateID] {
        let candidate = standing.candidate
        var fallen: [CandidateID] = []
        func renew(_ ranking: inout Ranking, _ rank: Rank?) {
            guard let rank, ranking.remove(rank.id) else { return }
            fallen += ranking.insert(rank)
        }
        if var cell = cells[candidate.cell] {
            renew(&cell, standing.rank())
            cells[candidate.cell] = cell
        }
        for title in leaders.indices { renew(&leaders[title], standing.rank(title + 1)) }
        return fallen
    }

    /// Other things are believed of everyone.
    mutating func sort(_ rank: (CandidateID, Int) -> Rank?) {
        for cell in cells.keys { cells[cell]?.sort { rank($0, 0) } }
        for title in leaders.indices { leaders[title].sort { rank($0, title + 1) } }
    }

    struct Image: Codable, Sendable {
        struct Cell: Codable {
            var cell: ArchiveCell
            var ids: [CandidateID]
        }

        var slots: Int
        /// Best first.
        var cells: [Cell]
        var leaders: [[CandidateID]]
        var seeds: [CandidateID]
        var latest: [CandidateID]
        var longestSource: Int
        var arrivals: [Int: Arrivals]
    }

    var image: Image {
        Image(
            slots: slots,
            cells: cells.filter { !$0.value.ranks.isEmpty }.sorted { $0.value.ranks[0] < $1.value.ranks[0] }
                .map { Image.Cell(cell: $0.key, ids: $0.value.ids) },
            leaders: leaders.map(\.ids), seeds: seeds, latest: latest, longestSource: longestSource,
            arrivals: arrivals)
    }

    /// - Parameter rank: of a candidate, under a title.
    mutating func restore(_ image: Image, _ rank: (CandidateID, Int) -> Rank?) {
        slots = image.slots
        for cell in image.cells {
            var ranking = Ranking(depth: Self.depth, isPareto: rule == .pareto)
            ranking.restore(cell.ids) { rank($0, 0) }
            cells[cell.cell] = ranking
        }
        for (title, ids) in zip(leaders.indices, image.leaders) {
            leaders[title].restore(ids) { rank($0, title + 1) }
        }
        seeds = image.seeds
        latest = image.latest
        longestSource = image.longestSource
        arrivals = image.arrivals
    }
}
