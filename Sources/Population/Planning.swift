import EvolveTypes

/// What a slot is told to do: which operator, which model, which parents.
extension PopulationState {
    /// What slot `slot` is to do, seen from the present state.
    /// - Parameters:
    ///   - round: counts the island's slots.
    ///   - pending: whose re-test is planned but not yet committed.
    ///   - models: those that may be asked.
    ///   - likeness: asked only on islands that choose by behaviour.
    ///   - tunable: the elites among those given whose constants may be tuned; asked only on islands that do so.
    package func plan(
        slot: Int, island: Int, round: Int = 0, pending: Set<CandidateID> = [], models: [String],
        stream: inout RandomStream, likeness: (any EliteLikeness)? = nil, tunable: ([Elite]) -> [Elite] = { $0 }
    ) -> SlotPlan {
        let policy = islands[island].policy
        let elites = breedingStock(of: island)
        if let retest = rules.retest, stream.uniform() < retest.share,
            let plan = retestPlan(slot, island, retest, elites, pending)
        {
            return plan
        }
        let stock = stock(of: island, elites: elites)
        let tunes = policy.operators.contains { $0.kind == .constantTuning && $0.weight > 0 }
        let open = tunes ? tunable(elites) : []
        let arms = arms(of: policy, models: models) { kind in
            switch kind {
            case .constantTuning: open.count
            case .tailGraft: tally(of: island)?.hasTail == true ? stock.count : 0
            default: stock.count
            }
        }
        // Where nothing else may be done, blind edits carry on.
        let arm = stream.pick(weights: arms.map(\.weight)).map { arms[$0].arm } ?? Arm(.treeMutation)
        var plan = SlotPlan(slot: slot, island: island, variation: arm.variation, model: arm.model, parents: [])
        plan.round = round
        chooseParents(
            of: &plan, from: arm.variation == .constantTuning ? open : stock, policy,
            policy.selection.likeness == .behaviour ? likeness : nil, stream: &stream)
        plan.rivals = elites.prefix(rules.rivals).map { evidence(of: $0.id) }
        return plan
    }

    /// - Parameter stock: how many elites there are for an operator.
    private func arms(
        of policy: IslandPolicy, models: [String], stock: (VariationOperator) -> Int
    ) -> [(arm: Arm, weight: Double)] {
        policy.operators.filter { $0.weight > 0 && stock($0.kind) >= $0.kind.leastParents }.flatMap { share in
            let arms = share.kind.asksModel ? models.map { Arm(share.kind, model: $0) } : [Arm(share.kind)]
            return arms.map { ($0, share.weight / Double(arms.count) * (bandit?.factor($0) ?? 1)) }
        }
    }

    private func chooseParents(
        of plan: inout SlotPlan, from stock: [Elite], _ policy: IslandPolicy, _ likeness: (any EliteLikeness)?,
        stream: inout RandomStream
    ) {
        let (selection, round) = (policy.selection, plan.round)
        let count = plan.variation.parents(of: policy)
        switch plan.variation {
        case .modelIdea:
            let target = emptyCell(near: stock, stream: &stream)
            plan.target = target
            let near = target.map { Self.nearest(to: $0, in: stock, likeness) } ?? stock
            plan.parents = selection.choose(count, from: near, round: round, stream: &stream)
        case .modelSimplify:
            // The cheaper half has little to lose.
            let dear = stock.sorted { ($0.cost, $1.id) > ($1.cost, $0.id) }.prefix((stock.count + 1) / 2)
            plan.parents = selection.choose(count, from: dear.sorted(by: Elite.isBetter), round: round, stream: &stream)
        case .tailGraft:
            guard let (motif, donor) = tally(of: plan.island)?.drawTail(&stream) else { return }
            let others = stock.filter { $0.id != donor.id }
            let receivers = selection.choose(
                count, from: others.isEmpty ? stock : others, round: round, stream: &stream)
            plan.parents = [donor] + receivers
            let held = islands[plan.island].cells.filter { !$0.value.ranks.isEmpty }
            plan.graft = SlotPlan.Graft(motif: motif, held: CellSet(held.keys))
        case .modelCrossover:
            let first = selection.choose(1, from: stock, round: round, stream: &stream)
            let second = selection.inspire(
                1, beside: first, from: stock, round: round, likeness: likeness, stream: &stream)
            plan.parents = (first + second).sorted { Elite.isBetter($1, $0) }
        default:
            plan.parents = selection.choose(count, from: stock, round: round, stream: &stream)
        }
        guard plan.variation.asksModel else { return }
        plan.inspirations = selection.inspire(
            selection.inspirations, beside: plan.parents, from: stock, round: round, likeness: likeness,
            stream: &stream)
    }

    /// The elites from which it is not far to a cell that nobody holds: the four that are nearest in what they do or in what
    /// one of their expressions does, or else those of the nearest cells.
    private static func nearest(
        to target: ArchiveCell, in stock: [Elite], _ likeness: (any EliteLikeness)?
    ) -> [Elite] {
        let remote = stock.compactMap { elite in
            likeness?.remoteness(of: elite, from: target).map { (remoteness: $0, id: elite.id) }
        }
        let near = Set(remote.sorted { ($0.remoteness, $0.id) < ($1.remoteness, $1.id) }.prefix(4).map(\.id))
        guard near.isEmpty else { return stock.filter { near.contains($0.id) } }
        let distances = stock.map { target.distance(to: $0.cell) }
        return zip(stock, distances).filter { $0.1 == distances.min() }.map(\.0)
    }

    /// A cell that no elite holds and that is a neighbour of one that is held; each equally likely.
    private func emptyCell(near stock: [Elite], stream: inout RandomStream) -> ArchiveCell? {
        var known = Set(stock.map(\.cell))
        var empty: [ArchiveCell] = []
        for elite in stock {
            for cell in elite.cell.neighbours where known.insert(cell).inserted { empty.append(cell) }
        }
        return stream.pick(empty)
    }

    /// Re-tests the elite that may be the best, as far as is known: highest belief and one standard deviation. More seeds make
    /// its deviation smaller, so that others get their turn.
    private func retestPlan(
        _ slot: Int, _ island: Int, _ policy: RetestPolicy, _ elites: [Elite], _ pending: Set<CandidateID>
    ) -> SlotPlan? {
        func seeds(_ elite: Elite) -> Int { evidence(of: elite.id).seeds }
        let open = elites.filter { $0.deviation > 0 && seeds($0) < policy.most && !pending.contains($0.id) }
        guard let elite = open.max(by: { ($0.gain + $0.deviation, $1.id) < ($1.gain + $1.deviation, $0.id) }) else {
            return nil
        }
        var plan = SlotPlan(slot: slot, island: island, variation: .retest, parents: [elite])
        let first = seeds(elite)
        plan.seeds = first..<min(first + policy.seeds, policy.most)
        return plan
    }
}
