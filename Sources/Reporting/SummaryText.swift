import Engine
import EvolveTypes
import Foundation

/// `RunSummary` in words, at most 80 columns wide.
package enum SummaryText {
    package static func render(_ summary: RunSummary, _ ink: Ink = .plain) -> String {
        var lines = [ink.heading("run \(summary.name), seed \(summary.seed), \(summary.phase.rawValue)")]
        lines += head(summary, ink).lines(indent: 0) + spend(summary)
        if summary.slots.committed == 0 { return lines.joined(separator: "\n") }
        lines += ["", ink.heading("Proposals by operator")] + indented(proposals(summary))
        if !summary.complaints.isEmpty {
            lines += ["", ink.heading("Why proposals were refused, or failed")] + complaints(summary)
        }
        if !summary.arms.isEmpty {
            lines +=
                ["", ink.heading("What operators bring") + ", the latest slots counting most"] + indented(arms(summary))
        }
        lines += ["", ink.heading("Islands") + ", and where their elites come from"] + islands(summary)
        if let champion = summary.champion {
            lines += [""] + Self.champion(champion, ink)
        } else if summary.phase == .complete {
            lines += ["", ink.heading("No champion") + ": no new candidate was trained to the end."]
        }
        lines += families(summary, ink)
        if !summary.heldout.isEmpty { lines += [""] + heldout(summary, ink) }
        lines += verified(summary, ink)
        return lines.joined(separator: "\n")
    }

    /// How far the run is, and what it has cost.
    private static func head(_ summary: RunSummary, _ ink: Ink) -> Facts {
        var facts = Facts()
        let (slots, suite) = (summary.slots, summary.suite)
        facts.add(
            "suite",
            "\(suite.name): \(Figures.count(suite.search, "task")) to search on, \(Figures.count(suite.heldout)) held out "
                + "(\(suite.families.joined(separator: ", ")))")
        let isWhole = slots.committed >= slots.total
        facts.add(
            "slots",
            "\(Figures.count(slots.committed)) of \(Figures.count(slots.total))"
                + (isWhole ? "" : summary.ended.map { ", \($0)" } ?? ""))
        if let part = summary.verification {
            facts.add(
                "verified", "\(Figures.count(part.committed)) of \(Figures.count(part.total, "measurement")) so far")
        }
        if let best = summary.best {
            let others = summary.champion.map { $0.id == best.id } ?? true
            facts.add(
                "best new",
                "candidate \(best.id), believed \(Figures.belief(best.believed)); its first score was "
                    + "\(Figures.estimate(best.gain))" + ink.dim(" (too high on average)")
                    + (others ? "" : "; of those re-tested, candidate \(summary.champion?.id ?? 0) is the best"))
        }
        if summary.model.calls > 0 {
            let use = summary.model
            let rate = use.seconds > 0 ? Int(Double(use.completionTokens) / use.seconds) : 0
            let names = summary.models.map(\.name).joined(separator: ", ")
            facts.add(
                summary.models.count > 1 ? "models" : "model",
                "\(names): \(Figures.count(use.calls, "call")), \(use.failures) of no use; tokens: "
                    + "\(Figures.count(use.promptTokens)) read, \(Figures.count(use.completionTokens)) written (\(rate)/s)"
            )
            if !use.faults.isEmpty {
                let faults = use.faults.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
                let words = faults.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
                facts.add(
                    "requests", "\(Figures.count(use.requests)) sent; what went wrong, all tries counted: \(words)")
            }
        }
        facts.add("training", "\(Figures.count(summary.trainingSteps)) optimiser steps on candidates")
        facts.add(ink.dim("digest"), ink.dim(summary.digest))
        return facts
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
        columns.add(["operator", "dB/100 slots", "steps a slot", "weight"])
        for arm in summary.arms {
            columns.add([
                arm.variation + (arm.model.map { ", \($0)" } ?? ""), Figures.gain(100 * arm.gain),
                Figures.count(Int(arm.cost)), "× " + String(format: "%.2f", arm.factor),
            ])
        }
        return columns.lines
    }

    package static func proposals(_ summary: RunSummary) -> [String] {
        var columns = Columns([.left, .right, .left])
        for yield in summary.proposals {
            let verdicts = yield.verdicts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
            let words = verdicts.map { "\(Figures.count($0.value)) \($0.key)" }.joined(separator: ", ")
            let lines = Wrapping.lines(words, width: 54)
            columns.add([yield.variation, Figures.count(yield.proposed), lines.first ?? ""])
            for line in lines.dropFirst() { columns.add(["", "", line]) }
        }
        return columns.lines
    }

    private static func complaints(_ summary: RunSummary) -> [String] {
        let margin = 2 + String(summary.complaints.first?.count ?? 0).count + 2
        return summary.complaints.flatMap { complaint in
            let count = String(complaint.count)
            let head = String(repeating: " ", count: margin - 2 - count.count) + count + "  "
            return Wrapping.lines(
                "\(complaint.verdict): \(Ink.legible(complaint.reason))", first: head,
                then: String(repeating: " ", count: margin))
        }
    }

    /// Who holds the archives' cells, and who came from where.
    private static func islands(_ summary: RunSummary) -> [String] {
        var columns = Columns([.left, .right, .right, .right, .right, .right, .left])
        columns.add(["island", "slots", "cells held", "seeds", "own", "others'", "best, dB"])
        for island in summary.islands {
            columns.add([
                island.name, Figures.count(island.slots), "\(island.cells) of \(island.capacity)",
                "\(island.origins.seeds)", "\(island.origins.own)", "\(island.origins.others)",
                island.best.map { "\($0.id)\($0.isSeed ? " (seed)" : ""): \(Figures.belief($0.believed))" }
                    ?? "no elite yet",
            ])
        }
        return indented(columns.lines) + flow(summary).flatMap { Wrapping.lines($0, first: "  ", then: "    ") }
    }

    /// "smooth → periodic: 3 elites sent, 1 took a cell".
    private static func flow(_ summary: RunSummary) -> [String] {
        summary.islands.flatMap { island in
            island.arrivals.map { arrival in
                "\(arrival.from) → \(island.name): \(Figures.count(arrival.came, "elite")) sent, "
                    + "\(Figures.count(arrival.settled)) took a cell"
            }
        }
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
        // Duels that are still to come may change it.
        if summary.phase == .complete, let champion = summary.champion, let finding = champion.finding {
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
                champion.formula,
            ])
        }
        return ["", ink.heading("Champions by family") + ", and the gain believed on its search tasks"]
            + indented(columns.lines(width: 78))
    }

    /// The champion with its code and the gains that made it one.
    package static func champion(_ champion: RunSummary.Champion, _ ink: Ink = .plain) -> [String] {
        var facts = Facts()
        facts.add("formula", champion.formula)
        if let twins = champion.sameUpToScale {
            facts.add("up to scale", "the same as \(twins.joined(separator: ", "))")
        }
        facts.add("cost", "\(Figures.cost(champion.cost)) operations per element")
        facts.add(
            "first score", Figures.estimate(champion.searchGain) + ink.dim("  (entered by it: too high on average)"))
        if let gain = champion.retestGain {
            facts.add("re-test", ink.estimate(gain) + ink.dim("  (search tasks, fresh seeds)"))
        }
        facts.add("believed", Figures.belief(champion.believed) + ink.dim("  (all its seeds, shrunk; ± by seed)"))
        for line in champion.attributions ?? [] { facts.add("licence", line) }
        return [ink.heading("Champion: candidate \(champion.id)"), ""] + Wrapping.source(champion.source, indent: 2)
            + [""] + facts.lines(indent: 2)
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
