import Engine
import EvolveTypes
import Foundation

/// `RunSummary` in words, at most 80 columns wide.
package enum SummaryText {
    package static func render(_ summary: RunSummary, _ ink: Ink = .plain) -> String {
        var lines = [ink.heading("run \(summary.name), seed \(summary.seed), \(summary.phase.rawValue)")]
        lines.append("slots      \(summary.slots.committed) of \(summary.slots.total)")
        if let best = summary.best {
            lines.append(
                "best new   candidate \(best.id), believed \(Figures.belief(best.believed)) when the search ended"
            )
            if let champion = summary.champion, champion.id != best.id {
                lines.append("           (fresh seeds then put candidate \(champion.id) first)")
            }
        }
        if summary.model.calls > 0 {
            let use = summary.model
            let rate = use.seconds > 0 ? Int(Double(use.completionTokens) / use.seconds) : 0
            lines.append(
                "model      \(use.calls) calls, \(use.failures) of no use; tokens: \(Figures.count(use.promptTokens)) read, "
                    + "\(Figures.count(use.completionTokens)) written (\(rate)/s)")
            if !use.faults.isEmpty {
                let faults = use.faults.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
                let words = wrapped(faults.map { "\($0.value) \($0.key)" }, width: 62)
                lines.append("requests   \(Figures.count(use.requests)) sent; what went wrong, all tries counted:")
                lines += words.map { "           " + $0 }
            }
        }
        lines += spend(summary)
        lines.append("training   \(Figures.count(summary.trainingSteps)) optimiser steps on candidates")
        lines.append(ink.dim("digest     \(summary.digest)"))
        lines += ["", ink.heading("Proposals by operator")] + indented(proposals(summary))
        if !summary.arms.isEmpty { lines += ["", ink.heading("What operators bring")] + indented(arms(summary)) }
        lines += ["", ink.heading("Islands")] + indented(islands(summary))
        if let champion = summary.champion { lines += [""] + Self.champion(champion, ink) }
        lines += families(summary, ink)
        if !summary.heldout.isEmpty { lines += [""] + heldout(summary, ink) }
        lines += verified(summary, ink)
        return lines.joined(separator: "\n")
    }

    /// What each model has cost, where there is more to say than the line of all; nothing for free models without a budget.
    package static func spend(_ summary: RunSummary) -> [String] {
        let total = summary.models.map(\.spend).reduce(Spend(), +)
        let isLimited = summary.budget != nil || summary.models.contains { $0.budget != nil }
        guard isLimited || total.dollars > 0 || summary.models.count > 1 else { return [] }
        var columns = Columns([.left, .right, .right, .right])
        columns.add(["spent on", "requests", "tokens", "dollars"])
        for model in summary.models { columns.add([model.name] + costs(model.spend, of: model.budget)) }
        if summary.models.count > 1 || summary.budget != nil {
            columns.add(["all models"] + costs(total, of: summary.budget))
        }
        let spent = summary.models.filter { $0.isSpent == true }.map(\.name)
        return columns.lines + spent.map { "\($0): the budget is spent; other operators carry on" }
    }

    private static func costs(_ spend: Spend, of budget: Budget?) -> [String] {
        func part(_ value: String, _ most: String?) -> String { value + (most.map { "/\($0)" } ?? "") }
        return [
            part(Figures.count(spend.requests), budget?.requests.map { Figures.count($0) }),
            part(Figures.count(spend.tokens), budget?.tokens.map { Figures.count($0) }),
            part(Figures.dollars(spend.dollars), budget?.dollars.map { Figures.dollars($0) }),
        ]
    }

    /// The bandit's state: recent slots count more.
    private static func arms(_ summary: RunSummary) -> [String] {
        var columns = Columns([.left, .right, .right, .right])
        columns.add(["operator", "dB a slot", "steps a slot", "weight"])
        for arm in summary.arms {
            columns.add([
                arm.variation + (arm.model.map { ", \($0)" } ?? ""), Figures.gain(arm.gain),
                Figures.count(Int(arm.cost)), "× " + String(format: "%.2f", arm.factor),
            ])
        }
        return columns.lines
    }

    package static func proposals(_ summary: RunSummary) -> [String] {
        var columns = Columns([.left, .right, .left])
        for yield in summary.proposals {
            let verdicts = yield.verdicts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
            let lines = wrapped(verdicts.map { "\($0.value) \($0.key)" }, width: 54)
            columns.add([yield.variation, "\(yield.proposed)", lines.first ?? ""])
            for line in lines.dropFirst() { columns.add(["", "", line]) }
        }
        return columns.lines
    }

    /// The parts, joined with commas, in lines of at most `width` characters.
    private static func wrapped(_ parts: [String], width: Int) -> [String] {
        var lines: [String] = []
        for (index, part) in parts.enumerated() {
            let piece = part + (index < parts.count - 1 ? "," : "")
            if let last = lines.last, last.count + 1 + piece.count <= width {
                lines[lines.count - 1] = last + " " + piece
            } else {
                lines.append(piece)
            }
        }
        return lines
    }

    private static func islands(_ summary: RunSummary) -> [String] {
        var columns = Columns([.left, .right, .right, .left])
        for island in summary.islands {
            columns.add([
                island.name, "\(island.slots) slots", "\(island.cells) cells",
                island.best.map { "best: candidate \($0.id), \(Figures.belief($0.believed))" } ?? "no elite yet",
            ])
        }
        return columns.lines
    }

    /// The table of verified gains, with its honest sentence.
    package static func heldout(_ summary: RunSummary, _ ink: Ink = .plain) -> [String] {
        var columns = Columns([.left, .right, .right, .left, .right])
        columns.add(["function", "cost", "dB", "95 % interval", "fit dB"])
        for row in summary.heldout {
            columns.add([
                (row.candidate == nil ? "" : "★ ") + row.name, Figures.cost(row.cost),
                row.gain.map { ink.gain(Figures.gain($0.mean), $0) } ?? "–",
                row.gain.map { Figures.interval($0) } ?? row.verdict,
                row.inDistribution.map { Figures.gain($0.mean) } ?? "–",
            ])
        }
        return [
            ink.heading("Gain over GELU on held-out tasks") + ", fresh seeds, outside the training range, at",
            "the suite's learning rate; \"fit\" = the same inside it. Positive = less error.",
        ] + indented(columns.lines)
    }

    /// The verdicts, and what they rest on; nothing before they are there.
    package static func verified(_ summary: RunSummary, _ ink: Ink = .plain) -> [String] {
        guard !summary.findings.isEmpty else { return [] }
        var lines = [""] + FindingsText.lines(summary.findings, ink)
        if let champion = summary.champion, let finding = champion.finding {
            lines += [""] + conclusion(champion, finding, summary, ink)
        }
        return lines
    }

    package static func families(_ summary: RunSummary, _ ink: Ink = .plain) -> [String] {
        guard !summary.familyChampions.isEmpty else { return [] }
        var columns = Columns([.left, .left, .left, .left])
        for champion in summary.familyChampions {
            columns.add([
                champion.family ?? "", "candidate \(champion.id)", Figures.belief(champion.believed),
                FrontText.cut(champion.formula, to: 30),
            ])
        }
        return ["", ink.heading("Champions by family") + ", and the gain believed on its search tasks"]
            + indented(columns.lines)
    }

    /// The champion with its code and the gains that made it one.
    package static func champion(_ champion: RunSummary.Champion, _ ink: Ink = .plain) -> [String] {
        var facts = Columns([.left, .left])
        facts.add(["formula", champion.formula])
        if let twins = champion.sameUpToScale {
            facts.add([
                "up to scale", "the same as \(twins.joined(separator: ", "))",
            ])
        }
        facts.add(["cost", "\(Figures.cost(champion.cost)) operations per element"])
        facts.add([
            "first score", Figures.estimate(champion.searchGain) + ink.dim("  (entered by it: too high on average)"),
        ])
        if let gain = champion.retestGain {
            facts.add(["re-test", ink.estimate(gain) + ink.dim("  (search tasks, fresh seeds)")])
        }
        facts.add([
            "believed",
            Figures.belief(champion.believed) + ink.dim("  (after re-tests: all seeds, shrunk; ± by seed)"),
        ])
        for line in champion.attributions ?? [] { facts.add(["licence", line]) }
        let source = champion.source.split(separator: "\n").map(String.init)
        return [ink.heading("Champion: candidate \(champion.id)"), ""] + indented(source) + [""] + indented(facts.lines)
    }

    private static func conclusion(
        _ champion: RunSummary.Champion, _ finding: Finding, _ summary: RunSummary, _ ink: Ink
    ) -> [String] {
        let name = "Candidate \(champion.id)"
        let rivals = summary.findings.filter { $0.candidate == champion.id && $0.family == nil && !$0.isReference }
        let known = summary.rivalsAreTabled ? "the best known function" : "the best of the run's literature"
        let others = rivals.map { "Against \($0.opponent), \(known) here: \($0.finding.rawValue)." }
        switch finding {
        case .better:
            return [ink.better("\(name) is better than GELU on tasks the search never saw.")] + others
        case .worse:
            return [ink.worse("\(name) is worse than GELU on tasks the search never saw.")] + others
        case .notShownToBeBetter:
            return [
                ink.heading("\(name) is NOT shown to be better than GELU"),
                ink.heading("on tasks the search never saw."),
            ] + others
        }
    }

    static func indented(_ lines: [String]) -> [String] { lines.map { "  " + $0 } }
}
