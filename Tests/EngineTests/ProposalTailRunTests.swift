import ActivationCompiler
import ActivationIR
import Engine
import Evaluation
import EvolveTypes
import Foundation
import Population
import RunStore
import Testing

@Suite("A run and the tail of its proposals")
struct ProposalTailRunTests {
    /// - Parameter tried: what is told on the first island; the other one grafts.
    private static func policy(_ topology: Topology = .ring, tried: Int? = 3) -> RunPolicy {
        var policy = EngineFixture.policy(slots: 200, topology: topology)
        for place in policy.islands.indices {
            policy.islands[place].prompts[.rewrite] = "{{rules}}\n{{parents}}\n{{goal}}{{tried}}"
        }
        policy.islands[0].selection.tried = tried
        policy.islands[1].operators.append(IslandPolicy.OperatorShare(kind: .tailGraft, weight: 2))
        return policy
    }

    private static func finished(_ policy: RunPolicy) async throws -> any WorkQueue {
        let store: any WorkQueue = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        #expect(try await EngineFixture.run(policy, store: store).execute(stop: StopSignal()) == .complete)
        return store
    }

    /// Every plan as it was when its slot was committed, in slot order.
    private static func plans(_ policy: RunPolicy, _ records: [SlotRecord]) throws -> [SlotPlan] {
        var state = RunState(policy: policy)
        return try records.map { record in
            let plan = try #require(state.plans[record.slot])
            try state.commit(record)
            return plan
        }
    }

    @Test("A run that uses none of it has the policy, the plans and the digest of earlier versions")
    func unchanged() async throws {
        let policy = EngineFixture.policy(slots: 120)
        let store = try await Self.finished(policy)
        let slots = try store.slots(from: 0)
        let plans = try Self.plans(policy, slots)
        // As they were before anything was counted. Not of what holds gains: their last digits are the mathematics library's.
        let choices = plans.map { plan in
            "\(plan.slot) \(plan.variation.rawValue) \(plan.parents.map(\.id)) \(plan.model ?? "") \(plan.seeds)"
        }
        let digests = [
            Digest.hex(try CanonicalJSON.encode(policy)), Digest.hex(choices.joined(separator: "\n")),
            try RunDigest.of(store),
        ]
        #expect(
            digests == [
                "02aecae414f8c55045e4ea8eb435770745b6390b22bbedf71a0411023c579191",
                "7af1b57da254f388c93be003ee2d5d04b0b6238f7ef4f14a4197859c85a557b9",
                "5e54a88347fc1cd0cac96a5ede7a34b1730233cbcab77a705a8d57c32810db5b",
            ])
        let known: Set = [
            "base", "inspirations", "island", "model", "parents", "requestIndex", "rivals", "round", "seeds", "slot",
            "variation",
        ]
        for plan in plans { #expect(try Self.keys(plan).isSubset(of: known)) }
        #expect(
            try Self.keys(RunState(policy: policy, replaying: slots).population.image) == [
                "bandit", "beliefs", "islands", "leaders", "standings",
            ])
    }

    /// Of the value as a JSON object.
    private static func keys(_ value: some Encodable) throws -> Set<String> {
        let object = try JSONSerialization.jsonObject(with: CanonicalJSON.encode(value)) as? [String: Any]
        return Set((object ?? [:]).keys)
    }

    @Test(
        "It has one digest whoever finishes first, and a state kept at any slot goes on as the whole replay",
        arguments: [Topology.ring, .isolated])
    func digest(topology: Topology) async throws {
        let policy = Self.policy(topology)
        let store = try await Self.finished(policy)
        #expect(try RunDigest.of(store) == RunDigest.of(try await Self.finished(policy)))
        let slots = try store.slots(from: 0)
        let expected = try CanonicalJSON.encode(RunState(policy: policy, replaying: slots).image)
        for count in [1, 5, 40, 111, 199] {
            try store.keep(try RunState(policy: policy, replaying: Array(slots.prefix(count))).snapshot(of: store))
            let resumed = try RunState(policy: policy, history: ModelHistory(policy), resuming: store)
            #expect(try CanonicalJSON.encode(resumed.image) == expected, "kept after \(count) slots")
        }
    }

    @Test("Grafts begin when enough was proposed, bring their motif, and name the donor and the parent")
    func grafts() async throws {
        let policy = Self.policy()
        let slots = try await Self.finished(policy).slots(from: 0)
        let plans = try Self.plans(policy, slots)
        let grafts = zip(plans, slots).filter { $0.0.variation == .tailGraft }
        #expect(grafts.count > 20 && grafts.allSatisfy { $0.0.slot > 30 && $0.0.island == 1 })
        var brought = 0
        for (plan, record) in grafts {
            let motif = try #require(plan.graft).motif
            func motifs(_ source: String?) -> Set<String> {
                source.flatMap { ActivationPipeline().read($0).activation }.map { Motif.of($0.program) } ?? []
            }
            #expect(record.parents.count == 2 && motifs(slots[record.parents[0]].source).contains(motif))
            guard case .scored = slots[record.parents[0]].verdict else {
                Issue.record("the donor of \(record.slot) was never scored")
                continue
            }
            guard record.standIn == nil else { continue }
            brought += 1
            #expect(motifs(record.source).contains(motif))
        }
        #expect(brought > grafts.count / 2)
    }

    @Test("What is told was proposed most often, changes as the run goes on, and is told on its own island alone")
    func tried() async throws {
        let policy = Self.policy()
        let store = try await Self.finished(policy)
        let plans = try Self.plans(policy, try store.slots(from: 0))
        let told = try store.answers().filter { $0.prompt.contains("Already tried often: `") }
        #expect(told.count > 10 && told.allSatisfy { $0.slot > 30 && plans[$0.slot].island == 0 })
        #expect(Set(told.map { $0.prompt.suffix(60) }).count > 1)
        // The played model answers with waves.
        #expect(told.last?.prompt.contains("sinf(x)`") == true)
        for plan in plans {
            #expect((plan.tried != nil) == (plan.island == 0 && plan.model != nil))
            #expect((plan.tried?.count ?? 0) <= 3 && plan.tried?.allSatisfy(Motif.namesFunction) != false)
        }
    }
}
