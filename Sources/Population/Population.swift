import EvolveTypes

/// `Population`: who may breed, and what is kept. Pure and seeded: a `PopulationState` is a value that changes only by
/// `commit`, in slot order; `plan` (Planning.swift) draws from the stream it is given.
///
/// A candidate stands by what is believed of its gain (`Beliefs`), not by the number that made it look good: slots that
/// re-test an elite bring more evidence, and who no longer holds its cell loses it.
///
/// Invariants (tested as properties):
/// - Only a scored candidate is ever an elite or a parent; a failure is never either.
/// - Each archive cell of an island is held by the candidate of that island and cell with the highest believed gain among
///   those remembered: the eight best of a cell, and whoever another list names (`Island`). So a commit costs the same, and
///   the state takes as much memory, after a million candidates as after a thousand.
/// - Without migration, an island's elites were committed by that island (or by an equal candidate of another).
/// - The same commits in the same order give the same state, whatever the workers did.
/// Not here: how a program is written (Mutation) or measured (Evaluation).
package struct PopulationState: Sendable {
    package private(set) var islands: [Island]
    private var beliefs: Beliefs
    /// Who is remembered, by id.
    private var standings: [CandidateID: Standing] = [:]
    /// Of each title, the best scored proposals.
    private var leaders: [Ranking]
    let rules: PopulationRules
    /// nil = an operator's weight stays what the island says.
    package private(set) var bandit: Bandit?
    /// What was proposed how often: one for all islands or, where nothing migrates, one each. None where no island asks.
    private var tallies: [MotifTally] = []

    package init(islands: [IslandPolicy], rules: PopulationRules) {
        let beliefs = Beliefs(rule: rules.selection, families: rules.families)
        self.beliefs = beliefs
        self.rules = rules
        self.islands = islands.map { Island(policy: $0, rule: rules.cells, titles: beliefs.titles.count) }
        leaders = beliefs.titles.map { _ in Ranking(depth: max(rules.contenders, 1)) }
        bandit = rules.bandit.map { Bandit($0) }
        guard islands.contains(where: \.countsMotifs) else { return }
        let isShared = rules.topology != .isolated && rules.migrationInterval > 0
        tallies = Array(repeating: MotifTally(), count: isShared ? 1 : islands.count)
    }

    /// nil = nothing is counted.
    package func tally(of island: Int) -> MotifTally? { tallies.isEmpty ? nil : tallies[island % tallies.count] }

    package var countsMotifs: Bool { !tallies.isEmpty }

    /// Families of the search tasks, in alphabetical order.
    package var families: [String] { beliefs.families }

    /// Candidates worth a re-test: scored proposals (no seed programs), best first, the cheaper and earlier on ties. No more
    /// than the rules say are remembered.
    /// - Parameter family: whose gains count; nil = all.
    package func contenders(_ count: Int, family: String? = nil) -> [Elite] {
        guard let title = beliefs.titles.firstIndex(of: family) else { return [] }
        return leaders[title].ids.prefix(count).compactMap { standings[$0]?.elite(title) }
    }

    package func archive(of island: Int) -> Archive {
        Archive(islands[island].cells.mapValues { elites($0.front.map(\.id)) })
    }

    /// Who may breed on the island: the elites of its cells and the best of each family; as long as it has none, those of
    /// all islands. Best first.
    package func breedingStock(of island: Int) -> [Elite] {
        if islands[island].isEmpty { return commonStock }
        let holders = Set(islands[island].cells.values.flatMap(\.front))
        let specialists = islands[island].leaders.compactMap { $0.ids.first.flatMap { standings[$0]?.rank() } }
        return elites(holders.union(specialists).sorted().map(\.id))
    }

    /// As if all islands were one.
    private var commonStock: [Elite] {
        let members = Set(islands.flatMap(\.members)).sorted()
        let archive = Archive(elites(members), rule: rules.cells)
        let specialists = beliefs.titles.indices.dropFirst().compactMap { title in
            members.compactMap { standings[$0]?.rank(title) }.min()?.id
        }
        let holders = archive.elites
        return (holders + elites(Set(specialists).subtracting(holders.map(\.id)))).sorted(by: Elite.isBetter)
    }

    /// Whose programs a new one may be made from; best first.
    /// - Parameter elites: the island's breeding stock.
    func stock(of island: Int, elites: [Elite]) -> [Elite] {
        switch islands[island].policy.selection.pool {
        case .elites: elites
        case .seeds: self.elites(islands[island].seeds).sorted(by: Elite.isBetter)
        case .latest: self.elites(islands[island].latest).sorted(by: Elite.isBetter)
        }
    }

    /// nil for who is no scored candidate, or not remembered any more.
    package func elite(_ id: CandidateID, family: String? = nil) -> Elite? {
        beliefs.titles.firstIndex(of: family).flatMap { standings[id]?.elite($0) }
    }

    /// Donors of tail grafts are not among them: `donors`.
    package func remembers(_ id: CandidateID) -> Bool { standings[id] != nil }

    /// Who may be a parent though no list names it.
    package var donors: Set<CandidateID> { Set(tallies.flatMap(\.donors)) }

    /// Candidates that are remembered: no more than the archives and lists name.
    package var remembered: Int { standings.count }

    /// All that has been measured of a candidate that is remembered.
    package func evidence(of id: CandidateID) -> Evidence { standings[id]?.candidate.evidence ?? Evidence() }

    private func elites(_ ids: some Sequence<CandidateID>) -> [Elite] { ids.compactMap { standings[$0]?.elite() } }

    /// Takes in the outcome of the next slot.
    package mutating func commit(_ outcome: SlotOutcome) {
        switch outcome.standing {
        case .scored(let candidate): score(candidate, on: outcome.island)
        case .racedOut(let evidence):
            if beliefs.learn(evidence, of: outcome.slot) { believeAnew() }
        case .retested(let id, let evidence): learn(evidence, of: id)
        case .lost(let id): lose(id)
        case .equal(let original):
            // The island found on its own what another one had: it may breed from it, too.
            admit(original, on: outcome.island)
        case .failed: break
        }
        islands[outcome.island].slots += 1
        if let arm = outcome.arm {
            let gain = gain(of: outcome)
            bandit?.learn(arm, gain: gain, cost: outcome.cost)
        }
        count(outcome)
        migrate(from: outcome.island)
        reset()
    }

    /// Further gains of a candidate; of one that is forgotten they change nothing.
    package mutating func learn(_ evidence: Evidence, of id: CandidateID) {
        guard var standing = standings[id] else { return }
        let former = standing.candidate.evidence
        standing.candidate.evidence.add(evidence)
        let changesAll = beliefs.learn(standing.candidate.evidence, of: id, former: former)
        standing.read(beliefs)
        standings[id] = standing
        if changesAll { return believeAnew() }
        var fallen = islands.indices.flatMap { islands[$0].move(standing) }
        for tally in tallies.indices { tallies[tally].renew { $0 == id ? standing.elite() : nil } }
        for title in leaders.indices {
            guard leaders[title].remove(id), let rank = standing.rank(title) else { continue }
            fallen += leaders[title].insert(rank)
        }
        release(fallen)
    }

    private mutating func score(_ candidate: Candidate, on island: Int) {
        let changesAll = beliefs.learn(candidate.evidence, of: candidate.id)
        var standing = Standing(candidate)
        standing.read(beliefs)
        // Held while it is looked at, so that one who is good enough nowhere is forgotten at once.
        standing.places = 1
        standings[candidate.id] = standing
        if changesAll { believeAnew() }
        admit(candidate.id, on: island)
        if !candidate.isSeed { contend(candidate.id) }
        release([candidate.id])
    }

    private mutating func admit(_ id: CandidateID, on island: Int) {
        guard let standing = standings[id] else { return }
        joined(id, islands[island].admit(standing))
    }

    private mutating func joined(_ id: CandidateID, _ change: (joined: Int, fallen: [CandidateID])) {
        standings[id]?.places += change.joined
        release(change.fallen)
    }

    private mutating func contend(_ id: CandidateID) {
        for title in leaders.indices {
            guard let rank = standings[id]?.rank(title) else { continue }
            let fallen = leaders[title].insert(rank)
            standings[id]?.places += 1
            release(fallen)
        }
    }

    private mutating func release(_ fallen: [CandidateID]) {
        for id in fallen {
            standings[id]?.places -= 1
            if standings[id]?.places == 0 { standings[id] = nil }
        }
    }

    private mutating func lose(_ id: CandidateID) {
        // A donor may be one that is remembered nowhere else.
        for tally in tallies.indices { tallies[tally].lose(id) }
        guard let candidate = standings.removeValue(forKey: id)?.candidate else { return }
        for island in islands.indices { islands[island].expel(candidate) }
        for title in leaders.indices { leaders[title].remove(id) }
    }

    /// The beliefs have been fitted anew.
    private mutating func believeAnew() {
        for id in standings.keys { standings[id]?.believe(beliefs) }
        let known = standings
        for island in islands.indices { islands[island].sort { known[$0]?.rank($1) } }
        for title in leaders.indices { leaders[title].sort { known[$0]?.rank(title) } }
        for tally in tallies.indices { tallies[tally].renew { known[$0]?.elite() } }
    }

    /// What was proposed, and what came of it.
    private mutating func count(_ outcome: SlotOutcome) {
        guard let motifs = outcome.motifs, !tallies.isEmpty else { return }
        let tally = outcome.island % tallies.count
        func belief(_ evidence: Evidence) -> Shrinkage.Belief? { beliefs.beliefs(beliefs.readings(evidence))[0] }
        func gain(_ belief: Shrinkage.Belief?) -> Double? { belief.map { $0.mean - (outcome.parentGain ?? 0) } }
        switch outcome.standing {
        case .scored(let candidate):
            let belief = belief(candidate.evidence)
            tallies[tally].add(
                motifs, gain: gain(belief), donor: belief.map { Elite(candidate, $0) }, isProposal: !candidate.isSeed)
        case .racedOut(let evidence):
            tallies[tally].add(motifs, gain: gain(belief(evidence)), donor: nil, isProposal: true)
        case .equal, .failed: tallies[tally].add(motifs, gain: nil, donor: nil, isProposal: true)
        case .retested, .lost: break
        }
    }

    /// Decibels that the slot's candidate is believed to gain over its best parent, 0 ... 3: one lucky find does not rule.
    private func gain(of outcome: SlotOutcome) -> Double {
        guard case .scored(let candidate) = outcome.standing,
            let belief = beliefs.beliefs(beliefs.readings(candidate.evidence))[0]
        else { return 0 }
        return min(3, max(0, belief.mean - (outcome.parentGain ?? 0)))
    }

    private mutating func migrate(from island: Int) {
        guard rules.migrationInterval > 0, islands[island].slots.isMultiple(of: rules.migrationInterval),
            let best = islands[island].best
        else { return }
        for receiver in rules.topology.receivers(from: island, of: islands.count) {
            guard let standing = standings[best.id] else { continue }
            joined(best.id, islands[receiver].receive(standing, from: island))
        }
    }

    /// The worse half of the islands forgets all but its seed programs, and goes on from the best of the better half: the
    /// worst island from the best one's, and so on.
    private mutating func reset() {
        guard rules.resetInterval > 0, islands.count > 1,
            islands.reduce(0, { $0 + $1.slots }).isMultiple(of: rules.resetInterval)
        else { return }
        let order = islands.indices.compactMap { index in islands[index].best.map { (index, $0) } }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        // An island that has nothing yet is no worse than it will be.
        for (place, worse) in order.suffix(order.count / 2).reversed().enumerated() {
            let fallen = islands[worse.0].clear()
            for id in islands[worse.0].seeds + [order[place].1.id] { admit(id, on: worse.0) }
            release(fallen)
        }
    }
}

