import Engine
import EvolveTypes

/// `RunSummary` in words, at most 80 columns wide.
package enum SummaryText {
    package static func render(_ summary: RunSummary) -> String {
        var lines = ["run \(summary.name), seed \(summary.seed), \(summary.phase.rawValue)"]
        lines.append("slots      \(summary.slots.committed) of \(summary.slots.total)")
        if let best = summary.best {
            lines.append(
                "best new   candidate \(best.id), \(Figures.estimate(best.gain)) in the search")
        }
        if summary.model.calls > 0 {
            let use = summary.model
            let rate = use.seconds > 0 ? Int(Double(use.completionTokens) / use.seconds) : 0
            lines.append(
                "model      \(use.calls) calls, \(use.failures) failed; tokens: \(Figures.count(use.promptTokens)) read, "
                    + "\(Figures.count(use.completionTokens)) written (\(rate)/s)")
        }
        lines.append("training   \(Figures.count(summary.trainingSteps)) optimiser steps on candidates")
        lines.append("digest     \(summary.digest)")
        lines += ["", "Proposals by operator"] + indented(proposals(summary))
        lines += ["", "Islands"] + indented(islands(summary))
        if let champion = summary.champion { lines += [""] + Self.champion(champion) }
        if !summary.heldout.isEmpty { lines += [""] + heldout(summary) }
        return lines.joined(separator: "\n")
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
                island.best.map { "best: candidate \($0.id), \(Figures.estimate($0.gain))" } ?? "no elite yet",
            ])
        }
        return columns.lines
    }

    /// The table of verified gains, with its honest sentence.
    package static func heldout(_ summary: RunSummary) -> [String] {
        var columns = Columns([.left, .right, .right, .left, .right, .left])
        columns.add(["function", "cost", "dB", "95 % interval", "fit dB", "against GELU"])
        for row in summary.heldout {
            columns.add([
                (row.candidate == nil ? "" : "★ ") + row.name, Figures.cost(row.cost),
                row.gain.map { Figures.gain($0.mean) } ?? "–", row.gain.map { Figures.interval($0) } ?? row.verdict,
                row.inDistribution.map { Figures.gain($0.mean) } ?? "–",
                row.name == RunPolicy.reference ? "the reference" : row.finding.map(short) ?? "",
            ])
        }
        var lines = [
            "Gain over GELU on held-out tasks, fresh seeds, outside the training range;",
            "\"fit\" = the same inside it. Positive = less error.",
        ]
        lines += indented(columns.lines)
        if let champion = summary.champion { lines += [""] + conclusion(champion) }
        return lines
    }

    /// Fits a narrow column; the sentence below the table has the full words.
    private static func short(_ finding: Finding) -> String {
        finding == .notShownToBeBetter ? "not shown" : finding.rawValue
    }

    /// The champion with its code and the gains that made it one.
    package static func champion(_ champion: RunSummary.Champion) -> [String] {
        var facts = Columns([.left, .left])
        facts.add(["formula", champion.formula])
        facts.add(["cost", "\(Figures.cost(champion.cost)) operations per element"])
        facts.add(["search", Figures.estimate(champion.searchGain) + "  (chosen by it: too high on average)"])
        facts.add(["re-test", Figures.estimate(champion.retestGain) + "  (search tasks, fresh seeds)"])
        if let gain = champion.heldoutGain { facts.add(["held-out", Figures.estimate(gain)]) }
        let source = champion.source.split(separator: "\n").map(String.init)
        return ["Champion: candidate \(champion.id)", ""] + indented(source) + [""] + indented(facts.lines)
    }

    private static func conclusion(_ champion: RunSummary.Champion) -> [String] {
        guard let gain = champion.heldoutGain, let finding = champion.finding else { return [] }
        let name = "Candidate \(champion.id)"
        switch finding {
        case .better:
            return ["\(name) is better than GELU on tasks the search never saw: \(Figures.estimate(gain))."]
        case .worse:
            return ["\(name) is worse than GELU on tasks the search never saw: \(Figures.estimate(gain))."]
        case .notShownToBeBetter:
            return [
                "\(name) is NOT shown to be better than GELU: its held-out interval",
                "\(Figures.interval(gain)) dB touches zero.",
            ]
        }
    }

    static func indented(_ lines: [String]) -> [String] { lines.map { "  " + $0 } }
}
