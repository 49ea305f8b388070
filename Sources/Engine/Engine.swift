import ActivationCompiler
import Evaluation
import EvolveTypes
import LanguageModels
import Mutation
import Population
import RunStore

/// `Engine`: the loop. Slots are planned, proposed, checked, trained and committed in order; then champions are verified.
///
/// `RunState` decides, as a state machine without I/O; `Run` carries out its actions with concurrent tasks and feeds
/// their results back, one at a time. Names no back end: store, model and evaluator come in as protocols.
/// Invariants: see `RunState`; moreover nothing is shown or used before it is in the store.
package struct Run: Sendable {
    package let policy: RunPolicy
    let store: any RunStore
    let evaluator: any CandidateEvaluator
    /// Of champions: workers that never trained anything in the search.
    let verifier: any CandidateEvaluator
    let pipeline: ActivationPipeline
    private let proposer: Proposer
    private let ledger: StoreLedger
    private let behaviours = BehaviourIndex()
    private let history: ModelHistory
    /// Seconds since some fixed instant; only for times shown to people and for the time budget.
    let clock: @Sendable () -> Double
    let observe: @Sendable (RunEvent) -> Void

    /// Seconds for one model call. Generous: a small model on a busy machine answers in a few.
    package static let modelDeadline = 120.0

    package init(
        policy: RunPolicy, replay: Bool, store: any RunStore, evaluator: any CandidateEvaluator,
        verifier: any CandidateEvaluator, models: ModelRoster, modelDeadline: Double = Self.modelDeadline,
        clock: @escaping @Sendable () -> Double, observe: @escaping @Sendable (RunEvent) -> Void
    ) throws {
        self.policy = policy
        self.store = store
        self.evaluator = evaluator
        self.verifier = verifier
        self.clock = clock
        self.observe = observe
        pipeline = ActivationPipeline(
            costLimit: policy.suite.costLimit, allow: policy.suite.allow ?? .elementwise)
        history = try ModelHistory(policy, store.amendments())
        proposer = Proposer(
            roster: models,
            facts: { [history] name, slot in history.models(at: slot).facts.first { $0.name == name } },
            runSeed: policy.seed, pipeline: pipeline, deadline: modelDeadline,
            twin: { [behaviours] in behaviours.twin(of: $0, below: $1) })
        ledger = try StoreLedger(
            store: store, history: history, replay: replay, clock: clock, observe: observe)
    }

    /// Goes on from whatever the store holds, to the end or until `stop` is requested.
    package func execute(stop: StopSignal) async throws -> RunEnding {
        do {
            return try await proceed(stop: stop)
        } catch is CancellationError where stop.isRequested {
            // The workers were ended first: what they were training is given up, nothing else.
            return .stopped
        }
    }

    private func proceed(stop: StopSignal) async throws -> RunEnding {
        let slots = try store.slots(from: 0)
        var state = try RunState(policy: policy, history: history, replaying: slots)
        for record in slots { behaviours.note(record) }
        let verified = try store.verifications()
        // Once verification has begun the search is over, even if a time budget ended it before its last slot.
        if verified.isEmpty, !state.isComplete {
            observe(.searching(committed: state.committed, of: policy.slots))
            guard try await search(&state, stop: stop) == .complete else { return .stopped }
        }
        return try await verify(state.population, stop: stop)
    }

    private enum Event: Sendable {
        case prepared(PreparedSlot)
        case measured(slot: Int, CandidateMeasurement)
        case retested(SlotPlan, CandidateMeasurement)
        case stopRequested
        case timeIsUp
    }

    private func search(_ state: inout RunState, stop: StopSignal) async throws -> RunEnding {
        var current = state
        defer { state = current }
        return try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask {
                await stop.wait()
                return .stopRequested
            }
            if let minutes = policy.maxMinutes {
                group.addTask {
                    try await Task.sleep(for: .seconds(minutes * 60))
                    return .timeIsUp
                }
            }
            defer { group.cancelAll() }
            try carryOut(current.begin(), state: current, in: &group)
            while let event = try await group.next() {
                switch event {
                case .prepared(let slot): try carryOut(current.prepared(slot), state: current, in: &group)
                case .measured(let slot, let measurement):
                    try carryOut(current.measured(slot, measurement), state: current, in: &group)
                case .retested(let plan, let measurement):
                    try carryOut(current.retested(plan, measurement), state: current, in: &group)
                case .stopRequested: return .stopped
                case .timeIsUp: return .complete
                }
                if current.isComplete { return .complete }
            }
            return .stopped
        }
    }

    private func carryOut(
        _ actions: [RunState.Action], state: RunState, in group: inout ThrowingTaskGroup<Event, any Error>
    ) throws {
        for action in actions {
            switch action {
            case .commit(let record):
                try store.commit(record)
                behaviours.note(record)
                observe(.committed(record))
            case .propose(let plan):
                let seed = plan.variation == .seed ? state.seedProgram(plan.slot) : nil
                group.addTask { .prepared(try await prepare(plan, seed: seed)) }
            case .evaluate(let slot):
                guard let candidate = slot.candidate else { continue }
                group.addTask { .measured(slot: slot.plan.slot, try await measure(candidate, slot.plan)) }
            case .retest(let plan):
                group.addTask { .retested(plan, try await retest(plan)) }
            }
        }
    }

    /// Seed programs are not raced: few, and what everything is bred from.
    private func measure(_ candidate: CompiledActivation, _ plan: SlotPlan) async throws -> CandidateMeasurement {
        guard plan.variation == .seed else {
            return try await evaluator.search(candidate.kernel, rivals: plan.rivals)
        }
        return try await evaluator.measure(
            candidate.kernel, MeasurementRequest(.search, purpose: .search, seeds: 0..<policy.suite.scoring.seeds))
    }

    private func retest(_ plan: SlotPlan) async throws -> CandidateMeasurement {
        guard case .compiled(let candidate)? = plan.parents.first.map({ ActivationPipeline().compile($0.source) })
        else {
            throw Failure(.internalError, "an elite of slot \(plan.slot) does not compile any more")
        }
        return try await evaluator.measure(
            candidate.kernel, MeasurementRequest(.search, purpose: .search, seeds: plan.seeds))
    }

    private func prepare(_ plan: SlotPlan, seed: NamedProgram?) async throws -> PreparedSlot {
        let start = clock()
        let proposal: Proposal
        var tuningSteps: Int?
        if let seed {
            proposal = Proposal(source: seed.source, failure: nil)
        } else if plan.variation == .constantTuning {
            (proposal, tuningSteps) = try await tuned(plan)
        } else {
            proposal = try await proposer.propose(plan, policy: policy.islands[plan.island], ledger: ledger)
        }
        return PreparedSlot(
            plan: plan, proposal: proposal, spend: ledger.spend(of: plan.slot), tuningSteps: tuningSteps,
            proposeSeconds: clock() - start, pipeline: pipeline)
    }
}
