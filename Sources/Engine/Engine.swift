import ActivationCompiler
import Evaluation
import EvolveTypes
import LanguageModels
import Mutation
import Population
import RunStore

/// `Engine`: the loop. Slots are planned, proposed, checked, trained and committed in order; then champions are verified.
///
/// A `Run` is one worker of a run, one of any number that share a store and are all alike. It claims tasks and carries them
/// out side by side; and whichever worker leads at the time (`RunLeader`) commits what has come in and opens what follows.
/// `RunState` decides what that is, as a value without I/O. Names no back end: store, model and evaluator come in as
/// protocols.
/// Invariants: see `RunState` and `WorkQueue`; moreover nothing is shown or used before it is in the store.
package struct Run: Sendable {
    package let policy: RunPolicy
    let store: any WorkQueue
    let evaluator: any CandidateEvaluator
    /// Of champions: workers that never trained anything in the search.
    let verifier: any CandidateEvaluator
    let card: WorkerCard
    let rhythm: Rhythm
    /// Whether a worker's process is known to be gone, however long its lease lasts.
    let isDead: @Sendable (WorkerCard) -> Bool
    let history: ModelHistory
    /// Seconds since some fixed instant; only for times shown to people.
    let clock: @Sendable () -> Double
    let observe: @Sendable (RunEvent) -> Void
    private let work: SlotWork

    /// Seconds for one model call. Generous: a small model on a busy machine answers in a few.
    package static let modelDeadline = 120.0

    package init(
        policy: RunPolicy, replay: Bool, store: any WorkQueue, evaluator: any CandidateEvaluator,
        verifier: any CandidateEvaluator, models: ModelRoster, modelDeadline: Double = Self.modelDeadline,
        card: WorkerCard, rhythm: Rhythm = .oneMachine,
        isDead: @escaping @Sendable (WorkerCard) -> Bool = { _ in false },
        clock: @escaping @Sendable () -> Double, observe: @escaping @Sendable (RunEvent) -> Void
    ) throws {
        self.policy = policy
        self.store = store
        self.evaluator = evaluator
        self.verifier = verifier
        self.card = card
        self.rhythm = rhythm
        self.isDead = isDead
        self.clock = clock
        self.observe = observe
        let history = try ModelHistory(policy, store.amendments())
        self.history = history
        let pipeline = ActivationPipeline(
            costLimit: policy.suite.costLimit, allow: policy.suite.allow ?? .elementwise)
        work = SlotWork(
            policy: policy, store: store, evaluator: evaluator,
            proposer: Proposer(
                roster: models,
                facts: { name, slot in history.models(at: slot).facts.first { $0.name == name } },
                runSeed: policy.seed, pipeline: pipeline, deadline: modelDeadline,
                twin: { [tried = TriedBehaviours(store)] in try tried.twin(of: $0, base: $1, novelty: $2) }),
            ledger: StoreLedger(store: store, history: history, replay: replay, clock: clock, observe: observe),
            pipeline: pipeline, clock: clock, note: WriteGroup { try store.note($0) })
    }

    /// Works until the run is complete or `stop` is requested; then answers that are under way are waited for as long as the
    /// request allows, and what was being trained is given up. A worker whose lease has run out, because it was suspended or
    /// the store was away, gives up what it was at and joins again.
    package func execute(stop: StopSignal) async throws -> RunEnding {
        let thread = StoreThread()
        while true {
            do {
                let ending = try await withTaskExecutorPreference(thread) {
                    var sitting = try WorkerSitting(self)
                    return try await sitting.work(stop: stop)
                }
                switch ending {
                case .complete: return .complete
                case .stopped: return .stopped
                case .leaseLost: observe(.rejoining)
                }
            } catch is CancellationError where stop.isRequested {
                // The workers were ended first: what they were training is given up, nothing else.
                return .stopped
            }
        }
    }

    /// Asks no model any more.
    func cease() { work.ledger.cease() }

    /// Of models, by this worker.
    var callsUnderWay: Int { work.ledger.callsUnderWay }

    /// - Parameter plan: the task's, if it is known.
    func perform(_ claim: TaskClaim, plan: SlotPlan?) async throws -> TaskOutcome {
        switch claim.task.kind {
        case .slot:
            let plan = try plan ?? CanonicalJSON.decode(SlotPlan.self, from: claim.task.plan)
            let result = try await work.perform(plan, claim)
            return TaskOutcome(bytes: try result.bytes(), value: .slot(result))
        case .verification:
            let step = try CanonicalJSON.decode(Verification.Step.self, from: claim.task.plan)
            let record = try await carryOut(step, index: claim.task.number, requested: nil)
            return TaskOutcome(bytes: try CanonicalJSON.encode(record), value: .verification(record))
        }
    }
}

/// How often a worker looks and says that it lives, in seconds.
package struct Rhythm: Sendable {
    /// A worker that has been silent for so long is taken for dead.
    package var lease: Double
    package var renewal: Double
    /// Between two looks for what others have left to do or have done.
    package var poll: Double

    package init(lease: Double, renewal: Double, poll: Double) {
        self.lease = lease
        self.renewal = renewal
        self.poll = poll
    }

    /// With as many signs of life and looks as the lease asks for.
    package init(lease: Double) {
        self.init(lease: lease, renewal: lease / 5, poll: min(0.5, lease / 8))
    }

    /// A lease is longer than most restarts of a database, and no longer: where the lookahead is short, a slot whose worker
    /// has died holds up all until it has run out (docs/runs.md, "Many workers").
    package static let cluster = Rhythm(lease: 15)
    package static let oneMachine = Rhythm(lease: 15, renewal: 1, poll: 0.25)
}
