import Evaluation
import EvolveTypes
import Population

/// Which experiment: the content of `Runs/<name>.yaml` with its islands and suite, fully resolved. A run is this value,
/// its seed (inside) and the model's recorded answers.
package struct RunPolicy: Codable, Hashable, Sendable {
    package var name: String
    package var islands: [IslandPolicy]
    package var topology: Topology
    /// Every island sends its best where the topology says after this many of its own slots; 0 = never.
    package var migrationInterval: Int
    /// After this many slots of all islands together the worse half of them begins anew; nil = never.
    package var resetInterval: Int?
    package var suite: SuitePolicy
    /// Functions that every champion is compared with; the one named `reference` is what gains are measured against.
    package var literature: [NamedProgram]
    /// The best known functions on the suite, which champions are held against.
    package var rivals: [Rival]
    /// How the search re-tests its elites; nil = never.
    package var retest: RetestPolicy?
    /// The run ends when this many slots are committed (seeds included).
    package var slots: Int
    /// Slot k is planned when slot k − lookahead has been committed.
    package var lookahead: Int
    /// The models that may be asked, each as likely as the next before anything is known of them; and what they may cost.
    package var models: ModelPolicy
    /// How far operators and models are used by what they bring; nil = as the islands say.
    package var bandit: BanditPolicy?
    package var verification: VerificationPolicy
    /// Ends the run at a slot boundary after this many minutes; nil = no limit.
    package var maxMinutes: Double?
    /// Ends the search at the slot boundary where so many optimiser steps have been spent on candidates; nil = no limit.
    package var trainingSteps: Int?
    package var seed: UInt64

    package init(
        name: String, islands: [IslandPolicy], topology: Topology, migrationInterval: Int,
        resetInterval: Int? = nil, suite: SuitePolicy, literature: [NamedProgram], rivals: [Rival] = [],
        retest: RetestPolicy? = nil, slots: Int, lookahead: Int, models: ModelPolicy, bandit: BanditPolicy? = nil,
        verification: VerificationPolicy, maxMinutes: Double?, trainingSteps: Int? = nil, seed: UInt64
    ) {
        self.name = name
        self.islands = islands
        self.topology = topology
        self.migrationInterval = migrationInterval
        self.resetInterval = resetInterval
        self.suite = suite
        self.literature = literature
        self.rivals = rivals
        self.retest = retest
        self.slots = slots
        self.lookahead = lookahead
        self.models = models
        self.bandit = bandit
        self.verification = verification
        self.maxMinutes = maxMinutes
        self.trainingSteps = trainingSteps
        self.seed = seed
    }

    /// Name of the function that gains are measured against.
    package static let reference = "gelu"

    /// A function of the library that stands highest on the search tasks, by Fitness/<suite>/reference.json.
    package struct Rival: Codable, Hashable, Sendable {
        /// On whose tasks; nil = on all.
        package var family: String?
        package var program: NamedProgram

        package init(family: String?, program: NamedProgram) {
            self.family = family
            self.program = program
        }
    }

    /// How champions are chosen and verified when the search is over.
    package struct VerificationPolicy: Codable, Hashable, Sendable {
        /// Best candidates, over all tasks and of each family, that are re-tested on search tasks with fresh seeds.
        package var candidates: Int
        /// Fresh seeds per search task in that re-test.
        package var retestSeeds: Int
        /// Fresh seeds per held-out task for champions, their opponents and the literature's functions.
        package var heldoutSeeds: Int
        /// Multiples of the suite's learning rate, ascending, of which each side of a duel takes its best.
        package var rates: [Double]

        package init(candidates: Int, retestSeeds: Int, heldoutSeeds: Int, rates: [Double] = [1]) {
            self.candidates = candidates
            self.retestSeeds = retestSeeds
            self.heldoutSeeds = heldoutSeeds
            self.rates = rates
        }
    }
}

extension RunPolicy {
    /// Whether any operator that may be used asks a model.
    package var asksModels: Bool {
        islands.contains { $0.operators.contains { $0.weight > 0 && $0.kind.asksModel } }
    }

    /// Models whose budgets do not cover a single call, before anything is spent: they would never be asked.
    package var modelsOutOfReach: [String] {
        Purse().closed(
            models, islands: islands, longest: islands.map { $0.seeds.map(\.source.utf8.count).max() ?? 0 })
    }

    /// What a slot's parents and operator are drawn from.
    package func planStream(slot: Int, island: Int) -> RandomStream {
        RandomStream(key: ["\(seed)", islands[island].name, "\(slot)", "plan"])
    }
}
