import Engine
import EvolveTypes

/// What verifications found, in lines of at most 80 columns.
package enum FindingsText {
    package static func lines(_ rows: [Findings.Row], _ ink: Ink = .plain) -> [String] {
        var lines = [
            ink.heading("Duels on held-out tasks") + ", fresh seeds: gain in dB with 95 % interval, each side",
            "at the learning rate (multiple of the suite's) where it fits best; unit moment:",
            "both scaled so that outputs start at one size. p: how likely the weaker of the",
            "two gains, or losses, is by luck; corrected for all that the run has verified.",
        ]
        for row in rows {
            let tasks = row.family ?? "all tasks"
            lines.append(
                "  ★ \(row.candidate), \(tasks) (\(row.tasks) × \(Figures.count(row.seeds, "seed"))), against \(row.opponent):"
            )
            var columns = Columns([.left, .right, .left, .left])
            for duel in row.duels {
                columns.add([
                    duel.form, duel.gain.map { ink.gain(Figures.gain($0.mean), $0) } ?? "–",
                    duel.gain.map(Figures.interval) ?? duel.verdict, rates(duel),
                ])
            }
            lines += columns.lines.map { "      " + $0 }
            lines.append(
                "      \(ink.finding(row.finding)), p \(Figures.probability(row.p))"
                    + (row.champions > 1 ? ", corrected for \(row.champions)" : ""))
        }
        if rows.flatMap(\.duels).contains(where: \.isAtTheEdge) {
            lines.append("  ! highest or lowest of the run's verification.rates: another may suit better")
        }
        return lines
    }

    private static func rates(_ duel: Findings.Duel) -> String {
        duel.ratesText.isEmpty ? "" : "rates " + duel.ratesText
    }
}

extension Findings.Duel {
    /// Where each side fits best, multiples of the suite's learning rate, with a mark at the highest and the lowest tried;
    /// "" = not known.
    package var ratesText: String {
        guard let rate, let opponentRate else { return "" }
        return [rate, opponentRate].map { Figures.multiple($0) + (isEdge($0) ? "!" : "") }.joined(separator: ", ")
    }

    /// Whether another rate might suit a side better.
    package var isAtTheEdge: Bool { [rate, opponentRate].compactMap(\.self).contains(where: isEdge) }

    private func isEdge(_ rate: Double) -> Bool { rates.count > 1 && (rate == rates.first || rate == rates.last) }
}
