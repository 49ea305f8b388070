import ActivationCompiler
import Definitions
import Engine
import Evaluation
import EvolveTypes
import Foundation
import LanguageModels
import Mutation
import Population
import RunStore

/// Slots of runs that never were: their parents are drawn, as the engine draws them, from the populations that a finished
/// run went through; prompts and sampling are those of the content folder as it is now.
///
/// Slot i looks at the population after i mod n commits, and belongs to a run whose seed is counted up every n slots.
struct AskedSlots {
    struct Asked {
        var plan: SlotPlan
        var policy: IslandPolicy
        var runSeed: UInt64
        var allow: AllowedReach
        var costLimit: Double

        /// With all inspirations.
        func request(_ facts: ModelFacts) -> ModelRequest {
            Proposer(
                roster: ModelRoster([]), runSeed: runSeed,
                pipeline: ActivationPipeline(costLimit: costLimit, allow: allow),
                deadline: 120
            ).requests(plan, policy: policy, facts: facts)[0]
        }
    }

    let suite: SuitePolicy
    let policy: RunPolicy
    private let seeds: Int
    private let likeness = BehaviouralLikeness()
    /// After all seeds, and after each slot behind them.
    private var populations: [PopulationState] = []

    init(store: String, installation: Installation) throws {
        let finished = try StorePlace(store).read()
        let loader = installation.loader
        var policy = try loader.run(named: try finished.manifest().name).policy
        for place in policy.islands.indices {
            policy.islands[place].operators = [.init(kind: .modelRewrite, weight: 1)]
        }
        policy.retest = nil
        self.policy = policy
        suite = policy.suite
        seeds = policy.islands.reduce(0) { $0 + $1.seeds.count }
        var population = PopulationState(islands: policy.islands, rules: PopulationRules(policy))
        var populations: [PopulationState] = []
        try finished.forEachSlot { record in
            guard let island = policy.islands.firstIndex(where: { $0.name == record.island }) else {
                throw Failure(.badInput, "\(store): the run \(policy.name) has no island \(record.island) any more")
            }
            if record.slot >= seeds { populations.append(population) }
            population.commit(SlotOutcome(record, island: island))
        }
        self.populations = populations
        guard !populations.isEmpty else { throw Failure(.badInput, "\(store) has no slots behind its seeds") }
    }

    subscript(index: Int) -> Asked {
        let place = index % populations.count
        let slot = seeds + place + policy.lookahead - 1
        let island = (slot - seeds) % policy.islands.count
        var policy = policy
        policy.seed += 1 + UInt64(index / populations.count)
        var stream = policy.planStream(slot: slot, island: island)
        let models = policy.models.facts.map(\.name)
        var plan = populations[place].plan(
            slot: slot, island: island, round: place / policy.islands.count, models: models, stream: &stream,
            likeness: likeness)
        plan.requestIndex = index
        return Asked(
            plan: plan, policy: policy.islands[island], runSeed: policy.seed, allow: suite.allow ?? .elementwise,
            costLimit: suite.costLimit)
    }
}
