import Engine
import EvolveTypes

/// What verifications found, in words of at most 80 columns.
package enum FindingsText {
    package static func lines(_ rows: [Findings.Row]) -> [String] {
        var columns = Columns([.left, .left, .left, .right, .left, .left])
        columns.add(["", "tasks", "against", "dB", "95 % interval", ""])
        for row in rows {
            for (place, duel) in row.duels.enumerated() {
                columns.add([
                    place == 0 ? "★ \(row.candidate)" : "", place == 0 ? row.family ?? "all" : "",
                    place == 0 ? row.opponent : "", duel.gain.map { Figures.gain($0.mean) } ?? "–",
                    duel.gain.map(Figures.interval) ?? duel.verdict, note(duel),
                ])
            }
            columns.add(["", "", "", "", verdict(row)])
        }
        return [
            "Verified on held-out tasks with fresh seeds, each side at its best learning",
            "rate by its fit; \"moment\" = both with outputs of unit second moment.",
        ] + SummaryText.indented(columns.lines)
    }

    /// The form and the chosen rates, as multiples of the suite's.
    private static func note(_ duel: Findings.Duel) -> String {
        let form = duel.form == "as written" ? "" : "moment "
        guard let rate = duel.rate, let other = duel.opponentRate else { return form }
        return form + "(rates \(Figures.multiple(rate)), \(Figures.multiple(other)))"
    }

    private static func verdict(_ row: Findings.Row) -> String {
        let p = row.p.map { ", p = \(Figures.probability($0)) for \(row.champions)" } ?? ""
        return row.finding.rawValue + p
    }
}
