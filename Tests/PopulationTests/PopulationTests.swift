import EvolveTypes
import Population
import Testing

@Suite("Population")
struct PopulationTests {
    private static func policy(_ name: String, operators: [VariationOperator] = VariationOperator.allCases)
        -> IslandPolicy
    {
        IslandPolicy(
            name: name, seeds: [], prompts: [:],
            operators: operators.map { IslandPolicy.OperatorShare(kind: $0, weight: 1) },
            sampling: IslandPolicy.Sampling(temperature: 0.8, maxTokens: 100),
            selection: IslandPolicy.Selection(parents: 3, temperature: 0.5, uniform: 0.2))
    }

    private static let rules = PopulationRules(topology: .isolated, migrationInterval: 0, families: ["f", "g"])

    private static func ring(_ interval: Int) -> PopulationRules {
        PopulationRules(topology: .ring, migrationInterval: interval, families: ["f", "g"])
    }

    /// The same gain on one task of each of two families, with many seeds: what is believed is what was measured.
    private static func evidence(_ gain: Double, seeds: Int = 1000) -> Evidence {
        Evidence(["f", "g"].map { Evidence.Task(name: $0, family: $0, gains: Array(repeating: gain, count: seeds)) })
    }

    private static func candidate(
        _ id: Int, gain: Double, cell: ArchiveCell = .sample, cost: Double = 5, seeds: Int = 1000
    )
        -> Candidate
    {
        Candidate(
            id: id, source: "s\(id)", cost: cost, cell: cell, isSeed: false, evidence: evidence(gain, seeds: seeds))
    }

    private static func candidate(_ id: Int, stream: inout RandomStream) -> Candidate {
        let slopes: [Double] = [-1, 0, 0.5, 1, 2]
        let behaviour = BehaviourDescriptor(
            leftSlope: slopes[stream.index(below: 5)], rightSlope: slopes[stream.index(below: 5)],
            turns: stream.index(below: 5))
        let cost = Double(stream.index(below: 60))
        var result = candidate(
            id, gain: Double(stream.index(below: 41)) / 10 - 2, cell: ArchiveCell(behaviour, cost: cost), cost: cost,
            seeds: 3)
        result.isSeed = stream.index(below: 10) == 0
        return result
    }

    private static func outcome(_ candidate: Candidate, island: Int = 0) -> SlotOutcome {
        SlotOutcome(slot: candidate.id, island: island, standing: .scored(candidate))
    }

    /// Commits `count` random outcomes and hands each state to `check`.
    private static func history(
        _ state: inout PopulationState, islands: Int, count: Int, key: String,
        check: (PopulationState, [Candidate]) -> Void
    ) {
        var stream = RandomStream(key: [key])
        var scored: [Candidate] = []
        for slot in 0..<count {
            let standing: SlotOutcome.Standing
            let known = scored.isEmpty ? nil : scored[stream.index(below: scored.count)].id
            switch (stream.index(below: 6), known) {
            case (0, _): standing = .failed
            case (1, _): standing = .racedOut(evidence(-4, seeds: 1))
            case (2, let id?): standing = .equal(to: id)
            case (3, let id?):
                standing = .retested(id, evidence(Double(stream.index(below: 41)) / 10 - 2, seeds: 2))
            case (4, let id?) where stream.index(below: 8) == 0:
                standing = .lost(id)
                scored.removeAll { $0.id == id }
            default:
                let fresh = candidate(slot, stream: &stream)
                scored.append(fresh)
                standing = .scored(fresh)
            }
            state.commit(
                SlotOutcome(slot: slot, island: slot % islands, standing: standing))
            check(state, scored)
        }
    }

    @Test("Every cell is held by whom most is believed of, and the best is never lost", arguments: 0..<5)
    func cellsHoldTheBest(round: Int) {
        var state = PopulationState(islands: [Self.policy("a")], rules: Self.rules)
        Self.history(&state, islands: 1, count: 150, key: "cells \(round)") { state, scored in
            let archive = state.archive(of: 0)
            let elites = scored.compactMap { state.elite($0.id) }
            #expect(elites.count == scored.count)
            for (cell, holders) in archive.cells {
                #expect(holders.count == 1 && holders.allSatisfy { $0.cell == cell })
                #expect(!elites.contains { $0.cell == cell && Elite.isBetter($0, holders[0]) })
            }
            #expect(Set(archive.cells.keys) == Set(elites.map(\.cell)))
            #expect(archive.best == elites.min(by: Elite.isBetter))
        }
    }

