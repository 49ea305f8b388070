import Engine
import EvolveTypes
import Foundation
import Population
import Reporting
import RunStore

/// The function that the page is about.
struct ChampionPart {
    var title: String
    var note: String?
    var idea: String?
    var formula: String?
    var latex: String?
    var source: String
    var twins: String?
    var facts: [RunPage.Fact]
    var properties: [RunPage.Fact]
    var costs: [CostRow]
    var curves: RunPage.Figure?
    /// It is no function of one element.
    var readsLayer: Bool

    struct CostRow {
        var cost: String
        var text: String
    }

    /// - Parameters:
    ///   - champion: what the run's summary says of it; nil = it is not verified.
    /// - Returns: nil of a candidate without a text.
    init?(_ id: CandidateID, _ champion: RunSummary.Champion?, in run: RunReader, gnuplot: Gnuplot) async throws {
        let card = try CandidateCard(id, in: run, library: nil)
        guard let source = card.source else { return nil }
        let isVerified = champion != nil
        title = isVerified ? "Champion: candidate \(id)" : "Best so far: candidate \(id)"
        note = isVerified ? nil : "Not verified: its gain rests on the search's own tasks and may be luck."
        idea = card.idea
        formula = card.formula
        latex = card.latex
        self.source = source
        twins = champion?.sameUpToScale.map {
            "Up to the scale of input and output the same as " + $0.joined(separator: ", ")
        }
        facts = Self.facts(card)
        properties = card.properties?.rows.map { RunPage.Fact(name: $0.0, value: $0.1) } ?? []
        costs =
            (card.costs?.lines ?? []).count > 1
            ? card.costs?.lines.map { CostRow(cost: Figures.cost($0.total), text: $0.text) } ?? [] : []
        curves = try await Plot.curves(of: source, named: "candidate \(id)").asyncMap { plot in
            RunPage.Figure(
                svg: try await gnuplot.draw(plot),
                caption: "The function (left) and its derivative (right); trainable numbers at their first values.")
        }
        readsLayer = curves == nil && card.formula != nil
    }

    private static func facts(_ card: CandidateCard) -> [RunPage.Fact] {
        var facts = [
            RunPage.Fact(name: "island", value: card.island),
            RunPage.Fact(name: "proposed by", value: card.proposer),
        ]
        if let cost = card.cost {
            facts.append(RunPage.Fact(name: "cost", value: "\(Figures.cost(cost)) operations per element"))
        }
        if let score = card.score {
            facts.append(
                RunPage.Fact(
                    name: "first score",
                    value: Figures.estimate(score.gain) + ", by which it entered: too high on average"))
        }
        if let believed = card.believed {
            facts.append(
                RunPage.Fact(
                    name: "believed",
                    value: Figures.belief(believed) + ", when the search ended: all seeds, shrunk; ± by seed"))
        }
        if let gain = card.retest?.gain {
            facts.append(RunPage.Fact(name: "re-test", value: Figures.estimate(gain) + ", search tasks, fresh seeds"))
        }
        if let heldout = card.heldout {
            facts.append(
                RunPage.Fact(name: "held-out", value: Figures.estimate(heldout.gain) + ", at the suite's learning rate")
            )
            facts.append(
                RunPage.Fact(
                    name: "in distribution", value: Figures.estimate(heldout.inDistribution) + ", held-out tasks"))
        }
        return facts
    }
}

extension RunPage.Conclusion {
    init(_ summary: RunSummary) {
        guard let champion = summary.champion, let finding = champion.finding else {
            kind = "open"
            more = []
            sentence =
                switch summary.phase {
                case .searching: "The search is not over; nothing is verified yet."
                case .verifying: "The search is over; champions are being verified."
                case .complete: "No champion: no new candidate was trained to the end."
                }
            return
        }
        let name = "Candidate \(champion.id)"
        kind = finding.kind
        sentence =
            switch finding {
            case .better: "\(name) is better than GELU on tasks the search never saw."
            case .worse: "\(name) is worse than GELU on tasks the search never saw."
            case .notShownToBeBetter: "\(name) is not shown to be better than GELU on tasks the search never saw."
            }
        more = summary.findings.filter { $0.candidate == champion.id && $0.family == nil && !$0.isReference }.map {
            "Against \($0.opponent), \(summary.rivalsAreTabled ? "the best known function" : "the best of the run's literature") here: \($0.finding.rawValue)."
        }
    }
}

