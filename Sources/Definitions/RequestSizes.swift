import ActivationCompiler
import Engine
import EvolveTypes
import LanguageModels
import Mutation
import Population

/// Whether every island can ask every model of the run anything at all: the sums that are checked before a run starts.
///
/// The smallest request of each kind is one without inspirations, about the island's seed programs. Later ones may be
/// longer; they are counted one by one when they are made.
package struct RequestSizes {
    private let policy: RunPolicy

    package init(_ policy: RunPolicy) { self.policy = policy }

    /// - Throws: `Failure(.badInput)` with the sum, and what to change.
    package func check(file: String) throws {
        for facts in policy.models.facts {
            for (place, island) in policy.islands.enumerated() {
                guard island.operators.contains(where: { $0.weight > 0 && $0.kind.asksModel }) else { continue }
                let wanted = facts.limit(ofAnswer: island.sampling.maxTokens)
                if let output = facts.output, wanted > output {
                    throw Failure(
                        .badInput,
                        "\(file): the island \(island.name) wants answers of up to \(wanted) tokens, thinking included, "
                            + "but \(facts.name) gives at most \(output): lower max-tokens")
                }
                for share in island.operators where share.weight > 0 && share.kind.asksModel {
                    let fit = smallest(share.kind, place, facts)
                    guard fit.fits else {
                        throw Failure(
                            .badInput,
                            "\(file): \(share.kind.rawValue) on the island \(island.name) does not fit \(facts.name): "
                                + "\(fit.inequality), even without inspirations; lower max-tokens, shorten the texts, "
                                + "or take another model")
                    }
                }
            }
        }
    }

    private func smallest(_ kind: VariationOperator, _ place: Int, _ facts: ModelFacts) -> ContextFit {
        let island = policy.islands[place]
        let count = kind == .modelCrossover ? 2 : 1
        let seeds = island.seeds.sorted { $0.source.utf8.count < $1.source.utf8.count }.prefix(count)
        let cell = ArchiveCell(left: .flat, right: .unit, oscillation: .one, cost: .moderate)
        let elites = seeds.enumerated().map { index, seed in
            Elite(id: index, source: seed.source, gain: 0, cost: 100, cell: cell, isSeed: true)
        }
        let plan = SlotPlan(slot: 0, island: place, variation: kind, model: facts.name, parents: elites)
        let proposer = Proposer(
            roster: ModelRoster([]), runSeed: policy.seed,
            pipeline: ActivationPipeline(
                costLimit: policy.suite.costLimit, allow: policy.suite.allow ?? .elementwise), deadline: 0)
        let request = proposer.requests(plan, policy: island, facts: facts)[0]
        return ContextFit(request, facts: facts)
    }
}
