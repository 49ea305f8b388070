import Evaluation
import EvolveTypes
import Population
import RunStore

/// The search as a state machine without I/O: events in, actions out.
///
/// Rules, which make a run the same for any number of workers and any kill and resume:
/// 1. Slot k is planned from exactly the population after slot k − lookahead has been committed (seed slots: from the
///    empty one; the first slots after them: when all seeds are committed), and from the plans of the slots before it: an
///    elite's constants are tuned once.
/// 2. Slots are committed in slot order, whatever order they finish in.
/// 3. Whether a candidate is a duplicate is decided when it is committed, against everything committed before it.
package struct RunState: Sendable {
    package enum Action: Sendable {
        case propose(SlotPlan)
        /// Train the plan's only parent with its seeds.
        case retest(SlotPlan)
        case evaluate(PreparedSlot)
        case commit(SlotRecord)
    }

    package let policy: RunPolicy
    package private(set) var population: PopulationState
    /// Slots committed so far; also the number of the next slot to commit.
    package private(set) var committed = 0
    /// First committed candidate of each behaviour.
    private var behaviours: [String: CandidateID] = [:]
    private let seeds: [(island: Int, program: NamedProgram)]
    private var plans: [Int: SlotPlan] = [:]
    private var prepared: [Int: PreparedSlot] = [:]
    private var finished: [Int: SlotRecord] = [:]
    /// The lowest slot in flight with each behaviour: its higher twins need no training.
    private var claims: [String: Int] = [:]
    /// Model requests planned so far.
    private var requests = 0
    /// Optimiser steps spent on candidates.
    private var trainingSteps = 0
    private let history: ModelHistory
    private var purse = Purse()
    private var tuning: TuningLedger

    /// - Parameter history: which models hold for which slot; nil = those of the policy.
    package init(policy: RunPolicy, history: ModelHistory? = nil) {
        self.policy = policy
        self.history = history ?? ModelHistory(policy)
        tuning = TuningLedger(allow: policy.suite.allow ?? .elementwise)
        population = PopulationState(islands: policy.islands, rules: PopulationRules(policy))
        seeds = policy.islands.enumerated().flatMap { index, island in island.seeds.map { (index, $0) } }
        for slot in 0..<min(seeds.count, policy.slots) {
            plans[slot] = SlotPlan(slot: slot, island: seeds[slot].island, variation: .seed, parents: [])
        }
        if seeds.isEmpty { extendPlans() }
    }

    /// As the records of earlier sessions left it.
    package init(policy: RunPolicy, history: ModelHistory? = nil, replaying records: [SlotRecord]) throws {
        self.init(policy: policy, history: history)
        for record in records { try replay(record) }
    }

    package var isComplete: Bool {
        committed >= policy.slots || policy.trainingSteps.map { trainingSteps >= $0 } == true
    }

    /// The program of a seed slot.
    package func seedProgram(_ slot: Int) -> NamedProgram { seeds[slot].program }

    /// Takes in a record of an earlier session. Call in slot order, before `begin`.
    package mutating func replay(_ record: SlotRecord) throws {
        guard record.slot == committed, let plan = plans[record.slot],
            policy.islands[plan.island].name == record.island, plan.variation.rawValue == record.variation,
            plan.model == record.model, plan.parents.map(\.id) == record.parents
        else {
            throw Failure(
                .badInput,
                "slot \(record.slot) of the store does not follow from its own definitions; was the store edited, or "
                    + "written by another version of evolve?")
        }
        absorb(record)
    }

    /// What to start first: every slot already planned and not yet committed.
    package func begin() -> [Action] { plans.keys.sorted().compactMap { plans[$0] }.map(Self.action) }

    private static func action(_ plan: SlotPlan) -> Action {
        plan.variation == .retest ? .retest(plan) : .propose(plan)
    }

    /// A proposal has been written and checked.
    package mutating func prepared(_ slot: PreparedSlot) -> [Action] {
        guard let fingerprint = slot.candidate?.fingerprint else { return finish(slot, measurement: nil) }
        prepared[slot.plan.slot] = slot
        if behaviours[fingerprint] != nil { return finish(slot, measurement: nil) }
        if let holder = claims[fingerprint], holder < slot.plan.slot { return finish(slot, measurement: nil) }
        claims[fingerprint] = slot.plan.slot
        return [.evaluate(slot)]
    }

    /// A candidate has been trained.
    package mutating func measured(_ slot: Int, _ measurement: CandidateMeasurement) -> [Action] {
        guard let waiting = prepared[slot] else { return [] }
        return finish(waiting, measurement: measurement)
    }

    /// An elite has been trained with further seeds.
    package mutating func retested(_ plan: SlotPlan, _ measurement: CandidateMeasurement) -> [Action] {
        finish(SlotRecord(retest: plan, island: policy.islands[plan.island].name, measurement))
    }

    private mutating func finish(_ slot: PreparedSlot, measurement: CandidateMeasurement?) -> [Action] {
        finish(slot.record(island: policy.islands[slot.plan.island].name, measurement: measurement))
    }

    private mutating func finish(_ record: SlotRecord) -> [Action] {
        finished[record.slot] = record
        var actions: [Action] = []
        while !isComplete, var next = finished.removeValue(forKey: committed) {
            if let fingerprint = next.fingerprint, let original = behaviours[fingerprint] {
                next.verdict = .duplicate(of: original)
            }
            actions.append(.commit(next))
            actions += absorb(next).map(Self.action)
        }
        return actions
    }

    /// Makes the record part of the population and plans what may be planned now.
    @discardableResult
    private mutating func absorb(_ record: SlotRecord) -> [SlotPlan] {
        guard let plan = plans.removeValue(forKey: record.slot) else { return [] }
        prepared[record.slot] = nil
        if let fingerprint = record.fingerprint {
            if claims[fingerprint] == record.slot { claims[fingerprint] = nil }
            if behaviours[fingerprint] == nil { behaviours[fingerprint] = record.slot }
        }
        population.commit(outcome(record, plan))
        purse.settle(record.slot, record.spend ?? [:])
        trainingSteps += record.trainingSteps
        committed += 1
        return extendPlans()
    }

    private func outcome(_ record: SlotRecord, _ plan: SlotPlan) -> SlotOutcome {
        var outcome = SlotOutcome(record, island: plan.island)
        // A stand-in's success is not the model's, and its failure not the tree's.
        guard let bandit = policy.bandit, VariationOperator.proposing.contains(plan.variation), record.standIn == nil
        else { return outcome }
        outcome.arm = Arm(plan.variation, model: plan.model)
        let spend = plan.model.flatMap { record.spend?[$0] } ?? Spend()
        outcome.cost =
            Double(record.trainingSteps) + Double(spend.tokens) * bandit.stepsPerToken
            + spend.dollars * bandit.stepsPerDollar
        outcome.parentGain = plan.parents.map(\.gain).max()
        return outcome
    }

    @discardableResult
    private mutating func extendPlans() -> [SlotPlan] {
        guard committed >= seeds.count else { return [] }
        let first = committed == seeds.count ? committed : committed - 1 + policy.lookahead
        let end = min(committed + policy.lookahead, policy.slots)
        guard first < end else { return [] }
        var fresh: [SlotPlan] = []
        var ledger = tuning
        for slot in first..<end {
            let island = (slot - seeds.count) % policy.islands.count
            var stream = policy.planStream(slot: slot, island: island)
            // What is planned and not committed is the same in every session: all slots between the last one committed and this.
            let pending = Set(plans.values.filter { $0.variation == .retest }.flatMap { $0.parents.map(\.id) })
            let models = history.models(at: slot)
            let longest = population.islands[island].longestSource
            var plan = population.plan(
                slot: slot, island: island, round: (slot - seeds.count) / policy.islands.count, pending: pending,
                models: purse.open(models, island: policy.islands[island], longest: longest), stream: &stream
            ) { ledger.open(among: $0) }
            plan.base = committed
            plan.requestIndex = requests
            if let facts = models.facts.first(where: { $0.name == plan.model }) {
                requests += 1 + policy.islands[island].sampling.repairs
                purse.reserve(slot, facts, island: policy.islands[island], longest: longest)
            }
            if plan.variation == .constantTuning { ledger.note(plan) }
            plans[slot] = plan
            fresh.append(plan)
        }
        tuning = ledger
        return fresh
    }
}

