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

    /// - Parameter p: of what the duels agree on, corrected.
    init(_ agreement: Agreement, p: Double) {
        guard p < Findings.level else {
            self = .notShownToBeBetter
            return
        }
        self = agreement.above < agreement.below ? .better : .worse
    }
}

/// What duels in several forms agree on: the p-values of "a gain in every form" and of "a loss in every form", each the largest of the
/// forms' one-sided ones, doubled because both are asked.
struct Agreement {
    var above = 0.0
    var below = 0.0

    mutating func add(_ values: GainInterval.OneSided?) {
        above = max(above, min(1, 2 * (values?.above ?? 1)))
        below = max(below, min(1, 2 * (values?.below ?? 1)))
    }

    var p: Double { min(above, below) }
}

/// What the duels of a run's champions come to.
///
/// A champion is better than an opponent only if it has a gain, on held-out tasks, in both forms: so no change of step size or
/// output scale counts. Both must hold, so the larger of the two one-sided p-values is the one that counts; and as several
/// champions are verified, each against the same kind of opponent, these are corrected by Holm's method. A candidate that a
/// person has verified later on counts among them.
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
        /// Of what the duels agree on, a gain or a loss; corrected for the number of champions.
        package var p: Double
        /// What the duels were fought on.
        package var tasks: Int
        package var seeds: Int
        /// How many champions have been verified against this kind of opponent.
        package var champions: Int
        package var duels: [Duel]
    }

    package struct Duel: Codable, Hashable, Sendable {
        /// `ActivationForm.rawValue`.
        package var form: String
        /// Multiples of the suite's learning rate.
        package var rates: [Double]
        package var rate: Double?
        package var opponentRate: Double?
        /// 95 % interval, not corrected.
        package var gain: Estimate?
        package var inDistribution: Estimate?
        package var tail: Double?
        /// The verdict's name.
        package var verdict: String
    }

    package let rows: [Row]

    private struct Key: Hashable {
        var family: String?
        var candidate: CandidateID
        var opponent: String
    }

    /// - Parameter clip: of the suite's gains.
    package init(_ records: [VerificationRecord], reference: String, clip: Double) {
        var order: [Key] = []
        var fought: [Key: [VerificationRecord]] = [:]
        for record in records where record.stage == .duel {
            guard let id = record.candidate, let duel = record.duel else { continue }
            let key = Key(family: record.family, candidate: id, opponent: duel.opponent)
            if fought[key] == nil { order.append(key) }
            fought[key, default: []].append(record)
        }
        rows = [true, false].flatMap { isReference in
            let keys = order.filter { ($0.opponent == reference) == isReference }
            let agreements = keys.map { key in
                (fought[key] ?? []).reduce(into: Agreement()) { agreement, record in
                    agreement.add(
                        record.verdict.score.map { GainInterval.pValues($0.tasks.map(\.gains), clip: clip) })
                }
            }
            let corrected = Holm.adjust(agreements.map(\.p))
            return keys.indices.map { place in
                let key = keys[place]
                let own = fought[key] ?? []
                let tasks = own.compactMap(\.verdict.score).first?.tasks ?? []
                return Row(
                    family: key.family, candidate: key.candidate, opponent: key.opponent, isReference: isReference,
                    finding: Finding(agreements[place], p: corrected[place]), p: corrected[place], tasks: tasks.count,
                    seeds: tasks.map(\.gains.count).max() ?? 0, champions: keys.count,
                    duels: own.compactMap(Duel.init))
            }
        }
    }

    package func row(of candidate: CandidateID, family: String?, isReference: Bool) -> Row? {
        rows.first { $0.candidate == candidate && $0.family == family && $0.isReference == isReference }
    }
}

extension Findings.Duel {
    init?(_ record: VerificationRecord) {
        guard let duel = record.duel else { return nil }
        let score = record.verdict.score
        self.init(
            form: duel.form, rates: duel.rates, rate: duel.rate, opponentRate: duel.opponentRate, gain: score?.gain,
            inDistribution: score?.inDistribution, tail: score?.tail, verdict: record.verdict.name)
    }
}
