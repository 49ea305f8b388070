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
        let program = state.seedProgram(slot)
        return PreparedSlot(
            plan: SlotPlan(slot: slot, island: slot < 2 ? 0 : 1, variation: .seed, parents: []),
            proposal: Proposal(source: program.source, failure: nil),
            proposeSeconds: 0, pipeline: ActivationPipeline())
    }

    /// What an undisturbed session would have committed.
    private static func record(_ slot: Int, in state: RunState) -> SlotRecord {
        prepared(slot, in: state).record(island: slot < 2 ? "smooth" : "periodic", measurement: scored)
    }

    private static func words(_ actions: [RunState.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .propose(let plan): "propose \(plan.slot)"
            case .retest(let plan): "re-test \(plan.parents.map(\.id)) in \(plan.slot)"
            case .evaluate(let slot): "evaluate \(slot.plan.slot)"
            case .commit(let record):
                if case .duplicate(let original) = record.verdict {
                    "commit \(record.slot) as a duplicate of \(original)"
                } else {
                    "commit \(record.slot) as \(record.verdict.name)"
                }
            }
        }
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
        try state.replay(Self.prepared(0, in: state).record(island: "smooth", measurement: measurement))
        #expect(abs((state.population.archive(of: 0).best?.gain ?? 99) - standing) < 0.01)
    }

    @Test("The search ends at the slot whose steps use up the budget, and commits nothing behind it")
    func trainingSteps() {
        var policy = EngineFixture.policy()
        policy.trainingSteps = 20
        var state = RunState(policy: policy)
        var committed: [String] = []
        for slot in 0..<5 { _ = state.prepared(Self.prepared(slot, in: state)) }
        for slot in [3, 2, 1, 0] { committed += Self.words(state.measured(slot, Self.scored)) }
        #expect(committed.filter { $0.hasPrefix("commit") } == ["commit 0 as scored", "commit 1 as scored"])
        #expect(state.isComplete && state.committed == 2)
    }

    @Test("A twin of a candidate of an earlier session is a duplicate and is not trained")
    func duplicateAcrossSessions() throws {
        var state = RunState(policy: EngineFixture.policy())
        for slot in 0..<2 { try state.replay(Self.record(slot, in: state)) }
        #expect(Self.words(state.begin()) == ["propose 2", "propose 3", "propose 4"])
        #expect(Self.words(state.prepared(Self.prepared(2, in: state))) == ["commit 2 as a duplicate of 1"])
    }

    @Test("The lower of two twins in flight is trained and is the original, whichever is ready first")
    func twinsInFlight() {
        for order in [[1, 2], [2, 1]] {
            var state = RunState(policy: EngineFixture.policy())
            var asked: [String] = []
            for slot in [0] + order { asked += Self.words(state.prepared(Self.prepared(slot, in: state))) }
            #expect(asked.contains("evaluate 1"), "ready in order \(order)")
            var committed: [String] = []
            for slot in order.reversed() + [0] where asked.contains("evaluate \(slot)") {
                committed += Self.words(state.measured(slot, Self.scored))
            }
            #expect(committed == ["commit 0 as scored", "commit 1 as scored", "commit 2 as a duplicate of 1"])
        }
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
        let failure = #expect(throws: Failure.self) { try state.replay(record) }
        #expect(failure?.kind == .badInput)
        #expect(failure?.message.contains("does not follow from its own definitions") == true)
    }

    @Test("Elites travel in a ring and stay at home on isolated islands", arguments: RunPolicy.Topology.allCases)
    func topology(_ topology: RunPolicy.Topology) throws {
        var policy = EngineFixture.policy(topology: topology)
        policy.migrationInterval = 1
        var state = RunState(policy: policy)
        try state.replay(Self.record(0, in: state))
        #expect(
            state.population.islands.indices.map { state.population.archive(of: $0).elites.map(\.id) } == [
                [0], topology == .ring ? [0] : [],
            ])
    }
}
