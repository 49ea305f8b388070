import Engine
import EvolveTypes
import Reporting

/// A champion against an opponent.
struct FindingPart {
    struct Duel {
        var form: String
        var gain: String
        var interval: String
        var rates: String
    }

    /// Of its place in the page.
    var anchor: String
    var candidate: String
    var opponent: String
    var on: String
    var finding: String
    var kind: String
    var p: String
    var sameAs: String?
    var duels: [Duel]

    /// - Parameters:
    ///   - place: counts the findings.
    ///   - twins: names of known functions that the candidate is, up to scale.
    init(_ row: Findings.Row, place: Int, twins: [String]) {
        anchor = "duel-\(place)"
        candidate = "\(row.candidate)"
        opponent = row.opponent
        on =
            (row.family.map { "\($0) tasks" } ?? "all tasks")
            + " (\(row.tasks) × \(Figures.count(row.seeds, "seed")))".typeset
        finding = row.finding.rawValue
        kind = row.finding.kind
        p =
            "p \(Figures.probability(row.p))".typeset
            + (row.champions > 1 ? ", corrected for \(row.champions)" : "")
        sameAs = twins.isEmpty ? nil : twins.joined(separator: ", ")
        duels = row.duels.map { duel in
            Duel(
                form: duel.form, gain: duel.gain.map { Figures.gain($0.mean).typeset } ?? "–",
                interval: duel.gain.map { Figures.interval($0).typeset } ?? duel.verdict,
                rates: Self.rates(duel, row.opponent))
        }
    }

    /// Of each side by its name: "★ 8×!, gelu 4×".
    private static func rates(_ duel: Findings.Duel, _ opponent: String) -> String {
        let sides = duel.ratesText.split(separator: ", ")
        return sides.count == 2 ? "★ \(sides[0]), \(opponent) \(sides[1])" : duel.ratesText
    }
}

/// The best of a family's tasks.
struct FamilyPart {
    struct Verdict {
        var gain: String
        var interval: String
        var finding: String
        var kind: String
        /// The duel's place in the page.
        var to: String
    }

    var anchor: String
    var family: String
    var candidate: CandidateLink
    var cost: String
    var believed: String
    var formula: String
    var sameAs: String?
    var verdict: Verdict?

    init(_ champion: RunSummary.Champion, place: Int, links: CandidateLinks, findings: [Findings.Row]) {
        anchor = "family-\(place)"
        family = champion.family ?? ""
        candidate = links.link(champion.id, not: "family-\(place)")
        cost = Figures.cost(champion.cost)
        believed = Figures.belief(champion.believed).typeset
        formula = champion.formula
        sameAs = champion.sameUpToScale?.joined(separator: ", ")
        let own = findings.firstIndex {
            $0.candidate == champion.id && $0.family == champion.family && $0.isReference
        }
        verdict = own.map { place in
            let row = findings[place]
            let gain = row.duels.first?.gain
            return Verdict(
                gain: gain.map { "\(Figures.gain($0.mean)) dB".typeset } ?? "–",
                interval: gain.map { Figures.interval($0).typeset } ?? "",
                finding: row.finding.rawValue, kind: row.finding.kind, to: "duel-\(place)")
        }
    }
}

/// A candidate's number, and where in the page there is more of it.
struct CandidateLink {
    var number: String
    var href: String?
}

/// Where in the page there is more of which candidate.
struct CandidateLinks {
    private var places: [CandidateID: String] = [:]

    init(subject: CandidateID?, lineage: LineagePart?, families: [RunSummary.Champion]) {
        for (place, champion) in families.enumerated() { places[champion.id] = "family-\(place)" }
        for step in lineage?.steps ?? [] { places[step.candidate] = step.anchor }
        if let subject { places[subject] = "champion" }
    }

    /// - Parameter anchor: where the link stands.
    func link(_ id: CandidateID, not anchor: String? = nil) -> CandidateLink {
        CandidateLink(number: "\(id)", href: places[id].flatMap { $0 == anchor ? nil : "#\($0)" })
    }
}
