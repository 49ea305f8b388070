import ActivationIR
import Evaluation
import EvolveTypes
import Mutation
import Population
import RunStore

/// The search as a value without I/O: committed slots in, plans out.
///
/// Rules, which make a run the same for any number of workers and any kill and resume:
/// 1. Slot k is planned from exactly the population after slot k − lookahead has been committed (seed slots: from the
///    empty one; the first slots after them: when all seeds are committed), and from the plans of the slots before it: an
///    elite's constants are tuned once.
/// 2. Slots are committed in slot order, whatever order they finish in.
/// 3. Whether a candidate is a duplicate is decided when it is committed, against everything committed before it.
package struct RunState: Sendable {
    package let policy: RunPolicy
    package private(set) var population: PopulationState
    package private(set) var tally = RunTally()
    /// Of every slot that is planned and not committed.
    package private(set) var plans: [Int: SlotPlan] = [:]
    /// Whose re-test is among them.
    private var pending: Set<CandidateID> = []
    private let seeds: [(island: Int, program: NamedProgram)]
    /// Model requests planned so far.
    private var requests = 0
    let history: ModelHistory
    private var purse = Purse()
    private var tuning: TuningLedger
    private var authorship = Authorship()
    private let likeness: BehaviouralLikeness

    /// - Parameter history: which models hold for which slot; nil = those of the policy.
    package init(policy: RunPolicy, history: ModelHistory? = nil) {
        self.policy = policy
        self.history = history ?? ModelHistory(policy)
        tuning = TuningLedger(allow: policy.suite.allow ?? .elementwise)
        population = PopulationState(islands: policy.islands, rules: PopulationRules(policy))
        seeds = policy.seedSlots
        likeness = BehaviouralLikeness()
        for slot in 0..<min(seeds.count, policy.slots) {
            plans[slot] = SlotPlan(slot: slot, island: seeds[slot].island, variation: .seed, parents: [])
        }
        if seeds.isEmpty { extendPlans() }
    }

    /// Slots committed so far; also the number of the next slot to commit.
    package var committed: Int { tally.slots }

    package var isComplete: Bool {
        committed >= policy.slots || policy.trainingSteps.map { tally.trainingSteps >= $0 } == true
    }

    /// Names of the models that wrote the candidate or an ancestor of it; nil = it is not remembered.
    package func authors(of id: CandidateID) -> [String]? { population.remembers(id) ? authorship[id] : nil }

    /// Models that are not asked any more, because no budget covers one more call.
    package var spentModels: [String] {
        purse.closed(
            history.latest, islands: policy.islands, longest: population.islands.map(\.longestSource))
    }

    /// Makes the record of the next slot part of the population.
    /// - Returns: what may be planned now.
    /// - Throws: `Failure` when the record does not follow from the slot's plan.
    @discardableResult
    package mutating func commit(_ record: SlotRecord) throws -> [SlotPlan] {
        guard record.slot == committed, let plan = plans[record.slot],
            policy.islands[plan.island].name == record.island, plan.variation.rawValue == record.variation,
            plan.model == record.model, plan.parents.map(\.id) == record.parents
        else {
            throw Failure(
                .badInput,
                "slot \(record.slot) of the store does not follow from its own definitions; was the store edited, or "
                    + "written by another version of evolve?")
        }
        let authors = authorship.models(of: record)
        plans[record.slot] = nil
        if plan.variation == .retest { pending.subtract(plan.parents.map(\.id)) }
        population.commit(outcome(record, plan))
        if population.remembers(record.slot) || population.donors.contains(record.slot) {
            authorship.note(authors, of: record.slot)
        }
        purse.settle(record.slot, (record.spend ?? [:]).merging(record.lost ?? [:], uniquingKeysWith: +))
        tally.add(record)
        if committed.isMultiple(of: 1000) { forget() }
        return extendPlans()
    }

    /// Lets go of what is known of candidates that can be no one's parents any more.
    private mutating func forget() {
        let parents = Set(plans.values.flatMap { $0.parents.map(\.id) })
        let population = population
        let donors = population.donors
        tuning.forget { !population.remembers($0) }
        authorship.forget { !population.remembers($0) && !donors.contains($0) && !parents.contains($0) }
    }

    private func outcome(_ record: SlotRecord, _ plan: SlotPlan) -> SlotOutcome {
        var outcome = SlotOutcome(record, island: plan.island)
        outcome.parentGain = plan.parents.map(\.gain).max()
        if population.countsMotifs { outcome.motifs = record.motifs }
        // A stand-in's success is not the model's, and its failure not the tree's.
        guard let bandit = policy.bandit, VariationOperator.proposing.contains(plan.variation), record.standIn == nil
        else { return outcome }
        outcome.arm = Arm(plan.variation, model: plan.model)
        let spend = plan.model.flatMap { record.spend?[$0] } ?? Spend()
        // Tokens cost this machine's time, or they cost money.
        let tokens = spend.dollars > 0 ? 0 : Double(spend.tokens)
        outcome.cost =
            Double(record.trainingSteps) + tokens * bandit.stepsPerToken + spend.dollars * bandit.stepsPerDollar
        return outcome
    }

    @discardableResult
    private mutating func extendPlans() -> [SlotPlan] {
        guard committed >= seeds.count else { return [] }
        let first = committed == seeds.count ? committed : committed - 1 + policy.lookahead
        let end = min(committed + policy.lookahead, policy.slots)
        guard first < end else { return [] }
        return (first..<end).map { plan($0) }
    }

    private mutating func plan(_ slot: Int) -> SlotPlan {
        let island = policy.island(of: slot, seeds: seeds.count)
        var stream = policy.planStream(slot: slot, island: island)
        let models = history.models(at: slot)
        let longest = population.islands[island].longestSource
        var ledger = tuning
        var plan = population.plan(
            slot: slot, island: island, round: (slot - seeds.count) / policy.islands.count,
            // The same in every session: of all slots between the last one committed and this.
            pending: pending,
            models: purse.open(models, island: policy.islands[island], longest: longest), stream: &stream,
            likeness: likeness
        ) { ledger.open(among: $0) }
        tuning = ledger
        plan.base = committed
        plan.requestIndex = requests
        if let most = policy.islands[island].selection.tried, plan.variation.prompt?.slots.contains(.tried) == true {
            plan.tried = population.tally(of: island)?.head(most, where: Motif.namesFunction)
        }
        if let facts = models.facts.first(where: { $0.name == plan.model }) {
            requests += 1 + policy.islands[island].sampling.repairs
            purse.reserve(slot, facts, island: policy.islands[island], longest: longest)
        }
        if plan.variation == .constantTuning { tuning.note(plan) }
        if plan.variation == .retest { pending.formUnion(plan.parents.map(\.id)) }
        plans[slot] = plan
        return plan
    }
}