extension Finding {
    /// A class of the page's style.
    fileprivate var kind: String {
        switch self {
        case .better: "gain"
        case .worse: "loss"
        case .notShownToBeBetter: "open"
        }
    }
}

/// Functions by families of tasks: gains with intervals on held-out tasks.
struct HeatMap {
    struct Row {
        var name: String
        var isOurs: Bool
        var cost: String
        var cells: [GainCell]
    }

    var families: [String]
    var rows: [Row]

    init?(_ summary: RunSummary) {
        guard !summary.heldout.isEmpty else { return nil }
        let families = Set(summary.heldout.flatMap(\.families.keys)).sorted()
        self.families = families
        rows = summary.heldout.map { row in
            Row(
                name: row.name, isOurs: row.candidate != nil, cost: Figures.cost(row.cost),
                cells: [row.gain].map { GainCell($0, other: row.verdict) }
                    + families.map { GainCell(row.families[$0], other: "–") })
        }
    }
}

/// A gain with a colour by its size; those that are sure stand out.
struct GainCell {
    var gain: String
    var interval: String?
    var shade: String
    var isSure: Bool

    init(_ estimate: Estimate?, other: String) {
        guard let estimate else {
            (gain, interval, shade, isSure) = (other, nil, "z", false)
            return
        }
        gain = Figures.gain(estimate.mean)
        interval = Figures.interval(estimate)
        isSure = estimate.low > 0 || estimate.high < 0
        // Colour is for what is sure: the largest gains often have the widest intervals.
        shade = isSure ? Self.shade(estimate.mean) : "z"
    }

    /// Three steps to each side.
    static func shade(_ gain: Double) -> String {
        let step = [0.25, 1, 3].count { abs(gain) >= $0 }
        return step == 0 ? "z" : (gain > 0 ? "p" : "n") + "\(step)"
    }
}

struct FindingPart {
    struct Duel {
        var form: String
        var gain: String
        var interval: String
        var rates: String
    }

    var title: String
    var finding: String
    var kind: String
    var p: String
    var duels: [Duel]

    init(_ row: Findings.Row) {
        title =
            "candidate \(row.candidate) against \(row.opponent), \(row.family.map { "\($0) tasks" } ?? "all tasks") "
            + "(\(row.tasks) × \(Figures.count(row.seeds, "seed")))"
        finding = row.finding.rawValue
        kind = row.finding.kind
        p = Figures.probability(row.p) + (row.champions > 1 ? " for \(row.champions)" : "")
        duels = row.duels.map { duel in
            Duel(
                form: duel.form, gain: duel.gain.map { Figures.gain($0.mean) } ?? "–",
                interval: duel.gain.map(Figures.interval) ?? duel.verdict,
                rates: duel.ratesText)
        }
    }
}

struct FamilyPart {
    var family: String
    var candidate: String
    var believed: String
    var formula: String

    init(_ champion: RunSummary.Champion) {
        family = champion.family ?? ""
        candidate = "\(champion.id)"
        believed = Figures.belief(champion.believed)
        formula = champion.formula
    }
}

struct LineagePart {
    struct Step {
        var id: String
        var how: String
        var outcome: String
        var idea: String?
        var formula: String?
        var source: String?
        var changes: [Change]
        var hasChanges: Bool
    }

    struct Change {
        var sign: String
        var text: String
        var isAddition: Bool
    }

    var steps: [Step]

    init(_ lineage: Lineage) {
        steps = lineage.steps.enumerated().map { place, step in
            let others = step.parents.dropLast().map(String.init).joined(separator: ", ")
            return Step(
                id: "\(step.id)",
                how: step.variation + (step.model.map { " by \($0)" } ?? "")
                    + (others.isEmpty ? "" : ", with \(others)")
                    + ", island \(step.island)",
                outcome: (step.gain.map(Figures.estimate) ?? step.verdict)
                    + (step.cost.map { ", cost \(Figures.cost($0))" } ?? ""),
                idea: step.idea, formula: step.formula, source: place == 0 ? step.source : nil,
                changes: step.changes.map { Change(sign: $0.sign, text: $0.text, isAddition: $0.sign == "+") },
                hasChanges: !step.changes.isEmpty)
        }
    }
}
