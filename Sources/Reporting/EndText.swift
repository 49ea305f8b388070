import Engine
import EvolveTypes

/// What a finished run says: the champion, its verified gain beside the literature's, and how to go on.
package enum EndText {
    /// - Parameter command: how the user calls the program.
    package static func render(
        _ summary: RunSummary, path: String, command: String, _ ink: Ink = .plain
    ) -> String {
        var lines: [String] = []
        if summary.slots.committed < summary.slots.total {
            lines += [
                "", "The budget ended the search at slot \(summary.slots.committed) of \(summary.slots.total).",
            ]
        }
        if let champion = summary.champion {
            lines += [""] + SummaryText.champion(champion, ink) + SummaryText.families(summary, ink)
        } else {
            lines += [
                "", "No champion: no new candidate was trained to the end; all fell behind in the", "race.",
                "A finished run gets no more slots. Make a new one with more than these \(summary.slots.total)",
                "(seed programs take some of them):",
                "  \(command) run EXPERIMENT --slots \(4 * summary.slots.total)",
            ]
        }
        lines += [""] + SummaryText.heldout(summary, ink) + SummaryText.verified(summary, ink)
        lines += ["", ink.heading("Proposals by operator")] + SummaryText.indented(SummaryText.proposals(summary))
        let spend = SummaryText.spend(summary)
        if !spend.isEmpty { lines += [""] + spend }
        lines += ["", ink.dim("digest \(summary.digest)"), "", ink.heading("Look closer:")]
        var commands = ["\(command) inspect \(path)", "\(command) inspect \(path) journal"]
        if summary.champion != nil {
            commands.insert("\(command) inspect \(path) champion", at: 1)
            commands.insert("\(command) inspect \(path) champion --source > champion.c", at: 2)
        }
        lines += SummaryText.indented(commands)
        return lines.joined(separator: "\n")
    }
}