// MARK: - Kept between sessions

extension RunState {
    /// All that the committed slots have made of it, but for what its definitions say.
    package struct Image: Codable, Sendable {
        var population: PopulationState.Image
        var tally: RunTally
        var plans: [SlotPlan]
        var requests: Int
        var purse: Purse
        var tuned: [CandidateID]
        var authorship: Authorship
    }

    /// Of the image of so many slots. Another one whenever an image means something else, or the same slots lead to another
    /// image; and after an amendment that would have changed what was planned by then.
    static func imageVersion(slots: Int, _ policy: RunPolicy, _ history: ModelHistory) -> String {
        // A run that counts motifs could not be before they were counted, so its images are whole.
        "4, \(history.amendments(before: slots + policy.lookahead)) amendments"
    }

    package var image: Image {
        var state = self
        state.forget()
        return Image(
            population: population.image, tally: tally, plans: plans.values.sorted { $0.slot < $1.slot },
            requests: requests, purse: purse, tuned: state.tuning.planned.sorted(), authorship: state.authorship)
    }

    package init(policy: RunPolicy, history: ModelHistory, image: Image) {
        self.init(policy: policy, history: history)
        population = PopulationState(
            islands: policy.islands, rules: PopulationRules(policy), image: image.population)
        tally = image.tally
        plans = Dictionary(image.plans.map { ($0.slot, $0) }, uniquingKeysWith: { first, _ in first })
        pending = Set(image.plans.filter { $0.variation == .retest }.flatMap { $0.parents.map(\.id) })
        requests = image.requests
        purse = image.purse
        authorship = image.authorship
        tuning.planned = Set(image.tuned)
    }
}

extension RunPolicy {
    /// Of a slot behind the seeds', of which there are so many: islands take turns.
    fileprivate func island(of slot: Int, seeds: Int) -> Int { (slot - seeds) % islands.count }

    /// Which island a slot belongs to, by its number among them.
    package func island(of slot: Int) -> Int {
        let seeds = seedSlots
        return slot < seeds.count ? seeds[slot].island : island(of: slot, seeds: seeds.count)
    }

    /// Whose seed programs the first slots are, in their order.
    package var seedSlots: [(island: Int, program: NamedProgram)] {
        islands.enumerated().flatMap { index, island in island.seeds.map { (index, $0) } }
    }
}

extension PopulationRules {
    package init(_ policy: RunPolicy) {
        let suite = policy.suite
        self.init(
            topology: policy.topology, migrationInterval: policy.migrationInterval,
            resetInterval: policy.resetInterval ?? 0,
            selection: suite.scoring.selection, cells: suite.scoring.cells,
            families: suite.taskIndices(in: .search).map { suite.tasks[$0].family }, retest: policy.retest,
            rivals: suite.racing.rivals, bandit: policy.bandit, contenders: policy.verification.candidates)
    }
}
