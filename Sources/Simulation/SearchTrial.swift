import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Mutation
import Population
import RunStore

/// A search whose slots are carried out one after the other: as it would come out on any number of workers.
///
/// Plans, tree operators, front end, beliefs and archive are the run's own. What candidates come to, an evaluator says: one that
/// plays (`PlayedTraining`), or one that remembers (`RememberingEvaluator`).
package struct SearchTrial {
    /// The search after so many slots.
    package struct Checkpoint: Sendable {
        package var slots: Int
        package var population: PopulationState
        package var records: [SlotRecord]

        /// Fingerprints of the candidates that were trained to the end, in their order.
        package var scored: [String] {
            records.compactMap { if case .scored = $0.verdict { $0.fingerprint } else { nil } }
        }
    }

    private let policy: RunPolicy
    private let evaluator: any CandidateEvaluator
    private let pipeline: ActivationPipeline

    /// - Parameter policy: its islands use tree operators and the grammar only.
    package init(policy: RunPolicy, evaluator: any CandidateEvaluator) throws {
        guard !policy.asksModels else { throw Failure(.badInput, "a trial of the search asks no model") }
        self.policy = policy
        self.evaluator = evaluator
        pipeline = ActivationPipeline(
            costLimit: policy.suite.costLimit, allow: policy.suite.allow ?? .elementwise)
    }

    /// - Parameter marks: numbers of slots after which to look.
    package func run(marks: [Int]) async throws -> [Checkpoint] {
        let journal = journal()
        let proposer = proposer(journal)
        var state = RunState(policy: policy)
        var first: [String: CandidateID] = [:]
        var records: [SlotRecord] = []
        var checkpoints: [Checkpoint] = []
        while !state.isComplete, let plan = state.plans[state.committed] {
            var record = try await carryOut(plan, proposer)
            if let fingerprint = record.fingerprint {
                if let original = first[fingerprint] {
                    record.verdict = .duplicate(of: original)
                } else {
                    first[fingerprint] = record.slot
                }
            }
            try state.commit(record)
            try journal?.commit([record])
            records.append(record)
            if marks.contains(state.committed) {
                checkpoints.append(
                    Checkpoint(slots: state.committed, population: state.population, records: records))
            }
        }
        return checkpoints
    }

    /// The one of whom most is believed after a re-test of the best, as verification chooses it (`Verification`).
    /// - Returns: nil where none of them could be trained.
    package func champion(of population: PopulationState) async throws -> (elite: Elite, candidate: CompiledActivation)?
    {
        var population = population
        let count = policy.verification.candidates
        let seeds = 0..<policy.verification.retestSeeds
        var sound: [CandidateID: CompiledActivation] = [:]
        for elite in population.contenders(count) {
            let candidate = try compiled(elite)
            let verdict = try await evaluator.measure(
                candidate, MeasurementRequest(.search, purpose: .retest, seeds: seeds)
            ).verdict
            guard case .scored(let score) = verdict else { continue }
            population.learn(Evidence(score), of: elite.id)
            sound[elite.id] = candidate
        }
        for elite in population.contenders(count) {
            if let candidate = sound[elite.id] { return (elite, candidate) }
        }
        return nil
    }

    package func compiled(_ elite: Elite) throws -> CompiledActivation {
        guard case .compiled(let candidate) = pipeline.compile(elite.source) else {
            throw Failure(.internalError, "candidate \(elite.id) does not compile any more")
        }
        return candidate
    }

    /// Of the slots that are committed, where an island asks for what was tried before; nil where none does.
    private func journal() -> InMemoryRunStore? {
        let asksForTwins = policy.islands.contains { island in
            island.novelty != nil || island.operators.contains { $0.kind == .tailGraft }
        }
        guard asksForTwins else { return nil }
        return InMemoryRunStore(
            manifest: RunManifest(
                name: policy.name, seed: policy.seed, policy: Data(), definitions: [], replay: false,
                createdAt: Date(timeIntervalSince1970: 0)))
    }

    private func proposer(_ journal: InMemoryRunStore?) -> Proposer {
        let tried = journal.map { TriedBehaviours($0) }
        return Proposer(
            roster: ModelRoster([]), runSeed: policy.seed, pipeline: pipeline, deadline: 1,
            twin: { try tried?.twin(of: $0, base: $1, novelty: $2) })
    }

    private func carryOut(_ plan: SlotPlan, _ proposer: Proposer) async throws -> SlotRecord {
        let island = policy.islands[plan.island]
        if plan.variation == .retest, let elite = plan.parents.first {
            let request = MeasurementRequest(.search, purpose: .search, seeds: plan.seeds)
            return SlotRecord(
                retest: plan, island: island.name, try await evaluator.measure(try compiled(elite), request))
        }
        let isSeed = plan.variation == .seed
        let proposal =
            isSeed
            ? Proposal(policy.seedSlots[plan.slot].program.source, pipeline)
            : try await proposer.propose(plan, policy: island, ledger: NoLedger())
        let slot = PreparedSlot(plan: plan, proposal: proposal, proposeSeconds: 0)
        guard let candidate = slot.candidate else { return slot.record(island: island.name, measurement: nil) }
        let all = MeasurementRequest(.search, purpose: .search, seeds: 0..<policy.suite.scoring.seeds)
        // Seed programs are not raced.
        let measurement =
            isSeed
            ? try await evaluator.measure(candidate, all)
            : try await evaluator.search(candidate, rivals: plan.rivals)
        return slot.record(island: island.name, measurement: measurement)
    }
}

/// Tree operators ask nobody.
private struct NoLedger: AnswerLedger {
    func answer(
        to requests: RequestLadder, slot: Int, turn: Int, from entry: ModelRoster.Entry
    ) async throws -> RecordedAnswer {
        throw Failure(.internalError, "no model is asked here")
    }
}
