import ActivationCompiler
import Evaluation
import EvolveTypes
import Population
import RunStore

/// The re-tests after a search, as a fixed list of steps: first the contenders on fresh seeds of the search tasks, then
/// the winner of those and the literature's functions on held-out tasks.
package enum Verification {
    package struct Step: Hashable, Sendable {
        package var stage: VerificationRecord.Stage
        package var candidate: CandidateID?
        package var name: String
        package var source: String
    }

    package static func retests(_ contenders: [Elite]) -> [Step] {
        contenders.map { Step(stage: .retest, candidate: $0.id, name: "candidate \($0.id)", source: $0.source) }
    }

    package static func heldout(champion: Elite?, literature: [NamedProgram]) -> [Step] {
        let own = champion.map {
            [Step(stage: .heldout, candidate: $0.id, name: "candidate \($0.id)", source: $0.source)]
        }
        return (own ?? [])
            + literature.map { Step(stage: .heldout, candidate: nil, name: $0.name, source: $0.source) }
    }

    /// The contender that stands highest in the re-test: its search score, which chose it, no longer counts.
    package static func champion(_ records: [VerificationRecord], by rule: SelectionRule = .mean) -> CandidateID? {
        records.compactMap { record -> (id: CandidateID, gain: Double)? in
            guard record.stage == .retest, let id = record.candidate, case .scored(let score) = record.verdict else {
                return nil
            }
            return (id, score.standing(by: rule))
        }
        .min { $0.gain != $1.gain ? $0.gain > $1.gain : $0.id < $1.id }?.id
    }
}

/// The fixed words for a verified gain.
package enum Finding: String, Codable, Sendable {
    case better
    case notShownToBeBetter = "not shown to be better"
    case worse

    package init(_ gain: Estimate) {
        if gain.low > 0 {
            self = .better
        } else if gain.high < 0 {
            self = .worse
        } else {
            self = .notShownToBeBetter
        }
    }
}
