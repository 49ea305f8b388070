import EvolveTypes

/// `Population`: who may breed, and what is kept. Pure and seeded: a `PopulationState` is a value that changes only by
/// `commit`, in slot order; `plan` (Planning.swift) draws from the stream it is given.
///
/// A candidate stands by what is believed of its gain (`Beliefs`), not by the number that made it look good: slots that
/// re-test an elite bring more evidence, and who no longer holds its cell loses it.
///
/// Invariants (tested as properties):
/// - Only a scored candidate is ever an elite or a parent; a failure is never either.
/// - Each archive cell of an island is held by the candidate of that island and cell with the highest believed gain.
/// - Without migration, an island's elites were committed by that island (or by an equal candidate of another).
/// - The same commits in the same order give the same state, whatever the workers did.
/// Not here: how a program is written (Mutation) or measured (Evaluation).
package struct PopulationState: Sendable {
    package private(set) var islands: [Island]
    package private(set) var beliefs: Beliefs
    /// First committed candidate of each behaviour.
    private var firstWithBehaviour: [String: CandidateID] = [:]
    /// Candidates that were scored, by id: what duplicates and migrants stand for.
    private var scored: [CandidateID: Candidate] = [:]
    let rules: PopulationRules
    /// nil = an operator's weight stays what the island says.
    package private(set) var bandit: Bandit?

    package init(islands: [IslandPolicy], rules: PopulationRules) {
        self.islands = islands.map { Island(policy: $0) }
        self.rules = rules
        beliefs = Beliefs(rule: rules.selection, families: rules.families)
        bandit = rules.bandit.map { Bandit($0) }
    }

    /// The earlier candidate that behaves the same, if any has been committed.
    package func candidate(withBehaviour fingerprint: String) -> CandidateID? { firstWithBehaviour[fingerprint] }

    /// Candidates worth a re-test: scored proposals (no seed programs), best first, the cheaper and earlier on ties.
    /// - Parameter family: whose gains count; nil = all.
    package func contenders(_ count: Int, family: String? = nil) -> [Elite] {
        Array(elites(of: scored.keys, family: family).filter { !$0.isSeed }.sorted(by: Elite.isBetter).prefix(count))
    }

    package func archive(of island: Int) -> Archive {
        Archive(elites(of: islands[island].members), rule: rules.cells)
    }

    /// Who may breed on the island: the elites of its cells and the best of each family; as long as it has none, those of
    /// all islands. Best first.
    package func breedingStock(of island: Int) -> [Elite] {
        let own = stock(of: islands[island].members)
        return own.isEmpty ? stock(of: Set(islands.flatMap(\.members))) : own
    }

    /// Whose programs a new one may be made from; best first.
    /// - Parameter elites: the island's breeding stock.
    func stock(of island: Int, elites: [Elite]) -> [Elite] {
        let members = islands[island].members
        switch islands[island].policy.selection.pool {
        case .elites: return elites
        case .seeds: return self.elites(of: members).filter(\.isSeed).sorted(by: Elite.isBetter)
        case .latest:
            let latest = self.elites(of: members).sorted { $0.id > $1.id }
            return latest.prefix(Self.latest).sorted(by: Elite.isBetter)
        }
    }

    /// Bytes of the longest program that may be shown to a model on the island.
    package func longestSource(on island: Int) -> Int {
        islands[island].members.reduce(0) { max($0, scored[$1]?.source.utf8.count ?? 0) }
    }

    /// Candidates that a sequential search goes on from.
    private static let latest = 8

    /// nil for who is no scored candidate (any more).
    package func elite(_ id: CandidateID) -> Elite? { elites(of: [id]).first }

    private func stock(of members: Set<CandidateID>) -> [Elite] {
        let archive = Archive(elites(of: members), rule: rules.cells)
        var stock = archive.elites
        for family in beliefs.families {
            guard let best = elites(of: members, family: family).min(by: Elite.isBetter),
                !stock.contains(where: { $0.id == best.id })
            else { continue }
            stock += elites(of: [best.id])
        }
        return stock.sorted(by: Elite.isBetter)
    }

    private func elites(of ids: some Sequence<CandidateID>, family: String? = nil) -> [Elite] {
        ids.compactMap { id in
            guard let candidate = scored[id], let belief = beliefs.belief(of: id, for: family) else { return nil }
            return Elite(candidate, belief)
        }
    }

    /// Takes in the outcome of the next slot.
    package mutating func commit(_ outcome: SlotOutcome) {
        if let fingerprint = outcome.fingerprint, firstWithBehaviour[fingerprint] == nil {
            firstWithBehaviour[fingerprint] = outcome.slot
        }
        switch outcome.standing {
        case .scored(let candidate):
            scored[candidate.id] = candidate
            beliefs.learn(candidate.evidence, of: candidate.id)
            islands[outcome.island].members.insert(candidate.id)
        case .racedOut(let evidence):
            beliefs.learn(evidence, of: outcome.slot)
        case .retested(let id, let evidence):
            beliefs.learn(evidence, of: id)
        case .lost(let id):
            scored[id] = nil
        case .equal(let original):
            // The island found on its own what another one had: it may breed from it, too.
            if scored[original] != nil { islands[outcome.island].members.insert(original) }
        case .failed:
            break
        }
        islands[outcome.island].slots += 1
        if let arm = outcome.arm {
            let gain = gain(of: outcome)
            bandit?.learn(arm, gain: gain, cost: outcome.cost)
        }
        migrate(from: outcome.island)
    }

    /// Decibels that the slot's candidate is believed to gain over its best parent, 0 ... 3: one lucky find does not rule.
    private func gain(of outcome: SlotOutcome) -> Double {
        guard case .scored(let candidate) = outcome.standing, let belief = beliefs.belief(of: candidate.id) else {
            return 0
        }
        return min(3, max(0, belief.mean - (outcome.parentGain ?? 0)))
    }

    private mutating func migrate(from island: Int) {
        guard rules.migrates, rules.migrationInterval > 0, islands.count > 1 else { return }
        guard islands[island].slots.isMultiple(of: rules.migrationInterval) else { return }
        guard let best = archive(of: island).best else { return }
        islands[(island + 1) % islands.count].members.insert(best.id)
    }
}

/// What holds on every island.
package struct PopulationRules: Sendable {
    /// Whether elites travel round the ring.
    package var migrates: Bool
    /// An island's own slots between two migrations; 0 = never.
    package var migrationInterval: Int
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

    package init(
        migrates: Bool, migrationInterval: Int, selection: SelectionRule = .mean, cells: CellRule = .best,
        families: [String], retest: RetestPolicy? = nil, rivals: Int = 0, bandit: BanditPolicy? = nil
    ) {
        self.migrates = migrates
        self.migrationInterval = migrationInterval
        self.selection = selection
        self.cells = cells
        self.families = families
        self.retest = retest
        self.rivals = rivals
        self.bandit = bandit
    }
}

/// One island: its policy, its candidates, and how many slots it has committed.
package struct Island: Sendable {
    package let policy: IslandPolicy
    package internal(set) var members: Set<CandidateID> = []
    package internal(set) var slots = 0
}
