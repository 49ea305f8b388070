import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import Mutation
import Population
import RunStore
import Testing

/// The fixture's seed slots: relu and gelu on the island smooth; gelu, sine and tanh on the island periodic.
@Suite("The state of a run")
struct RunStateTests {
    private static let scored = CandidateMeasurement(
        verdict: .scored(PlayedEvaluator.score(1)), compileSeconds: 0, trainSeconds: 0)

    private static func prepared(_ slot: Int, in state: RunState) -> PreparedSlot {
        let program = state.policy.seedSlots[slot].program
        return PreparedSlot(
            plan: SlotPlan(slot: slot, island: slot < 2 ? 0 : 1, variation: .seed, parents: []),
            proposal: Proposal(program.source, ActivationPipeline()), proposeSeconds: 0)
    }

    /// What an undisturbed session would have committed.
    private static func record(_ slot: Int, in state: RunState) -> SlotRecord {
        prepared(slot, in: state).record(island: slot < 2 ? "smooth" : "periodic", measurement: scored)
    }

    @Test("Elites stand by what the suite selects on", arguments: [(SelectionRule.mean, 3.0), (.tail, -5), (.mix, -1)])
    func selection(rule: SelectionRule, standing: Double) throws {
        var policy = EngineFixture.policy()
        policy.suite.scoring.selection = rule
        var state = RunState(policy: policy)
        var score = PlayedEvaluator.score(11)
        score.tasks[1].gains = [-5]
        // Many seeds, so that what is believed is what was measured.
        for place in score.tasks.indices {
            score.tasks[place].gains = Array(repeating: score.tasks[place].gains[0], count: 4000)
        }
        let measurement = CandidateMeasurement(verdict: .scored(score), compileSeconds: 0, trainSeconds: 0)
        try state.commit(Self.prepared(0, in: state).record(island: "smooth", measurement: measurement))
        #expect(abs((state.population.archive(of: 0).best?.gain ?? 99) - standing) < 0.01)
    }

    @Test("A function with a pole that the soundness gate's points have missed is unsound, and can be written down")
    func pole() throws {
        let source = "float activation(float x) { return x + 1.0f / (x + 13.0f); }"
        guard case .compiled = ActivationPipeline().compile(source) else {
            Issue.record("the gate sees it")
            return
        }
        let slot = PreparedSlot(
            plan: SlotPlan(slot: 0, island: 0, variation: .seed, parents: []),
            proposal: Proposal(source, ActivationPipeline()), proposeSeconds: 0)
        let record = slot.record(island: "smooth", measurement: nil)
        #expect(slot.candidate == nil && record.verdict.name == "unsound" && record.source == source)
        #expect(try !CanonicalJSON.encode(record).isEmpty)
    }

    @Test("The search ends at the slot whose steps use up the budget")
    func trainingSteps() throws {
        var policy = EngineFixture.policy()
        policy.trainingSteps = 20
        var state = RunState(policy: policy)
        for slot in 0..<2 {
            #expect(!state.isComplete)
            try state.commit(Self.record(slot, in: state))
        }
        #expect(state.isComplete && state.committed == 2)
    }

    @Test("A state that was kept goes on as the one it was made of")
    func image() throws {
        let policy = EngineFixture.policy(slots: 30)
        var state = RunState(policy: policy)
        for slot in 0..<5 { try state.commit(Self.record(slot, in: state)) }
        let bytes = try CanonicalJSON.encode(state.image)
        let again = RunState(
            policy: policy, history: ModelHistory(policy),
            image: try CanonicalJSON.decode(RunState.Image.self, from: bytes))
        #expect(again.committed == 5 && again.plans == state.plans)
        #expect(try CanonicalJSON.encode(again.image) == bytes)
    }

    /// Each makes a record that the definitions cannot have led to.
    static let edits: [@Sendable (inout SlotRecord) -> Void] = [
        { $0.slot = 1 }, { $0.island = "periodic" }, { $0.variation = "tree-mutation" }, { $0.parents = [0] },
    ]

    @Test("A store that does not follow from its own definitions is refused", arguments: edits.indices)
    func editedStore(index: Int) throws {
        var state = RunState(policy: EngineFixture.policy())
        var record = Self.record(0, in: state)
        Self.edits[index](&record)
        let failure = #expect(throws: Failure.self) { try state.commit(record) }
        #expect(failure?.kind == .badInput)
        #expect(failure?.message.contains("does not follow from its own definitions") == true)
    }

    @Test("Elites travel as the topology says, and stay at home on isolated islands", arguments: Topology.allCases)
    func topology(_ topology: Topology) throws {
        var policy = EngineFixture.policy(topology: topology)
        policy.migrationInterval = 1
        var state = RunState(policy: policy)
        try state.commit(Self.record(0, in: state))
        #expect(
            state.population.islands.indices.map { state.population.archive(of: $0).elites.map(\.id) } == [
                [0], topology == .isolated ? [] : [0],
            ])
    }
}
