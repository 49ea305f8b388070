import EvolveTypes

/// `Population`: who may breed, and what is kept. Pure and seeded: a `PopulationState` is a value that changes only by
/// `commit`, in slot order; `plan` draws from the stream it is given.
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
    private let rules: PopulationRules

    package init(islands: [IslandPolicy], rules: PopulationRules) {
        self.islands = islands.map { Island(policy: $0) }
        self.rules = rules
        beliefs = Beliefs(rule: rules.selection, families: rules.families)
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
        migrate(from: outcome.island)
    }

    /// What slot `slot` is to do, seen from the present state.
    /// - Parameters:
    ///   - pending: whose re-test is planned but not yet committed.
    ///   - tunable: the elites among those given whose constants may be tuned; asked only on islands that do so.
    package func plan(
        slot: Int, island: Int, pending: Set<CandidateID> = [], stream: inout RandomStream,
        tunable: ([Elite]) -> [Elite] = { $0 }
    ) -> SlotPlan {
        let policy = islands[island].policy
        let elites = breedingStock(of: island)
        if let retest = rules.retest, stream.uniform() < retest.share,
            let plan = retestPlan(slot, island, retest, elites, pending)
        {
            return plan
        }
        let tunes = policy.operators.contains { $0.kind == .constantTuning && $0.weight > 0 }
        let open = tunes ? tunable(elites) : []
        func stock(for kind: VariationOperator) -> [Elite] { kind == .constantTuning ? open : elites }
        let weights = policy.operators.map {
            Self.isPossible($0.kind, elites: stock(for: $0.kind).count) ? $0.weight : 0
        }
        let kind = stream.pick(weights: weights).map { policy.operators[$0].kind } ?? .modelRewrite
        let parents = policy.selection.choose(kind.parents(of: policy), from: stock(for: kind), stream: &stream)
        var plan = SlotPlan(slot: slot, island: island, variation: kind, parents: parents)
        plan.rivals = elites.prefix(rules.rivals).map { beliefs.evidence(of: $0.id) }
        return plan
    }

    /// Re-tests the elite that may be the best, as far as is known: highest belief and one standard deviation. More seeds make
    /// its deviation smaller, so that others get their turn.
    private func retestPlan(
        _ slot: Int, _ island: Int, _ policy: RetestPolicy, _ elites: [Elite], _ pending: Set<CandidateID>
    ) -> SlotPlan? {
        func seeds(_ elite: Elite) -> Int { beliefs.evidence(of: elite.id).seeds }
        let open = elites.filter { $0.deviation > 0 && seeds($0) < policy.most && !pending.contains($0.id) }
        guard let elite = open.max(by: { ($0.gain + $0.deviation, $1.id) < ($1.gain + $1.deviation, $0.id) }) else {
            return nil
        }
        var plan = SlotPlan(slot: slot, island: island, variation: .retest, parents: [elite])
        let first = seeds(elite)
        plan.seeds = first..<min(first + policy.seeds, policy.most)
        return plan
    }

    private static func isPossible(_ kind: VariationOperator, elites: Int) -> Bool {
        switch kind {
        case .seed, .retest: false
        case .modelRewrite: true
        case .treeMutation, .constantTuning: elites >= 1
        case .treeCrossover: elites >= 2
        }
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

    package init(
        migrates: Bool, migrationInterval: Int, selection: SelectionRule = .mean, cells: CellRule = .best,
        families: [String], retest: RetestPolicy? = nil, rivals: Int = 0
    ) {
        self.migrates = migrates
        self.migrationInterval = migrationInterval
        self.selection = selection
        self.cells = cells
        self.families = families
        self.retest = retest
        self.rivals = rivals
    }
}

/// One island: its policy, its candidates, and how many slots it has committed.
package struct Island: Sendable {
    package let policy: IslandPolicy
    package internal(set) var members: Set<CandidateID> = []
    package internal(set) var slots = 0
}