    @Test("Who no longer holds its gain on fresh seeds loses its cell to the next")
    func lostPlace() {
        var state = PopulationState(islands: [Self.policy("a")], rules: Self.rules)
        state.commit(Self.outcome(Self.candidate(0, gain: 1)))
        state.commit(Self.outcome(Self.candidate(1, gain: 3, seeds: 2)))
        #expect(state.archive(of: 0).elites.map(\.id) == [1])
        state.commit(
            SlotOutcome(slot: 2, island: 0, standing: .retested(1, Self.evidence(-2, seeds: 8))))
        #expect(state.archive(of: 0).elites.map(\.id) == [0])
        state.commit(SlotOutcome(slot: 3, island: 0, standing: .lost(0)))
        #expect(state.archive(of: 0).elites.map(\.id) == [1])
    }

    @Test("A cell's Pareto front keeps who is cheaper than all that are better")
    func pareto() {
        let gains: [(gain: Double, cost: Double)] = [(3, 9), (2, 9), (1, 5), (0, 6), (-1, 2)]
        let members = gains.enumerated().map {
            Elite(id: $0, source: "s", gain: $1.gain, cost: $1.cost, cell: .sample, isSeed: false)
        }
        #expect(Archive(members, rule: .pareto).elites.map(\.id) == [0, 2, 4])
        #expect(Archive(members).elites.map(\.id) == [0])
    }

    @Test("Without migration an island keeps only what it committed itself")
    func isolation() {
        var state = PopulationState(
            islands: [Self.policy("a"), Self.policy("b"), Self.policy("c")], rules: Self.rules)
        var offered: [Set<Int>] = [[], [], []]
        var stream = RandomStream(key: ["isolation"])
        for slot in 0..<300 {
            offered[slot % 3].insert(slot)
            state.commit(Self.outcome(Self.candidate(slot, stream: &stream), island: slot % 3))
        }
        for (index, ids) in offered.enumerated() {
            #expect(state.islands[index].slots == 100)
            #expect(Set(state.breedingStock(of: index).map(\.id)).isSubset(of: ids))
        }
    }

    @Test("Ring migration brings an island's best to the next island, at its interval")
    func ringMigration() {
        var state = PopulationState(islands: [Self.policy("a"), Self.policy("b")], rules: Self.ring(3))
        for step in 0..<3 {
            #expect(state.archive(of: 1).elites.isEmpty)
            state.commit(Self.outcome(Self.candidate(step, gain: Double(step))))
        }
        #expect(state.archive(of: 1).elites.map(\.id) == [2])
        #expect(state.islands[0].arrivals.isEmpty)
        // Once more the same elite: it comes, and takes no cell.
        for step in 3..<6 { state.commit(Self.outcome(Self.candidate(step, gain: -1))) }
        let arrivals = state.islands[1].arrivals
        #expect(arrivals.keys.sorted() == [0] && arrivals[0]?.came == 2 && arrivals[0]?.settled == 1)
        let restored = PopulationState(
            islands: [Self.policy("a"), Self.policy("b")], rules: Self.ring(3), image: state.image)
        #expect(restored.islands[1].arrivals == arrivals)
    }

    @Test("Every island of the ring sends to the next one and to no other", arguments: 0..<3)
    func ringDirection(sender: Int) {
        var state = PopulationState(
            islands: [Self.policy("a"), Self.policy("b"), Self.policy("c")], rules: Self.ring(1))
        state.commit(Self.outcome(Self.candidate(0, gain: 1), island: sender))
        let holders = state.islands.indices.filter { !state.archive(of: $0).elites.isEmpty }
        #expect(Set(holders) == [sender, (sender + 1) % 3])
    }

    @Test("The middle of the star sends to all others, and they to it alone", arguments: 0..<4)
    func starDirection(sender: Int) {
        let rules = PopulationRules(topology: .star, migrationInterval: 1, families: ["f", "g"])
        var state = PopulationState(islands: ["a", "b", "c", "d"].map { Self.policy($0) }, rules: rules)
        state.commit(Self.outcome(Self.candidate(0, gain: 1), island: sender))
        let holders = state.islands.indices.filter { !state.archive(of: $0).elites.isEmpty }
        #expect(Set(holders) == (sender == 0 ? [0, 1, 2, 3] : [0, sender]))
    }