extension PopulationRules {
    package init(_ policy: RunPolicy) {
        let suite = policy.suite
        self.init(
            migrates: policy.topology == .ring, migrationInterval: policy.migrationInterval,
            selection: suite.scoring.selection, cells: suite.scoring.cells,
            families: suite.taskIndices(in: .search).map { suite.tasks[$0].family }, retest: policy.retest,
            rivals: suite.racing.rivals, bandit: policy.bandit, contenders: policy.verification.candidates)
    }
}

extension SlotRecord {
    /// Optimiser steps that the slot has cost.
    package var trainingSteps: Int { (verdict.score?.trainingSteps ?? 0) + (tuningSteps ?? 0) }

    /// The line of a re-test: no candidate of its own.
    init(retest plan: SlotPlan, island: IslandID, _ measurement: CandidateMeasurement) {
        var verdict = measurement.verdict
        if case .scored(let score) = verdict { verdict = .retested(score) }
        self.init(
            slot: plan.slot, island: island, variation: plan.variation.rawValue, parents: plan.parents.map(\.id),
            model: nil, source: nil, idea: nil, canonicalHash: nil, fingerprint: nil, cost: nil, descriptor: nil,
            verdict: verdict,
            times: Times(propose: 0, compile: measurement.compileSeconds, train: measurement.trainSeconds))
    }
}

extension SlotOutcome {
    /// What the population learns of a committed slot of this island.
    package init(_ record: SlotRecord, island: Int) {
        self.init(slot: record.slot, island: island, standing: Self.standing(of: record))
    }

    private static func standing(of record: SlotRecord) -> Standing {
        switch record.verdict {
        case .scored(let score):
            guard let source = record.source, let cost = record.cost, let descriptor = record.descriptor else {
                return .failed
            }
            return .scored(
                Candidate(
                    id: record.slot, source: source, cost: cost, cell: ArchiveCell(descriptor, cost: cost),
                    isSeed: record.variation == VariationOperator.seed.rawValue, evidence: Evidence(score)))
        case .racedOut(let score): return .racedOut(Evidence(score))
        case .retested(let score):
            return record.parents.first.map { .retested($0, Evidence(score)) } ?? .failed
        case .duplicate(let original): return .equal(to: original)
        default:
            guard record.variation == VariationOperator.retest.rawValue, let id = record.parents.first else {
                return .failed
            }
            return .lost(id)
        }
    }
}