// MARK: - Kept between sessions

extension PopulationState {
    /// All that commits have made of it.
    package struct Image: Codable, Sendable {
        var islands: [Island.Image]
        var beliefs: Beliefs
        var standings: PackedStandings
        var leaders: [[CandidateID]]
        var bandit: [Bandit.Entry]
        /// nil = nothing is counted.
        var tallies: [MotifTally]?
    }

    package var image: Image {
        Image(
            islands: islands.map(\.image), beliefs: beliefs,
            standings: PackedStandings(standings.values.sorted { $0.candidate.id < $1.candidate.id }),
            leaders: leaders.map(\.ids), bandit: bandit?.entries ?? [], tallies: tallies.isEmpty ? nil : tallies)
    }

    package init(islands: [IslandPolicy], rules: PopulationRules, image: Image) {
        self.init(islands: islands, rules: rules)
        beliefs = image.beliefs
        for var standing in image.standings.standings {
            standing.believe(beliefs)
            standings[standing.candidate.id] = standing
        }
        let known = standings
        for (index, island) in zip(self.islands.indices, image.islands) {
            self.islands[index].restore(island) { known[$0]?.rank($1) }
        }
        for (title, ids) in zip(leaders.indices, image.leaders) {
            leaders[title].restore(ids) { known[$0]?.rank(title) }
        }
        bandit?.restore(image.bandit)
        if let kept = image.tallies, kept.count == tallies.count { tallies = kept }
    }
}

/// What holds on every island.
package struct PopulationRules: Sendable {
    package var topology: Topology
    /// An island's own slots between two migrations; 0 = never.
    package var migrationInterval: Int
    /// Slots of all islands between two resets; 0 = never.
    package var resetInterval: Int
    package var selection: SelectionRule
    package var cells: CellRule
    /// The family of each search task of the suite.
    package var families: [String]
    /// nil = never.
    package var retest: RetestPolicy?
    /// Elites that a new candidate races against.
    package var rivals: Int
    /// nil = operators are used as often as the islands say.
    package var bandit: BanditPolicy?
    /// Of each title, the best that are remembered for verification.
    package var contenders: Int

    package init(
        topology: Topology, migrationInterval: Int, resetInterval: Int = 0, selection: SelectionRule = .mean,
        cells: CellRule = .best,
        families: [String], retest: RetestPolicy? = nil, rivals: Int = 0, bandit: BanditPolicy? = nil,
        contenders: Int = 8
    ) {
        self.topology = topology
        self.migrationInterval = migrationInterval
        self.resetInterval = resetInterval
        self.selection = selection
        self.cells = cells
        self.families = families
        self.retest = retest
        self.rivals = rivals
        self.bandit = bandit
        self.contenders = contenders
    }
}