    @Test("A reset leaves the better half alone, and the worse one its seed programs and one of the best each")
    func reset() {
        let rules = PopulationRules(
            topology: .isolated, migrationInterval: 0, resetInterval: 12, families: ["f", "g"])
        var state = PopulationState(islands: ["a", "b", "c", "d", "e"].map { Self.policy($0) }, rules: rules)
        var slot = 0
        func commit(_ gain: Double, on island: Int, isSeed: Bool = false, cell: ArchiveCell = .sample) {
            var candidate = Self.candidate(slot, gain: gain, cell: cell)
            candidate.isSeed = isSeed
            state.commit(Self.outcome(candidate, island: island))
            slot += 1
        }
        // Islands 2 and 0 are the best; the fifth never has anything.
        for (island, gain) in [2.0, 0, 3, 1].enumerated() {
            commit(-1, on: island, isSeed: true)
            commit(gain - 0.5, on: island)
            if island < 3 { commit(gain, on: island) }
        }
        #expect(slot == 11 && state.archive(of: 1).elites.map(\.id) == [5])
        let better = [0, 2].map { state.islands[$0].members }
        commit(1, on: 3)
        #expect([0, 2].map { state.islands[$0].members } == better)
        #expect(state.islands[1].members == [3, 8] && state.islands[3].members == [2, 9])
        #expect(state.breedingStock(of: 1).map(\.id) == [8])
        // What was found is not lost: it may still be champion.
        #expect(state.contenders(8).map(\.id) == [8, 7, 2, 1, 11, 10, 5, 4])
    }

    @Test(
        "With resets and migration the best is never lost, and nothing is remembered that no list names",
        arguments: 0..<3)
    func resetsKeepTheBest(round: Int) {
        let rules = PopulationRules(topology: .star, migrationInterval: 4, resetInterval: 25, families: ["f", "g"])
        var state = PopulationState(islands: ["a", "b", "c"].map { Self.policy($0) }, rules: rules)
        var stream = RandomStream(key: ["resets \(round)"])
        var best: (gain: Double, id: Int)?
        for slot in 0..<200 {
            let candidate = Self.candidate(slot, stream: &stream)
            state.commit(Self.outcome(candidate, island: slot % 3))
            guard let elite = state.elite(slot), !candidate.isSeed else { continue }
            // Beliefs change with what else is tried, the order of equally measured ones does not.
            let gain = candidate.evidence.tasks[0].gains[0]
            if best.map({ gain > $0.gain }) ?? true { best = (gain, elite.id) }
            #expect(state.contenders(8).contains { $0.id == best?.id })
        }
        let titles = state.families.count + 1
        #expect(state.remembered <= Set(state.islands.flatMap(\.members)).count + 8 * titles)
    }

