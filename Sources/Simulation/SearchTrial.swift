import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import LanguageModels
import Mutation
import Population
import RunStore

/// A search whose slots are carried out one after the other: as it would come out on any number of workers.
///
/// Plans, tree operators, front end, race, beliefs and archive are the run's own. Training is played: a network's
/// gain is what `HiddenTarget` says of the candidate, and noise that depends on behaviour, task and seed.
package struct SearchTrial {
    package struct Checkpoint: Encodable, Sendable {
        package var slots: Int
        /// Of the candidate that the run believes to be the best, without noise, in decibels.
        package var champion: Double
        /// Of the best of all that were trained to the end.
        package var best: Double
        /// Slots so far whose candidate was trained to the end.
        package var scored: Int
    }

    private let policy: RunPolicy
    private let target: HiddenTarget
    private let proposer: Proposer
    private let pipeline: ActivationPipeline
    /// Gain of each behaviour, by family; nil = it diverges.
    private var gains: [String: [String: Double]?] = [:]
    private var truth: [CandidateID: Double] = [:]

    /// Standard deviation between a task's seeds, in decibels: of the laboratory suite (Fitness/lab/suite.yaml).
    private static let seedDeviation = 2.5

    /// - Parameters:
    ///   - policy: its islands use tree operators only.
    ///   - target: number of the target.
    package init(policy: RunPolicy, target: Int) throws {
        guard !policy.asksModels else { throw Failure(.badInput, "a trial of the search asks no model") }
        self.policy = policy
        let families = policy.suite.taskIndices(in: .search).map { policy.suite.tasks[$0].family }
        self.target = HiddenTarget(number: target, families: families, clip: policy.suite.scoring.clip)
        pipeline = ActivationPipeline(
            costLimit: policy.suite.costLimit, allow: policy.suite.allow ?? .elementwise)
        proposer = Proposer(roster: ModelRoster([]), runSeed: policy.seed, pipeline: pipeline, deadline: 1)
    }

    /// - Parameter marks: numbers of slots after which to look.
    package mutating func run(marks: [Int]) async throws -> [Checkpoint] {
        var state = RunState(policy: policy)
        var first: [String: CandidateID] = [:]
        var checkpoints: [Checkpoint] = []
        while !state.isComplete, let plan = state.plans[state.committed] {
            var record = try await carryOut(plan)
            if let fingerprint = record.fingerprint {
                if let original = first[fingerprint] {
                    record.verdict = .duplicate(of: original)
                } else {
                    first[fingerprint] = record.slot
                }
            }
            try state.commit(record)
            if case .scored = record.verdict, let gains = gains[record.fingerprint ?? ""] ?? nil {
                truth[record.slot] = mean(gains)
            }
            if marks.contains(state.committed) {
                let champion = state.population.contenders(1).first.flatMap { truth[$0.id] }
                checkpoints.append(
                    Checkpoint(
                        slots: state.committed, champion: champion ?? 0, best: truth.values.max() ?? 0,
                        scored: truth.count))
            }
        }
        return checkpoints
    }

    private mutating func carryOut(_ plan: SlotPlan) async throws -> SlotRecord {
        let island = policy.islands[plan.island]
        if plan.variation == .retest {
            return SlotRecord(retest: plan, island: island.name, measurement(try retested(plan)))
        }
        let proposal =
            plan.variation == .seed
            ? Proposal(policy.seedSlots[plan.slot].program.source, pipeline)
            : try await proposer.propose(plan, policy: island, ledger: NoLedger())
        let slot = PreparedSlot(plan: plan, proposal: proposal, proposeSeconds: 0)
        guard let candidate = slot.candidate else { return slot.record(island: island.name, measurement: nil) }
        let fingerprint = candidate.fingerprint
        if gains[fingerprint] == nil { gains[fingerprint] = .some(target.gains(of: candidate.program)) }
        return slot.record(island: island.name, measurement: measurement(race(plan, fingerprint)))
    }

    private func measurement(_ verdict: Verdict) -> CandidateMeasurement {
        CandidateMeasurement(verdict: verdict, compileSeconds: 0, trainSeconds: 0)
    }

    private func retested(_ plan: SlotPlan) throws -> Verdict {
        guard let source = plan.parents.first?.source, case .compiled(let candidate) = pipeline.compile(source) else {
            throw Failure(.internalError, "an elite of slot \(plan.slot) does not compile any more")
        }
        return trained(candidate.fingerprint, tasks: policy.suite.taskIndices(in: .search), seeds: plan.seeds).verdict
    }

    /// As `SuiteEvaluator` does it, stage by stage; seed programs are not raced.
    private func race(_ plan: SlotPlan, _ fingerprint: String) -> Verdict {
        let suite = policy.suite
        for stage in suite.racing.stages where plan.variation != .seed {
            let part = trained(fingerprint, tasks: suite.tasks(of: stage), seeds: 0..<stage.seeds)
            guard case .scored(let score) = part.verdict else { return part.verdict }
            if suite.racing.isOut(part.evidence, after: stage, rivals: plan.rivals) { return .racedOut(score) }
        }
        return trained(
            fingerprint, tasks: suite.taskIndices(in: .search), seeds: 0..<suite.scoring.seeds
        ).verdict
    }

    private func trained(_ fingerprint: String, tasks: [Int], seeds: Range<Int>) -> (
        verdict: Verdict, evidence: Evidence
    ) {
        guard let gains = gains[fingerprint] ?? nil else { return (.diverged("not finite"), Evidence()) }
        let clip = policy.suite.scoring.clip
        let scores = tasks.map { index in
            let task = policy.suite.tasks[index]
            let measured = seeds.map { seed in
                var stream = RandomStream(key: ["\(policy.seed)", "noise", fingerprint, task.name, "\(seed)"])
                return min(clip, max(-clip, (gains[task.family] ?? 0) + Self.seedDeviation * stream.normal()))
            }
            return TaskScore(task: task.name, family: task.family, gains: measured, inDistributionGains: [])
        }
        let gain = Scoring.mean(scores.map { Scoring.mean($0.gains) })
        let estimate = Estimate(mean: gain, low: gain, high: gain)
        let score = Score(
            gain: estimate, families: [:], inDistribution: estimate, tail: gain, tasks: scores,
            trainingSteps: scores.reduce(0) { $0 + $1.gains.count } * policy.suite.training.steps)
        return (.scored(score), Evidence(score))
    }

    /// Over the search tasks, as the suite weighs its families.
    private func mean(_ gains: [String: Double]) -> Double {
        Scoring.mean(policy.suite.taskIndices(in: .search).compactMap { gains[policy.suite.tasks[$0].family] })
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
