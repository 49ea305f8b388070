import Evaluation
import EvolveTypes
import RunStore

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

    /// From the p-values of duels that all must agree.
    /// - Parameter duels: mean gain and corrected p-value of each.
    init(_ duels: [(gain: Double, p: Double)]) {
        if duels.allSatisfy({ $0.gain > 0 && $0.p < Findings.level }) {
            self = duels.isEmpty ? .notShownToBeBetter : .better
        } else if duels.allSatisfy({ $0.gain < 0 && $0.p < Findings.level }) {
            self = .worse
        } else {
            self = .notShownToBeBetter
        }
    }
}

/// What the duels of a run's champions come to.
///
/// A champion is better than an opponent only if its gain is, on held-out tasks, in both forms: so no change of step size or
/// output scale counts. Both must hold, so the larger of the two p-values is the one that counts; and as several
/// champions are verified, each against the same opponent, these are corrected by Holm's method. A champion that a person has
/// verified later on counts among them.
package struct Findings: Sendable {
    /// How often all verdicts against one kind of opponent together may be wrong.
    static let level = 0.05

    package struct Row: Codable, Hashable, Sendable {
        package var family: String?
        package var candidate: CandidateID
        package var opponent: String
        /// True for the reference, false for the best known function.
        package var isReference: Bool
        package var finding: Finding
        /// Corrected for the number of champions; nil when a duel has no score.
        package var p: Double?
        /// How many champions have been verified against this kind of opponent.
        package var champions: Int
        package var duels: [Duel]
    }

    package struct Duel: Codable, Hashable, Sendable {
        /// `ActivationForm.rawValue`.
        package var form: String
        /// Multiples of the suite's learning rate.
        package var rate: Double?
        package var opponentRate: Double?
        /// 95 % interval, not corrected.
        package var gain: Estimate?
        package var inDistribution: Estimate?
        package var tail: Double?
        package var p: Double?
        /// The verdict's name.
        package var verdict: String
    }

    package let rows: [Row]

    package init(_ records: [VerificationRecord], reference: String) {
        struct Key: Hashable {
            var family: String?
            var candidate: CandidateID
            var opponent: String
        }
        var order: [Key] = []
        var duels: [Key: [Duel]] = [:]
        for record in records where record.stage == .duel {
            guard let id = record.candidate, let duel = record.duel else { continue }
            let key = Key(family: record.family, candidate: id, opponent: duel.opponent)
            if duels[key] == nil { order.append(key) }
            // A duel fought again, at a person's request, is the same question.
            guard !duels[key, default: []].contains(where: { $0.form == duel.form }) else { continue }
            let score = record.verdict.score
            duels[key, default: []].append(
                Duel(
                    form: duel.form, rate: duel.rate, opponentRate: duel.opponentRate, gain: score?.gain,
                    inDistribution: score?.inDistribution, tail: score?.tail,
                    p: score.map { GainInterval.pValue($0.tasks.map(\.gains)) }, verdict: record.verdict.name))
        }
        rows = [true, false].flatMap { isReference in
            let keys = order.filter { ($0.opponent == reference) == isReference }
            let worst = keys.map { key in (duels[key] ?? []).map { $0.p ?? 1 }.max() ?? 1 }
            return zip(keys, Holm.adjust(worst)).map { key, p in
                let own = duels[key] ?? []
                let sound = own.allSatisfy { $0.gain != nil }
                return Row(
                    family: key.family, candidate: key.candidate, opponent: key.opponent, isReference: isReference,
                    finding: sound ? Finding(own.map { ($0.gain?.mean ?? 0, p) }) : .notShownToBeBetter,
                    p: sound ? p : nil, champions: keys.count, duels: own)
            }
        }
    }

    package func row(of candidate: CandidateID, family: String?, isReference: Bool) -> Row? {
        rows.first { $0.candidate == candidate && $0.family == family && $0.isReference == isReference }
    }
}
