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

    private static func elite(_ id: Int, stream: inout RandomStream) -> Elite {
        let slopes: [Double] = [-1, 0, 0.5, 1, 2]
        let behaviour = BehaviourDescriptor(
            leftSlope: slopes[stream.index(below: 5)], rightSlope: slopes[stream.index(below: 5)],
            turns: stream.index(below: 5))
        let cost = Double(stream.index(below: 60))
        return Elite(
            id: id, source: "s\(id)", gain: Double(stream.index(below: 41)) / 10 - 2, cost: cost,
            cell: ArchiveCell(behaviour, cost: cost), isSeed: stream.index(below: 10) == 0)
    }

    /// Commits `count` random outcomes and hands each state to `check`.
    private static func history(
        _ state: inout PopulationState, islands: Int, count: Int, key: String,
        check: (PopulationState, [Elite]) -> Void
    ) {
        var stream = RandomStream(key: [key])
        var scored: [Elite] = []
        for slot in 0..<count {
            let standing: SlotOutcome.Standing
            switch stream.index(below: 3) {
            case 0: standing = .failed
            case 1 where !scored.isEmpty: standing = .equal(to: scored[stream.index(below: scored.count)].id)
            default:
                let fresh = elite(slot, stream: &stream)
                scored.append(fresh)
                standing = .elite(fresh)
            }
            state.commit(
                SlotOutcome(slot: slot, island: slot % islands, fingerprint: "b\(slot)", standing: standing))
            check(state, scored)
        }
    }

    @Test("Every cell holds the best its island has been offered, and the best is never lost", arguments: 0..<5)
    func cellsHoldTheBest(round: Int) {
        var state = PopulationState(islands: [Self.policy("a")], migrates: false, migrationInterval: 0)
        Self.history(&state, islands: 1, count: 150, key: "cells \(round)") { state, scored in
            for (cell, holder) in state.islands[0].archive.cells {
                #expect(holder.cell == cell)
                #expect(!scored.contains { $0.cell == cell && Elite.isBetter($0, holder) })
            }
            #expect(state.islands[0].archive.best == scored.min(by: Elite.isBetter))
        }
    }

    @Test("Without migration an island keeps only what it committed itself")
    func isolation() {
        var state = PopulationState(
            islands: [Self.policy("a"), Self.policy("b"), Self.policy("c")], migrates: false, migrationInterval: 5)
        var offered: [Set<Int>] = [[], [], []]
        var stream = RandomStream(key: ["isolation"])
        for slot in 0..<300 {
            let fresh = Self.elite(slot, stream: &stream)
            offered[slot % 3].insert(slot)
            state.commit(
                SlotOutcome(slot: slot, island: slot % 3, fingerprint: "b\(slot)", standing: .elite(fresh)))
        }
        for (island, ids) in zip(state.islands, offered) {
            #expect(island.slots == 100)
            #expect(Set(island.archive.elites.map(\.id)).isSubset(of: ids))
        }
    }

    @Test("Ring migration brings an island's best to the next island, at its interval")
    func ringMigration() {
        var state = PopulationState(
            islands: [Self.policy("a"), Self.policy("b")], migrates: true, migrationInterval: 3)
        let cell = ArchiveCell(left: .flat, right: .unit, oscillation: .one, cost: .cheap)
        for step in 0..<3 {
            #expect(state.islands[1].archive.elites.isEmpty)
            let elite = Elite(
                id: step, source: "s", gain: Double(step), cost: 5, cell: cell, isSeed: false)
            state.commit(SlotOutcome(slot: step, island: 0, fingerprint: "b\(step)", standing: .elite(elite)))
        }
        #expect(state.islands[1].archive.elites.map(\.id) == [2])
    }

    @Test("Every island of the ring sends to the next one and to no other", arguments: 0..<3)
    func ringDirection(sender: Int) {
        var state = PopulationState(
            islands: [Self.policy("a"), Self.policy("b"), Self.policy("c")], migrates: true, migrationInterval: 1)
        let cell = ArchiveCell(left: .flat, right: .unit, oscillation: .one, cost: .cheap)
        let elite = Elite(id: 0, source: "s", gain: 1, cost: 5, cell: cell, isSeed: false)
        state.commit(SlotOutcome(slot: 0, island: sender, fingerprint: "b", standing: .elite(elite)))
        let holders = state.islands.indices.filter { !state.islands[$0].archive.elites.isEmpty }
        #expect(Set(holders) == [sender, (sender + 1) % 3])
    }

    @Test("A failure is never a parent; parents are elites of the island, in ascending order of gain")
    func parents() {
        var state = PopulationState(
            islands: [Self.policy("a"), Self.policy("b")], migrates: false, migrationInterval: 0)
        Self.history(&state, islands: 2, count: 200, key: "parents") { state, scored in
            var stream = RandomStream(key: ["parents", "\(scored.count)", "plan"])
            for island in 0..<2 {
                let plan = state.plan(slot: 900, island: island, stream: &stream)
                let own = state.islands[island].archive.elites
                let allowed = Set((own.isEmpty ? scored : own).map(\.id))
                #expect(plan.parents.allSatisfy { allowed.contains($0.id) })
                #expect(plan.parents.map(\.gain) == plan.parents.map(\.gain).sorted())
                #expect(Set(plan.parents.map(\.id)).count == plan.parents.count)
                #expect(plan.variation != .seed)
                if plan.variation == .treeCrossover { #expect(plan.parents.count == 2) }
                if plan.variation == .treeMutation { #expect(plan.parents.count == 1) }
            }
        }
    }

    @Test("Constants are tuned of those elites alone that may be, and of none when there are none")
    func tunable() {
        let policy = Self.policy("a", operators: [.constantTuning, .treeMutation])
        var state = PopulationState(islands: [policy], migrates: false, migrationInterval: 0)
        Self.history(&state, islands: 1, count: 60, key: "tunable") { _, _ in }
        var seen: Set<VariationOperator> = []
        for slot in 0..<40 {
            var stream = RandomStream(key: ["tunable", "\(slot)"])
            let plan = state.plan(slot: slot, island: 0, stream: &stream) { Array($0.suffix(1)) }
            seen.insert(plan.variation)
            guard plan.variation == .constantTuning else { continue }
            #expect(plan.parents.map(\.id) == [state.islands[0].archive.elites.last?.id])
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
        let state = PopulationState(islands: [Self.policy("a")], migrates: false, migrationInterval: 0)
        for slot in 0..<30 {
            var stream = RandomStream(key: ["empty", "\(slot)"])
            let plan = state.plan(slot: slot, island: 0, stream: &stream)
            #expect(plan.variation == .modelRewrite && plan.parents.isEmpty)
        }
    }

    @Test("The first candidate of a behaviour stands for all that follow")
    func firstOfABehaviour() {
        var state = PopulationState(islands: [Self.policy("a")], migrates: false, migrationInterval: 0)
        for slot in 0..<3 {
            state.commit(SlotOutcome(slot: slot, island: 0, fingerprint: "same", standing: .failed))
        }
        #expect(state.candidate(withBehaviour: "same") == 0)
        #expect(state.candidate(withBehaviour: "other") == nil)
    }

    @Test("Contenders are scored proposals, best first; seed programs and failures are not among them")
    func contenders() {
        var state = PopulationState(islands: [Self.policy("a")], migrates: false, migrationInterval: 0)
        var all: [Elite] = []
        Self.history(&state, islands: 1, count: 100, key: "contenders") { _, scored in all = scored }
        let expected = all.filter { !$0.isSeed }.sorted(by: Elite.isBetter).prefix(4)
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
