import ActivationCompiler
import EvolveTypes
import Population

/// Whose constants may still be tuned: a second tuning of the same text would find the same numbers at the same price.
struct TuningLedger {
    private let pipeline: ActivationPipeline
    /// Parents of tunings, committed or not.
    var planned: Set<CandidateID> = []
    /// Whether there is a number to tune, of each elite asked about so far.
    private var known: [CandidateID: Bool] = [:]

    init(allow: AllowedReach) { pipeline = ActivationPipeline(allow: allow) }

    /// Those of the elites that have numbers and were no tuning's parent yet.
    mutating func open(among elites: [Elite]) -> [Elite] {
        elites.filter { elite in
            guard !planned.contains(elite.id) else { return false }
            if let answer = known[elite.id] { return answer }
            let answer = pipeline.isTunable(elite.source)
            known[elite.id] = answer
            return answer
        }
    }

    mutating func forget(where isForgotten: (CandidateID) -> Bool) {
        planned = planned.filter { !isForgotten($0) }
        known = known.filter { !isForgotten($0.key) }
    }

    mutating func note(_ plan: SlotPlan) { planned.formUnion(plan.parents.map(\.id)) }
}
