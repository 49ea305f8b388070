import EvolveTypes
import Population
import Testing

@Suite("Plans that draw from the tail")
struct TailPlanningTests {
    private static func policy(_ name: String, tried: Int? = nil, graft: Double = 1) -> IslandPolicy {
        IslandPolicy(
            name: name, seeds: [], prompts: [:],
            operators: [
                IslandPolicy.OperatorShare(kind: .treeMutation, weight: 1),
                IslandPolicy.OperatorShare(kind: .tailGraft, weight: graft),
            ],
            sampling: IslandPolicy.Sampling(temperature: 0.8, maxTokens: 100),
            selection: IslandPolicy.Selection(parents: 1, temperature: 0.5, uniform: 0.2, tried: tried))
    }

    private static func state(_ policies: [IslandPolicy], _ topology: Topology = .ring) -> PopulationState {
        PopulationState(islands: policies, rules: rules(topology))
    }

    private static func rules(_ topology: Topology) -> PopulationRules {
        PopulationRules(topology: topology, migrationInterval: topology == .isolated ? 0 : 5, families: ["f"])
    }

    private static func evidence(_ gain: Double, seeds: Int) -> Evidence {
        Evidence([Evidence.Task(name: "f", family: "f", gains: Array(repeating: gain, count: seeds))])
    }

    private static func candidate(_ slot: Int, _ stream: inout RandomStream) -> Candidate {
        let behaviour = BehaviourDescriptor(
            leftSlope: [-1, 0, 1][stream.index(below: 3)], rightSlope: [0, 1][stream.index(below: 2)],
            turns: stream.index(below: 3))
        let cost = Double(stream.index(below: 60))
        return Candidate(
            id: slot, source: "s\(slot)", cost: cost, cell: ArchiveCell(behaviour, cost: cost),
            isSeed: stream.index(below: 10) == 0, evidence: evidence(4 * stream.uniform() - 2, seeds: 3))
    }

    /// Random outcomes of every kind, with the motifs of each.
    private static func outcomes(_ count: Int, islands: Int, key: String) -> [SlotOutcome] {
        var stream = RandomStream(key: ["tail", key])
        var scored: [Int] = []
        return (0..<count).map { slot in
            let known = scored.isEmpty ? nil : scored[stream.index(below: scored.count)]
            let standing: SlotOutcome.Standing
            switch (stream.index(below: 8), known) {
            case (0, _): standing = .failed
            case (1, _): standing = .racedOut(evidence(-3, seeds: 1))
            case (2, let id?): standing = .equal(to: id)
            case (3, let id?): standing = .retested(id, evidence(4 * stream.uniform() - 2, seeds: 4))
            case (4, let id?) where stream.index(below: 6) == 0:
                standing = .lost(id)
                scored.removeAll { $0 == id }
            default:
                standing = .scored(candidate(slot, &stream))
                scored.append(slot)
            }
            var outcome = SlotOutcome(slot: slot, island: slot % islands, standing: standing, parentGain: 0.5)
            outcome.motifs = Set((0..<3).map { _ in "m\(stream.index(below: 40))" }).sorted()
            switch standing {
            case .retested, .lost: outcome.motifs = nil
            default: break
            }
            return outcome
        }
    }

