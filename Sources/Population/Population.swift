import EvolveTypes

/// `Population`: who may breed, and what is kept. Pure and seeded: a `PopulationState` is a value that changes only by
/// `commit`, in slot order; `plan` draws from the stream it is given.
///
/// Invariants (tested as properties):
/// - Only a scored candidate is ever an elite or a parent; a failure is never either.
/// - Each archive cell of an island holds the best candidate that island has seen in that cell.
/// - Without migration, an island's elites were committed by that island (or by an equal candidate of another).
/// - The same commits in the same order give the same state, whatever the workers did.
/// Not here: how a program is written (Mutation) or measured (Evaluation).
package struct PopulationState: Sendable {
    package private(set) var islands: [Island]
    /// First committed candidate of each behaviour.
    private var firstWithBehaviour: [String: CandidateID] = [:]
    /// Candidates that were scored, by id: what duplicates and migrants stand for.
    private var scored: [CandidateID: Elite] = [:]
    private let migrates: Bool
    private let migrationInterval: Int

    /// - Parameters:
    ///   - migrates: whether elites travel round the ring.
    ///   - migrationInterval: an island's own slots between two migrations; 0 = never.
    package init(islands: [IslandPolicy], migrates: Bool, migrationInterval: Int) {
        self.islands = islands.map { Island(policy: $0) }
        self.migrates = migrates
        self.migrationInterval = migrationInterval
    }

    /// The earlier candidate that behaves the same, if any has been committed.
    package func candidate(withBehaviour fingerprint: String) -> CandidateID? { firstWithBehaviour[fingerprint] }

    /// Candidates worth a re-test: scored proposals (no seed programs), best gain first, the cheaper and earlier on ties.
    package func contenders(_ count: Int) -> [Elite] {
        Array(scored.values.filter { !$0.isSeed }.sorted(by: Elite.isBetter).prefix(count))
    }

    /// Takes in the outcome of the next slot.
    package mutating func commit(_ outcome: SlotOutcome) {
        if let fingerprint = outcome.fingerprint, firstWithBehaviour[fingerprint] == nil {
            firstWithBehaviour[fingerprint] = outcome.slot
        }
        switch outcome.standing {
        case .elite(let elite):
            scored[elite.id] = elite
            islands[outcome.island].archive.offer(elite)
        case .equal(let original):
            // The island found on its own what another one had: it may breed from it, too.
            if let elite = scored[original] { islands[outcome.island].archive.offer(elite) }
        case .failed:
            break
        }
        islands[outcome.island].slots += 1
        migrate(from: outcome.island)
    }

    /// What slot `slot` is to do, seen from the present state.
    /// - Parameter tunable: the elites among those given whose constants may be tuned; asked only on islands that do so.
    package func plan(
        slot: Int, island: Int, stream: inout RandomStream, tunable: ([Elite]) -> [Elite] = { $0 }
    ) -> SlotPlan {
        let policy = islands[island].policy
        let all = breedingStock(of: island)
        let tunes = policy.operators.contains { $0.kind == .constantTuning && $0.weight > 0 }
        let stock = tunes ? tunable(all) : []
        func parents(for kind: VariationOperator) -> [Elite] { kind == .constantTuning ? stock : all }
        let weights = policy.operators.map {
            Self.isPossible($0.kind, elites: parents(for: $0.kind).count) ? $0.weight : 0
        }
        let kind = stream.pick(weights: weights).map { policy.operators[$0].kind } ?? .modelRewrite
        let elites = parents(for: kind)
        let wanted: Int
        switch kind {
        case .seed: wanted = 0
        case .modelRewrite: wanted = policy.selection.parents
        case .treeMutation, .constantTuning: wanted = 1
        case .treeCrossover: wanted = 2
        }
        let parents = policy.selection.choose(wanted, from: elites, stream: &stream)
        return SlotPlan(slot: slot, island: island, variation: kind, parents: parents)
    }

    /// The island's elites; those of all islands as long as it has none.
    private func breedingStock(of island: Int) -> [Elite] {
        let own = islands[island].archive.elites
        return own.isEmpty ? islands.flatMap { $0.archive.elites }.sorted(by: Elite.isBetter) : own
    }

    private static func isPossible(_ kind: VariationOperator, elites: Int) -> Bool {
        switch kind {
        case .seed: false
        case .modelRewrite: true
        case .treeMutation, .constantTuning: elites >= 1
        case .treeCrossover: elites >= 2
        }
    }

    private mutating func migrate(from island: Int) {
        guard migrates, migrationInterval > 0, islands.count > 1 else { return }
        guard islands[island].slots.isMultiple(of: migrationInterval) else { return }
        guard let best = islands[island].archive.best else { return }
        islands[(island + 1) % islands.count].archive.offer(best)
    }
}

/// One island: its policy, its archive, and how many slots it has committed.
package struct Island: Sendable {
    package let policy: IslandPolicy
    package internal(set) var archive = Archive()
    package internal(set) var slots = 0
}

/// What the population learns of a committed slot.
package struct SlotOutcome: Sendable {
    package enum Standing: Sendable {
        case elite(Elite)
        /// Behaves as this earlier candidate.
        case equal(to: CandidateID)
        case failed
    }

    package var slot: Int
    package var island: Int
    package var fingerprint: String?
    package var standing: Standing

    package init(slot: Int, island: Int, fingerprint: String?, standing: Standing) {
        self.slot = slot
        self.island = island
        self.fingerprint = fingerprint
        self.standing = standing
    }
}

/// What a slot is to do.
package struct SlotPlan: Hashable, Sendable {
    package var slot: Int
    package var island: Int
    package var variation: VariationOperator
    /// In ascending order of gain.
    package var parents: [Elite]
    /// Model requests of the run that were planned before this slot's.
    package var requestIndex = 0

    package init(slot: Int, island: Int, variation: VariationOperator, parents: [Elite]) {
        self.slot = slot
        self.island = island
        self.variation = variation
        self.parents = parents
    }
}
