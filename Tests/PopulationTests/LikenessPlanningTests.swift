import EvolveTypes
import Population
import Testing

@Suite("Choosing by behaviour")
struct LikenessPlanningTests {
    /// Elites whose id says what they do: far from each other by the difference of their ids, from each cell by the distance
    /// to 7. Those without behaviour are told by a negative gain.
    private struct ById: EliteLikeness {
        func unlikeness(_ a: Elite, _ b: Elite) -> Double? {
            a.gain < 0 || b.gain < 0 ? nil : min(1.4, Double(abs(a.id - b.id)))
        }

        func remoteness(of elite: Elite, from cell: ArchiveCell) -> Double? {
            elite.gain < 0 ? nil : Double(abs(elite.id - 7))
        }
    }

    /// Slopes on the left; all else is the same.
    private static func elite(_ id: Int, _ left: ArchiveCell.Slope = .flat, gain: Double = 1) -> Candidate {
        let evidence = Evidence([Evidence.Task(name: "f", family: "f", gains: Array(repeating: gain, count: 1000))])
        let cell = ArchiveCell(left: left, right: .unit, oscillation: .one, cost: .cheap)
        return Candidate(id: id, source: "s\(id)", cost: 5, cell: cell, isSeed: true, evidence: evidence)
    }

    private static func state(
        _ operators: [VariationOperator], _ likeness: IslandPolicy.Selection.Likeness?, _ elites: [Candidate],
        inspirations: Int = 0
    ) -> PopulationState {
        let policy = IslandPolicy(
            name: "a", seeds: [], prompts: [:],
            operators: operators.map { IslandPolicy.OperatorShare(kind: $0, weight: 1) },
            sampling: IslandPolicy.Sampling(temperature: 0.8, maxTokens: 100),
            selection: IslandPolicy.Selection(
                parents: 1, inspirations: inspirations, temperature: 0.5, uniform: 0, likeness: likeness))
        let rules = PopulationRules(topology: .isolated, migrationInterval: 0, families: ["f"])
        var state = PopulationState(islands: [policy], rules: rules)
        for elite in elites { state.commit(SlotOutcome(slot: elite.id, island: 0, standing: .scored(elite))) }
        return state
    }

    private static func plans(_ state: PopulationState, _ likeness: (any EliteLikeness)? = ById()) -> [SlotPlan] {
        (0..<60).map { slot in
            var stream = RandomStream(key: ["likeness", "\(slot)"])
            return state.plan(slot: slot, island: 0, models: ["m"], stream: &stream, likeness: likeness)
        }
    }

    @Test(
        "An idea for an empty cell starts from the four elites that come nearest to it; where none has a behaviour, from its neighbours"
    )
    func ideas() {
        let elites = (0..<10).map { Self.elite($0, .allCases[$0 % 5], gain: 1) }
        // One cell each, or the archive would keep but five.
        let state = Self.state([.modelIdea], .behaviour, Array(elites[3..<8]))
        let plans = Self.plans(state)
        #expect(plans.allSatisfy { $0.target != nil })
        #expect(Set(plans.flatMap(\.parents).map(\.id)) == [4, 5, 6, 7])

        let silent = (0..<3).map { Self.elite($0, .allCases[$0], gain: -1) }
        for plan in Self.plans(Self.state([.modelIdea], .behaviour, silent)) {
            let distances = plan.parents.compactMap { plan.target?.distance(to: $0.cell) }
            #expect(distances == [1], "next to the cell")
        }
    }

    @Test("Inspirations and the second parent of a crossover are unlike the first in what they do, not in their cells")
    func unlike() {
        let elites = [Self.elite(0, .flat), Self.elite(1, .steep), Self.elite(9, .gentle)]
        // By behaviour 0 and 1 are a unit apart, 9 is as far from both as can be.
        for kind in [VariationOperator.modelCrossover, .modelRewrite] {
            let state = Self.state([kind], .behaviour, elites, inspirations: kind == .modelRewrite ? 1 : 0)
            let pairs = Self.plans(state).map { Set(($0.parents + $0.inspirations).map(\.id)) }
            let far = pairs.count { $0.contains(9) }
            let cells = Self.plans(Self.state([kind], nil, elites, inspirations: kind == .modelRewrite ? 1 : 0))
            let nearCells = cells.map { Set(($0.parents + $0.inspirations).map(\.id)) }
            #expect(pairs.allSatisfy { $0.count == 2 } && pairs != nearCells)
            #expect(far > nearCells.count { $0.contains(9) }, "weights 17 to 9 in place of evens")
        }
    }

    @Test(
        "Who does not choose by behaviour is not asked for it", arguments: [nil, IslandPolicy.Selection.Likeness.cells])
    func cells(likeness: IslandPolicy.Selection.Likeness?) {
        let elites = (0..<5).map { Self.elite($0, .allCases[$0]) }
        let state = Self.state([.modelCrossover, .modelIdea], likeness, elites)
        #expect(Self.plans(state) == Self.plans(state, nil))
    }
}