    @Test("What is counted is what a recount of the commits comes to; donors are scored candidates that have the motif")
    func recount() throws {
        var state = Self.state([Self.policy("a"), Self.policy("b")])
        let outcomes = Self.outcomes(400, islands: 2, key: "recount")
        var lost: Set<Int> = []
        for outcome in outcomes {
            state.commit(outcome)
            if case .lost(let id) = outcome.standing { lost.insert(id) }
        }
        let tally = try #require(state.tally(of: 0))
        let other = try #require(state.tally(of: 1))
        #expect(try CanonicalJSON.encode(tally) == CanonicalJSON.encode(other))
        let proposals = outcomes.filter { outcome in
            if case .scored(let candidate) = outcome.standing { return !candidate.isSeed }
            return outcome.motifs != nil
        }
        #expect(tally.proposals == proposals.count)
        var donors = 0
        for motif in tally.motifs {
            let entry = try #require(tally[motif])
            // All counts lie between the number of slots and what the oldest of them still count for.
            let count = Double(proposals.count { $0.motifs?.contains(motif) == true })
            #expect(entry.proposals <= count && entry.proposals > 0.75 * count)
            guard let donor = entry.donor else { continue }
            donors += 1
            guard case .scored(let candidate) = outcomes[donor.id].standing else {
                Issue.record("\(donor.id) was never scored")
                continue
            }
            #expect(outcomes[donor.id].motifs?.contains(motif) == true && candidate.source == donor.source)
            #expect(!lost.contains(donor.id))
            if state.remembers(donor.id) { #expect(state.elite(donor.id) == donor, "it stands as the archive says") }
        }
        #expect(donors > 30)
    }

    @Test("A graft has a donor with the motif, another parent, and the cells that are held")
    func grafts() throws {
        var state = Self.state([Self.policy("a"), Self.policy("b")])
        var grafts = 0
        for outcome in Self.outcomes(200, islands: 2, key: "grafts") {
            state.commit(outcome)
            for island in 0..<2 {
                var stream = RandomStream(key: ["plan", "\(outcome.slot)"])
                let plan = state.plan(slot: 900, island: island, models: [], stream: &stream)
                #expect((plan.variation == .tailGraft) == (plan.graft != nil))
                guard let graft = plan.graft else { continue }
                grafts += 1
                #expect(state.tally(of: island)?[graft.motif]?.donor == plan.parents.first)
                #expect(plan.parents.count == 2 && plan.parents[0].id != plan.parents[1].id)
                #expect(state.breedingStock(of: island).contains(plan.parents[1]))
                let cells = state.archive(of: island).cells.keys
                #expect(graft.held == CellSet(cells) && cells.allSatisfy { graft.held.contains($0) })
                #expect(try CanonicalJSON.decode(SlotPlan.self, from: CanonicalJSON.encode(plan)) == plan)
            }
        }
        #expect(grafts > 100)
    }

    @Test("Nothing is grafted, and nothing counted, before enough is known or where no island asks for it")
    func fallback() {
        var counting = Self.state([Self.policy("a")])
        var other = Self.state([Self.policy("a", graft: 0)])
        for outcome in Self.outcomes(60, islands: 1, key: "fallback") {
            counting.commit(outcome)
            other.commit(outcome)
            var stream = RandomStream(key: ["plan", "\(outcome.slot)"])
            let plan = counting.plan(slot: 900, island: 0, models: [], stream: &stream)
            if counting.tally(of: 0).map({ $0.proposals < 30 }) == true { #expect(plan.variation == .treeMutation) }
            #expect(other.tally(of: 0) == nil && other.donors.isEmpty)
        }
        #expect(Self.state([Self.policy("a", tried: 2, graft: 0)]).countsMotifs)
    }

    @Test("Where nothing migrates an island grafts nothing from another one")
    func isolation() {
        var state = Self.state([Self.policy("a"), Self.policy("b")], .isolated)
        let outcomes = Self.outcomes(300, islands: 2, key: "isolation").filter {
            if case .equal = $0.standing { return false }
            return true
        }
        var donors: [Set<Int>] = [[], []]
        for outcome in outcomes {
            state.commit(outcome)
            for island in 0..<2 {
                var stream = RandomStream(key: ["isolated", "\(outcome.slot)"])
                let plan = state.plan(slot: 900, island: island, models: [], stream: &stream)
                if plan.graft != nil { donors[island].insert(plan.parents[0].id) }
            }
        }
        for island in 0..<2 { #expect(donors[island].count > 3 && donors[island].allSatisfy { $0 % 2 == island }) }
    }

    @Test("A state that was kept goes on as the one it was made of")
    func kept() throws {
        let (policies, outcomes) = ([Self.policy("a"), Self.policy("b")], Self.outcomes(160, islands: 2, key: "kept"))
        for topology in [Topology.ring, .isolated] {
            var whole = Self.state(policies, topology)
            for outcome in outcomes.prefix(90) { whole.commit(outcome) }
            let bytes = try CanonicalJSON.encode(whole.image)
            var again = PopulationState(
                islands: policies, rules: Self.rules(topology),
                image: try CanonicalJSON.decode(PopulationState.Image.self, from: bytes))
            for outcome in outcomes.dropFirst(90) {
                whole.commit(outcome)
                again.commit(outcome)
            }
            #expect(try CanonicalJSON.encode(again.image) == CanonicalJSON.encode(whole.image))
        }
    }
}
