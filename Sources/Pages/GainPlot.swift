import EvolveTypes
import Reporting

extension Plot {
    /// First scores over slots, the best of them so far, and what fresh seeds made of the champion.
    static func gains(_ history: RunHistory, _ summary: RunSummary) -> Plot? {
        guard let best = history.best.last else { return nil }
        let marks = afterwards(summary.champion)
        let subject = summary.champion.map { ($0.id, $0.searchGain.mean) } ?? summary.best.map { ($0.id, $0.gain.mean) }
        let end = Double(max(history.slots - 1, 1))
        let top = max(best.gain, marks.map(\.gain.high).max() ?? 0, subject?.1 ?? 0, 0)
        let bottom = min(marks.map(\.gain.low).min() ?? 0, 0, max(history.lowest, top - 6)) - 0.3
        let below = (history.points + history.raced).count { $0.gain < bottom }

        var plot = Plot(name: "gains", title: "Gain over the run", words: "")
        plot.caption = caption(history, below: below, hasMarks: !marks.isEmpty)
        plot.words = words(history, best, subject: subject, marks)
        plot.give("raced", history.raced.map { [Double($0.slot), $0.gain] })
        plot.give("scores", history.points.map { [Double($0.slot), $0.gain] })
        plot.give("best", history.best.map { [Double($0.slot), $0.gain] } + [[end, best.gain]])
        var parts = [
            "$raced using 1:2 with points pointtype 7 pointsize 0.25 linecolor \(Ink.faint.colour)",
            "$scores using 1:2 with points pointtype 7 pointsize 0.4 linecolor \(Ink.ours.colour)",
            "$best using 1:2 with steps linewidth 2 linecolor \(Ink.ours.colour)",
        ]
        plot.keys = [
            Key(.line, .ours, "best first score so far"), Key(.dot, .ours, "first scores"),
            Key(.small, .faint, "fell behind in the race"),
        ]
        if let subject {
            plot.give("subject", [[Double(subject.0), subject.1]])
            parts.append(
                "$subject using 1:2 with points pointtype 6 pointsize 1.3 linewidth 2 linecolor \(Ink.axis.colour)")
            plot.keys.append(Key(.ring, .axis, "candidate \(subject.0), when it entered"))
        }
        for (place, mark) in marks.enumerated() {
            let x = end * (1.05 + 0.05 * Double(place))
            plot.give("mark\(place)", [[x, mark.gain.mean, mark.gain.low, mark.gain.high]])
            parts.append("$mark\(place) using 1:3:(0):($4-$3) with vectors \(interval) linecolor \(mark.ink.colour)")
            parts.append(
                "$mark\(place) using 1:2 with points pointtype \(mark.shape == .square ? 5 : 9) pointsize 0.9 "
                    + "linecolor \(mark.ink.colour)")
            plot.keys.append(Key(mark.shape, mark.ink, mark.words))
        }
        plot.say("set xlabel 'slot' textcolor \(Ink.axis.colour)")
        plot.say("set ylabel 'gain over GELU, dB' textcolor \(Ink.axis.colour)")
        plot.tick(to: end)
        if !marks.isEmpty {
            // What was measured afterwards has no slot.
            let border = end * 1.02
            plot.say(
                "set arrow from \(border),graph 0 to \(border),graph 1 nohead dashtype 3 linecolor \(Ink.axis.colour)")
            plot.say("set label 'afterwards' at \(end * 1.075),graph 1.04 center textcolor \(Ink.axis.colour)")
        }
        plot.say("set xrange [0:\(end * (marks.isEmpty ? 1.01 : 1.13))]")
        plot.say("set yrange [\(bottom):\(top + 0.4)]")
        plot.say("plot " + parts.joined(separator: ", "))
        return plot
    }

    private struct Mark {
        var words: String
        var gain: Estimate
        var ink: Ink
        var shape: Key.Shape
    }

    private static func afterwards(_ champion: RunSummary.Champion?) -> [Mark] {
        [
            champion?.retestGain.map {
                Mark(words: "champion, re-test with fresh seeds", gain: $0, ink: .gain, shape: .square)
            },
            champion?.heldoutGain.map {
                Mark(words: "champion, held-out tasks", gain: $0, ink: .reference, shape: .triangle)
            },
        ].compactMap(\.self)
    }

    private static func caption(_ history: RunHistory, below: Int, hasMarks: Bool) -> String {
        var text =
            "Each new candidate when it was first scored. The best of many first scores is too high: it was lucky, too."
        if hasMarks { text += " At the right, what was measured of the champion afterwards, with 95 % intervals." }
        if history.slots > 1_000 { text += " Of neighbouring slots, the best is drawn." }
        if below > 0 { text += " \(Figures.count(below, "point")) below the lower edge." }
        return text
    }

    private static func words(
        _ history: RunHistory, _ best: RunHistory.Point, subject: (CandidateID, Double)?, _ marks: [Mark]
    ) -> String {
        var text =
            "\(Figures.count(history.scored)) candidates scored in \(Figures.count(history.slots, "slot")); first "
            + "scores from \(Figures.gain(history.lowest)) to \(Figures.gain(best.gain)) dB, the best in slot \(best.slot)."
        if history.racedOut > 0 { text += " \(Figures.count(history.racedOut)) more fell behind in the race." }
        if let subject { text += " Candidate \(subject.0) entered with \(Figures.gain(subject.1)) dB." }
        for mark in marks { text += " The \(mark.words): \(Figures.estimate(mark.gain))." }
        return text.typeset
    }
}