    @Test("A failure is never a parent; parents are elites of the island, in ascending order of gain")
    func parents() {
        var state = PopulationState(islands: [Self.policy("a"), Self.policy("b")], rules: Self.rules)
        Self.history(&state, islands: 2, count: 200, key: "parents") { state, scored in
            var stream = RandomStream(key: ["parents", "\(scored.count)", "plan"])
            for island in 0..<2 {
                let plan = state.plan(slot: 900, island: island, models: ["m"], stream: &stream)
                let allowed = Set(state.breedingStock(of: island).map(\.id))
                #expect(allowed.isSubset(of: scored.map(\.id)))
                #expect(plan.parents.allSatisfy { allowed.contains($0.id) })
                #expect(plan.parents.map(\.gain) == plan.parents.map(\.gain).sorted())
                #expect(Set(plan.parents.map(\.id)).count == plan.parents.count)
                #expect(plan.variation != .seed && plan.variation != .retest)
                if plan.variation == .treeCrossover { #expect(plan.parents.count == 2) }
                if plan.variation == .treeMutation { #expect(plan.parents.count == 1) }
            }
        }
    }

    @Test("The best of each family may breed, whatever else it is")
    func specialists() {
        var state = PopulationState(islands: [Self.policy("a")], rules: Self.rules)
        state.commit(Self.outcome(Self.candidate(0, gain: 1)))
        var narrow = Self.candidate(1, gain: 0)
        narrow.evidence = Evidence(
            [("f", 4.0), ("g", -9)].map { family, gain in
                Evidence.Task(name: family, family: family, gains: Array(repeating: gain, count: 1000))
            })
        state.commit(Self.outcome(narrow))
        #expect(state.archive(of: 0).elites.map(\.id) == [0])
        #expect(state.breedingStock(of: 0).map(\.id) == [0, 1])
        #expect(state.contenders(1, family: "f").map(\.id) == [1] && state.contenders(1, family: "g").map(\.id) == [0])
    }

    @Test("A re-test takes the elite that may be the best, with seeds that it has not had, and none that is under way")
    func retests() throws {
        var rules = Self.rules
        rules.retest = RetestPolicy(share: 1, seeds: 2, most: 5)
        var state = PopulationState(islands: [Self.policy("a")], rules: rules)
        let other = ArchiveCell(left: .flat, right: .steep, oscillation: .one, cost: .cheap)
        state.commit(Self.outcome(Self.candidate(0, gain: 2, seeds: 1)))
        state.commit(Self.outcome(Self.candidate(1, gain: -2, cell: other, seeds: 1)))
        func plan(_ pending: Set<Int> = []) -> SlotPlan {
            var stream = RandomStream(key: ["retest"])
            return state.plan(slot: 9, island: 0, pending: pending, models: ["m"], stream: &stream)
        }
        #expect(plan().parents.map(\.id) == [0] && plan().seeds == 1..<3 && plan().variation == .retest)
        #expect(plan([0]).parents.map(\.id) == [1])
        #expect(plan([0, 1]).variation != .retest)
        state.commit(
            SlotOutcome(slot: 9, island: 0, standing: .retested(0, Self.evidence(2, seeds: 3))))
        #expect(plan().seeds == 4..<5)
        state.commit(
            SlotOutcome(slot: 10, island: 0, standing: .retested(0, Self.evidence(2, seeds: 1))))
        #expect(plan().parents.map(\.id) == [1], "five seeds are enough")
    }

    @Test("Constants are tuned of those elites alone that may be, and of none when there are none")
    func tunable() {
        let policy = Self.policy("a", operators: [.constantTuning, .treeMutation])
        var state = PopulationState(islands: [policy], rules: Self.rules)
        Self.history(&state, islands: 1, count: 60, key: "tunable") { _, _ in }
        var seen: Set<VariationOperator> = []
        for slot in 0..<40 {
            var stream = RandomStream(key: ["tunable", "\(slot)"])
            let plan = state.plan(slot: slot, island: 0, models: ["m"], stream: &stream) { Array($0.suffix(1)) }
            seen.insert(plan.variation)
            guard plan.variation == .constantTuning else { continue }
            #expect(plan.parents.map(\.id) == [state.breedingStock(of: 0).last?.id])
        }
        #expect(seen == [.constantTuning, .treeMutation])
        for slot in 0..<40 {
            var stream = RandomStream(key: ["tunable", "\(slot)"])
            let plan = state.plan(slot: slot, island: 0, models: ["m"], stream: &stream) { _ in [] }
            #expect(plan.variation == .treeMutation && plan.parents.count == 1)
        }
    }

    @Test("Before anything is scored only those can propose who need no parent")
    func emptyPopulation() {
        let state = PopulationState(islands: [Self.policy("a")], rules: Self.rules)
        for slot in 0..<30 {
            var stream = RandomStream(key: ["empty", "\(slot)"])
            let plan = state.plan(slot: slot, island: 0, models: ["m"], stream: &stream)
            #expect([.modelRewrite, .modelIdea, .grammarSampling].contains(plan.variation) && plan.parents.isEmpty)
        }
    }

    @Test("What is remembered does not grow with the run, and holds the best of every cell and family")
    func bounded() {
        var state = PopulationState(islands: [Self.policy("a"), Self.policy("b")], rules: Self.ring(10))
        var stream = RandomStream(key: ["bounded"])
        var sizes: [Int] = []
        for slot in 0..<6000 {
            let behaviour = BehaviourDescriptor(
                leftSlope: [-1, 0][stream.index(below: 2)], rightSlope: [1, 2][stream.index(below: 2)],
                turns: stream.index(below: 2))
            let cost = Double(stream.index(below: 20))
            let fresh = Self.candidate(
                slot, gain: 4 * stream.uniform() - 2, cell: ArchiveCell(behaviour, cost: cost), cost: cost, seeds: 4)
            state.commit(Self.outcome(fresh, island: slot % 2))
            if slot.isMultiple(of: 2000) { sizes.append(state.remembered) }
        }
        sizes.append(state.remembered)
        // 16 cells of 8, two families of 8, the latest 8 on each island; and contenders.
        #expect(sizes[1...].allSatisfy { $0 <= 2 * (16 * 8 + 24) + 24 }, "\(sizes)")
        #expect(state.archive(of: 0).cells.count == 16)
        #expect(state.contenders(8).count == 8 && (state.contenders(1).first?.gain ?? 0) > 1.5)
        #expect(state.elite(0) == nil, "long forgotten")
    }

    @Test("Beliefs fitted to a sample are those of all that was tried, nearly")
    func sample() throws {
        var stream = RandomStream(key: ["sample"])
        func gain() -> Double { stream.uniform() < 0.4 ? -3 - stream.uniform() : stream.uniform() }
        var sampled = Beliefs(rule: .mean, families: ["f"])
        var observations: [Shrinkage.Observation] = []
        var noise = SeedNoise()
        var all: [Evidence] = []
        for id in 0..<5000 {
            let middle = gain()
            let evidence = Evidence([
                Evidence.Task(name: "t", family: "f", gains: (0..<3).map { _ in middle + stream.uniform() })
            ])
            _ = sampled.learn(evidence, of: id)
            noise.add(evidence)
            all.append(evidence)
        }
        for evidence in all {
            observations.append(noise.observation(try #require(Reading(evidence, rule: .mean, tasks: 1))))
        }
        let whole = Shrinkage(observations)
        for (evidence, observation) in zip(all, observations).prefix(200) {
            let belief = try #require(sampled.beliefs(sampled.readings(evidence))[0])
            #expect(abs(belief.mean - whole.belief(observation).mean) < 0.05)
        }
    }

    @Test("Contenders are scored proposals, best first; seed programs and failures are not among them")
    func contenders() {
        var state = PopulationState(islands: [Self.policy("a")], rules: Self.rules)
        var all: [Candidate] = []
        Self.history(&state, islands: 1, count: 100, key: "contenders") { _, scored in all = scored }
        let expected = all.filter { !$0.isSeed }.compactMap { state.elite($0.id) }.sorted(by: Elite.isBetter).prefix(4)
        #expect(state.contenders(4) == Array(expected))
    }

    @Test("Model operators are spread over the models that may be asked, and are none when there are none")
    func models() {
        var state = PopulationState(
            islands: [Self.policy("a", operators: [.modelRewrite, .treeMutation])], rules: Self.rules)
        state.commit(Self.outcome(Self.candidate(0, gain: 1)))
        func counts(_ models: [String]) -> [String: Int] {
            var counts: [String: Int] = [:]
            for slot in 0..<300 {
                var stream = RandomStream(key: ["models", "\(slot)"])
                let plan = state.plan(slot: slot, island: 0, models: models, stream: &stream)
                #expect((plan.model != nil) == plan.variation.asksModel)
                counts[plan.model ?? "none", default: 0] += 1
            }
            return counts
        }
        let two = counts(["x", "y"])
        #expect(
            (100...200).contains(two["none"] ?? 0), "the operator's share does not depend on how many models there are")
        #expect((45...105).contains(two["x"] ?? 0) && (45...105).contains(two["y"] ?? 0))
        #expect(counts([]) == ["none": 300])
    }

    @Test("An island whose models may not be asked any more goes on with blind edits")
    func withoutModels() {
        var state = PopulationState(islands: [Self.policy("a", operators: [.modelRewrite])], rules: Self.rules)
        state.commit(Self.outcome(Self.candidate(0, gain: 1)))
        var stream = RandomStream(key: ["none"])
        let plan = state.plan(slot: 1, island: 0, models: [], stream: &stream)
        #expect(plan.variation == .treeMutation && plan.parents.map(\.id) == [0] && plan.model == nil)
    }

    @Test(
        "An idea is for an empty cell beside a held one, and starts from a neighbour; a simplification from a dear one")
    func targets() {
        var state = PopulationState(
            islands: [Self.policy("a", operators: [.modelIdea, .modelSimplify, .modelCrossover])], rules: Self.rules)
        Self.history(&state, islands: 1, count: 60, key: "targets") { _, _ in }
        let stock = state.breedingStock(of: 0)
        let held = Set(stock.map(\.cell))
        var seen: Set<VariationOperator> = []
        for slot in 0..<60 {
            var stream = RandomStream(key: ["targets", "\(slot)"])
            let plan = state.plan(slot: slot, island: 0, models: ["m"], stream: &stream)
            seen.insert(plan.variation)
            switch plan.variation {
            case .modelIdea:
                let target = plan.target
                #expect(target.map { !held.contains($0) } == true)
                #expect(plan.parents.allSatisfy { target?.distance(to: $0.cell) == 1 } && !plan.parents.isEmpty)
            case .modelSimplify:
                let cheaper = stock.count { $0.cost < (plan.parents.first?.cost ?? 0) }
                #expect(cheaper >= stock.count / 2 - stock.count { $0.cost == plan.parents.first?.cost })
            default: #expect(Set(plan.parents.map(\.id)).count == 2)
            }
        }
        #expect(seen == [.modelIdea, .modelSimplify, .modelCrossover])
    }

    @Test("Inspirations are no parents, and oftener of other cells than of the parent's neighbourhood")
    func inspirations() {
        func elite(_ id: Int, _ left: ArchiveCell.Slope, _ oscillation: ArchiveCell.Oscillation) -> Elite {
            Elite(
                id: id, source: "s", gain: 0, cost: 1,
                cell: ArchiveCell(left: left, right: .unit, oscillation: oscillation, cost: .cheap), isSeed: false)
        }
        let elites = [elite(0, .flat, .one), elite(1, .flat, .few), elite(2, .steep, .many)]
        let selection = IslandPolicy.Selection(parents: 1, inspirations: 1, temperature: 1, uniform: 0)
        var counts = [0, 0, 0]
        var stream = RandomStream(key: ["inspire"])
        for _ in 0..<400 {
            counts[selection.inspire(1, beside: [elites[0]], from: elites, stream: &stream)[0].id] += 1
        }
        #expect(counts[0] == 0 && counts[2] > 2 * counts[1] && counts[1] > 50)
    }

    @Test("Best-of-n never breeds from what it found; sequential search breeds from the latest, however good")
    func pools() {
        func plans(_ pool: IslandPolicy.Selection.Pool) -> Set<Int> {
            var policy = Self.policy("a", operators: [.treeMutation])
            policy.selection.pool = pool
            var state = PopulationState(islands: [policy], rules: Self.rules)
            var seed = Self.candidate(0, gain: 0)
            seed.isSeed = true
            state.commit(Self.outcome(seed))
            // Ever worse, so that the archive alone would never take the last ones up.
            for id in 1..<20 { state.commit(Self.outcome(Self.candidate(id, gain: 2 - Double(id) / 5))) }
            return Set(
                (0..<300).flatMap { slot in
                    var stream = RandomStream(key: ["pool", "\(slot)"])
                    return state.plan(slot: slot, island: 0, models: [], stream: &stream).parents.map(\.id)
                })
        }
        #expect(plans(.seeds) == [0])
        #expect(plans(.latest) == Set(12..<20))
        #expect(plans(.elites) == [1])
    }

    @Test("A schedule goes from one value to the other and begins anew")
    func schedule() {
        let schedule = Schedule(from: 1, to: 0.5, period: 10)
        #expect([0, 5, 9, 10, 15].map { schedule.value(at: $0) } == [1, 0.75, 0.55, 1, 0.75])
        #expect(Schedule(constant: 0.3).value(at: 77) == 0.3)
    }

    @Test("A cold softmax draws the best elite, a hot one draws them all alike")
    func selectionTemperature() {
        let cell = ArchiveCell(left: .flat, right: .unit, oscillation: .one, cost: .cheap)
        let elites = (0..<4).map {
            Elite(id: $0, source: "s", gain: 2 - Double($0), cost: 1, cell: cell, isSeed: false)
        }
        func shares(_ temperature: Double) -> [Double] {
            var stream = RandomStream(key: ["softmax", "\(temperature)"])
            let selection = IslandPolicy.Selection(
                parents: 1, temperature: Schedule(constant: temperature), uniform: 0)
            var counts = [0.0, 0, 0, 0]
            for _ in 0..<4000 { counts[selection.choose(1, from: elites, stream: &stream)[0].id] += 1 }
            return counts.map { $0 / 4000 }
        }
        #expect(shares(0.05)[0] > 0.99)
        #expect(shares(1000).allSatisfy { abs($0 - 0.25) < 0.03 })
    }
}

extension ArchiveCell {
    fileprivate static let sample = ArchiveCell(left: .flat, right: .unit, oscillation: .one, cost: .cheap)
}
