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
        case evaluate(PreparedSlot)
        case commit(SlotRecord)
    }

    package let policy: RunPolicy
    package private(set) var population: PopulationState
    /// Slots committed so far; also the number of the next slot to commit.
    package private(set) var committed = 0
    private let seeds: [(island: Int, program: NamedProgram)]
    private var plans: [Int: SlotPlan] = [:]
    private var prepared: [Int: PreparedSlot] = [:]
    private var finished: [Int: SlotRecord] = [:]
    /// The lowest slot in flight with each behaviour: its higher twins need no training.
    private var claims: [String: Int] = [:]
    /// Model requests planned so far.
    private var requests = 0
    private var tuning: TuningLedger

    package init(policy: RunPolicy) {
        self.policy = policy
        tuning = TuningLedger(allow: policy.suite.allow ?? .elementwise)
        population = PopulationState(
            islands: policy.islands, migrates: policy.topology == .ring, migrationInterval: policy.migrationInterval)
        seeds = policy.islands.enumerated().flatMap { index, island in island.seeds.map { (index, $0) } }
        for slot in 0..<min(seeds.count, policy.slots) {
            plans[slot] = SlotPlan(slot: slot, island: seeds[slot].island, variation: .seed, parents: [])
        }
        if seeds.isEmpty { extendPlans() }
    }

    package var isComplete: Bool { committed >= policy.slots }

    /// The program of a seed slot.
    package func seedProgram(_ slot: Int) -> NamedProgram { seeds[slot].program }

    /// Takes in a record of an earlier session. Call in slot order, before `begin`.
    package mutating func replay(_ record: SlotRecord) throws {
        guard record.slot == committed, let plan = plans[record.slot],
            policy.islands[plan.island].name == record.island, plan.variation.rawValue == record.variation,
            plan.parents.map(\.id) == record.parents
        else {
            throw Failure(
                .badInput,
                "slot \(record.slot) of the store does not follow from its own definitions; was the store edited, or "
                    + "written by another version of evolve?")
        }
        absorb(record)
    }

    /// What to start first: every slot already planned and not yet committed.
    package func begin() -> [Action] { plans.keys.sorted().compactMap { plans[$0] }.map { .propose($0) } }

    /// A proposal has been written and checked.
    package mutating func prepared(_ slot: PreparedSlot) -> [Action] {
        guard let fingerprint = slot.candidate?.fingerprint else { return finish(slot, measurement: nil) }
        prepared[slot.plan.slot] = slot
        if population.candidate(withBehaviour: fingerprint) != nil { return finish(slot, measurement: nil) }
        if let holder = claims[fingerprint], holder < slot.plan.slot { return finish(slot, measurement: nil) }
        claims[fingerprint] = slot.plan.slot
        return [.evaluate(slot)]
    }

    /// A candidate has been trained.
    package mutating func measured(_ slot: Int, _ measurement: CandidateMeasurement) -> [Action] {
        guard let waiting = prepared[slot] else { return [] }
        return finish(waiting, measurement: measurement)
    }

    private mutating func finish(_ slot: PreparedSlot, measurement: CandidateMeasurement?) -> [Action] {
        finished[slot.plan.slot] = slot.record(
            island: policy.islands[slot.plan.island].name, measurement: measurement)
        var actions: [Action] = []
        while var next = finished.removeValue(forKey: committed) {
            if let fingerprint = next.fingerprint,
                let original = population.candidate(withBehaviour: fingerprint)
            {
                next.verdict = .duplicate(of: original)
            }
            actions.append(.commit(next))
            actions += absorb(next).map { .propose($0) }
        }
        return actions
    }

    /// Makes the record part of the population and plans what may be planned now.
    @discardableResult
    private mutating func absorb(_ record: SlotRecord) -> [SlotPlan] {
        guard let plan = plans.removeValue(forKey: record.slot) else { return [] }
        prepared[record.slot] = nil
        if let fingerprint = record.fingerprint, claims[fingerprint] == record.slot { claims[fingerprint] = nil }
        population.commit(SlotOutcome(record, island: plan.island, rule: policy.suite.scoring.rule))
        committed += 1
        return extendPlans()
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
            var plan = population.plan(slot: slot, island: island, stream: &stream) { ledger.open(among: $0) }
            plan.requestIndex = requests
            if plan.variation == .modelRewrite { requests += 1 }
            if plan.variation == .constantTuning { ledger.note(plan) }
            fresh.append(plan)
        }
        tuning = ledger
        for plan in fresh { plans[plan.slot] = plan }
        return fresh
    }
}

extension SlotOutcome {
    /// What the population learns of a committed slot of this island.
    /// - Parameter rule: what the suite ranks by.
    package init(_ record: SlotRecord, island: Int, rule: SelectionRule) {
        self.init(
            slot: record.slot, island: island, fingerprint: record.fingerprint,
            standing: Self.standing(of: record, rule: rule))
    }

    private static func standing(of record: SlotRecord, rule: SelectionRule) -> Standing {
        switch record.verdict {
        case .scored(let score):
            guard let source = record.source, let cost = record.cost, let descriptor = record.descriptor else {
                return .failed
            }
            return .elite(
                Elite(
                    id: record.slot, source: source, gain: score.standing(by: rule), cost: cost,
                    cell: ArchiveCell(descriptor, cost: cost),
                    isSeed: record.variation == VariationOperator.seed.rawValue))
        case .duplicate(let original): return .equal(to: original)
        default: return .failed
        }
    }
}
