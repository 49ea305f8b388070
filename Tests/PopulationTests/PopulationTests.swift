import EvolveTypes
import Population
import Testing

@Suite("Population")
struct PopulationTests {
    private static func policy(_ name: String, operators: [VariationOperator] = VariationOperator.allCases)
        -> IslandPolicy
    {
        IslandPolicy(
            name: name, seeds: [], prompt: "{{parents}}",
            operators: operators.map { IslandPolicy.OperatorShare(kind: $0, weight: 1) },
            sampling: IslandPolicy.Sampling(temperature: 0.8, maxTokens: 100),
            selection: IslandPolicy.Selection(parents: 3, temperature: 0.5, uniform: 0.2))
    }

    private static let rules = PopulationRules(migrates: false, migrationInterval: 0, families: ["f", "g"])

    private static func ring(_ interval: Int) -> PopulationRules {
        PopulationRules(migrates: true, migrationInterval: interval, families: ["f", "g"])
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
        SlotOutcome(slot: candidate.id, island: island, fingerprint: "b\(candidate.id)", standing: .scored(candidate))
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
                SlotOutcome(slot: slot, island: slot % islands, fingerprint: "b\(slot)", standing: standing))
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
            SlotOutcome(slot: 2, island: 0, fingerprint: nil, standing: .retested(1, Self.evidence(-2, seeds: 8))))
        #expect(state.archive(of: 0).elites.map(\.id) == [0])
        state.commit(SlotOutcome(slot: 3, island: 0, fingerprint: nil, standing: .lost(0)))
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
    }

    @Test("Every island of the ring sends to the next one and to no other", arguments: 0..<3)
    func ringDirection(sender: Int) {
        var state = PopulationState(
            islands: [Self.policy("a"), Self.policy("b"), Self.policy("c")], rules: Self.ring(1))
        state.commit(Self.outcome(Self.candidate(0, gain: 1), island: sender))
        let holders = state.islands.indices.filter { !state.archive(of: $0).elites.isEmpty }
        #expect(Set(holders) == [sender, (sender + 1) % 3])
    }

    @Test("A failure is never a parent; parents are elites of the island, in ascending order of gain")
    func parents() {
        var state = PopulationState(islands: [Self.policy("a"), Self.policy("b")], rules: Self.rules)
        Self.history(&state, islands: 2, count: 200, key: "parents") { state, scored in
            var stream = RandomStream(key: ["parents", "\(scored.count)", "plan"])
            for island in 0..<2 {
                let plan = state.plan(slot: 900, island: island, stream: &stream)
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
            return state.plan(slot: 9, island: 0, pending: pending, stream: &stream)
        }
        #expect(plan().parents.map(\.id) == [0] && plan().seeds == 1..<3 && plan().variation == .retest)
        #expect(plan([0]).parents.map(\.id) == [1])
        #expect(plan([0, 1]).variation != .retest)
        state.commit(
            SlotOutcome(slot: 9, island: 0, fingerprint: nil, standing: .retested(0, Self.evidence(2, seeds: 3))))
        #expect(plan().seeds == 4..<5)
        state.commit(
            SlotOutcome(slot: 10, island: 0, fingerprint: nil, standing: .retested(0, Self.evidence(2, seeds: 1))))
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
            let plan = state.plan(slot: slot, island: 0, stream: &stream) { Array($0.suffix(1)) }
            seen.insert(plan.variation)
            guard plan.variation == .constantTuning else { continue }
            #expect(plan.parents.map(\.id) == [state.breedingStock(of: 0).last?.id])
        }
        #expect(seen == [.constantTuning, .treeMutation])
        for slot in 0..<40 {
            var stream = RandomStream(key: ["tunable", "\(slot)"])
            let plan = state.plan(slot: slot, island: 0, stream: &stream) { _ in [] }
            #expect(plan.variation == .treeMutation && plan.parents.count == 1)
        }
    }

    @Test("Before anything is scored only the model can propose")
    func emptyPopulation() {
        let state = PopulationState(islands: [Self.policy("a")], rules: Self.rules)
        for slot in 0..<30 {
            var stream = RandomStream(key: ["empty", "\(slot)"])
            let plan = state.plan(slot: slot, island: 0, stream: &stream)
            #expect(plan.variation == .modelRewrite && plan.parents.isEmpty)
        }
    }

    @Test("The first candidate of a behaviour stands for all that follow")
    func firstOfABehaviour() {
        var state = PopulationState(islands: [Self.policy("a")], rules: Self.rules)
        for slot in 0..<3 {
            state.commit(SlotOutcome(slot: slot, island: 0, fingerprint: "same", standing: .failed))
        }
        #expect(state.candidate(withBehaviour: "same") == 0)
        #expect(state.candidate(withBehaviour: "other") == nil)
    }

    @Test("Contenders are scored proposals, best first; seed programs and failures are not among them")
    func contenders() {
        var state = PopulationState(islands: [Self.policy("a")], rules: Self.rules)
        var all: [Candidate] = []
        Self.history(&state, islands: 1, count: 100, key: "contenders") { _, scored in all = scored }
        let expected = all.filter { !$0.isSeed }.compactMap { state.elite($0.id) }.sorted(by: Elite.isBetter).prefix(4)
        #expect(state.contenders(4) == Array(expected))
    }

    @Test("A cold softmax draws the best elite, a hot one draws them all alike")
    func selectionTemperature() {
        let cell = ArchiveCell(left: .flat, right: .unit, oscillation: .one, cost: .cheap)
        let elites = (0..<4).map {
            Elite(id: $0, source: "s", gain: 2 - Double($0), cost: 1, cell: cell, isSeed: false)
        }
        func shares(_ temperature: Double) -> [Double] {
            var stream = RandomStream(key: ["softmax", "\(temperature)"])
            let selection = IslandPolicy.Selection(parents: 1, temperature: temperature, uniform: 0)
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
