import Engine
import EvolveTypes

/// What verifications found, in lines of at most 80 columns.
package enum FindingsText {
    package static func lines(_ rows: [Findings.Row]) -> [String] {
        var lines = [
            "Verified on held-out tasks with fresh seeds, each side at its best learning rate",
            "(multiples of the suite's, chosen by the fit); p corrected for all champions.",
        ]
        for row in rows {
            let tasks = row.family.map { "\($0) tasks" } ?? "all tasks"
            lines.append("  ★ \(row.candidate), \(tasks), against \(row.opponent): \(row.finding.rawValue)")
            var columns = Columns([.left, .right, .left, .left])
            for duel in row.duels {
                columns.add([
                    duel.form, duel.gain.map { Figures.gain($0.mean) } ?? "–",
                    duel.gain.map(Figures.interval) ?? duel.verdict,
                    rates(duel),
                ])
            }
            lines += columns.lines.map { "      " + $0 }
            if let p = row.p {
                let champions = row.champions == 1 ? "one champion" : "\(row.champions) champions"
                lines.append("      p = \(Figures.probability(p)) for \(champions)")
            }
        }
        return lines
    }

    private static func rates(_ duel: Findings.Duel) -> String {
        guard let rate = duel.rate, let other = duel.opponentRate else { return "" }
        return "rates \(Figures.multiple(rate)), \(Figures.multiple(other))"
    }
}
