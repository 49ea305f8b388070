import ActivationCompiler
import Evaluation
import Mutation
import Population

/// Constant tuning, carried out: the one operator that trains networks.
///
/// Nothing of it is recorded but what came of it. It depends on suite, run seed and the parent's text alone, so a run that
/// is resumed or replayed finds the same numbers again.
extension SlotWork {
    /// - Returns: the parent with other numbers, and the optimiser steps spent on them.
    func tuned(_ plan: SlotPlan) async throws -> (Proposal, steps: Int) {
        guard let parent = plan.parents.first, let budget = policy.islands[plan.island].tuning,
            let candidate = pipeline.tunable(parent.source)
        else { return (.failed("the parent has no constants to tune"), 0) }
        let measurement = try await evaluator.tune(
            candidate, budget: TuningBudget(trials: budget.trials, networks: budget.networks))
        switch measurement.result {
        case .stopped(let verdict):
            return (.failed("the tuning \(verdict.name)"), measurement.steps)
        case .tuned(let values, let before, let after):
            guard after > before, let source = candidate.tunedText(with: values) else {
                return (.failed("no constants tried were better than the parent's"), measurement.steps)
            }
            return (Proposal(source, pipeline), measurement.steps)
        }
    }
}
