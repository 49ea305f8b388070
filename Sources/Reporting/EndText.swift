import Engine
import EvolveTypes

/// What a finished run says: the champion, its verified gain beside the literature's, and how to go on.
package enum EndText {
    /// - Parameter command: how the user calls the program.
    package static func render(_ summary: RunSummary, run: RunReader, path: String, command: String) throws -> String {
        var lines: [String] = []
        if let champion = summary.champion {
            let card = try CandidateCard(champion.id, in: run)
            lines += ["", "Champion: candidate \(champion.id)", ""]
            lines += SummaryText.indented((card.source ?? "").split(separator: "\n").map(String.init))
            lines.append("")
            var facts = Columns([.left, .left])
            if let formula = card.formula { facts.add(["formula", formula]) }
            if let cost = card.cost { facts.add(["cost", "\(Figures.cost(cost)) operations per element"]) }
            facts.add(["search", Figures.estimate(champion.searchGain) + "  (chosen by it: too high on average)"])
            facts.add(["re-test", Figures.estimate(champion.retestGain) + "  (search tasks, fresh seeds)"])
            if let gain = champion.heldoutGain { facts.add(["held-out", Figures.estimate(gain)]) }
            lines += SummaryText.indented(facts.lines)
        } else {
            lines += ["", "No champion: no proposal was trained to the end."]
        }
        lines += [""] + SummaryText.heldout(summary)
        lines += ["", "Proposals by operator"] + SummaryText.indented(SummaryText.proposals(summary))
        lines += ["", "digest \(summary.digest)", "", "Look closer:"]
        var commands = ["\(command) inspect \(path)", "\(command) inspect \(path) journal"]
        if summary.champion != nil { commands.insert("\(command) inspect \(path) champion", at: 1) }
        lines += SummaryText.indented(commands + ["\(command) run \(summary.name) --replay \(path)"])
        return lines.joined(separator: "\n")
    }
}
