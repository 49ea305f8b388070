import EvolveTypes
import Reporting

extension Plot {
    /// First scores over slots, the best of them so far, and what fresh seeds made of the champion.
    static func gains(_ history: RunHistory, champion: RunSummary.Champion?) -> Plot? {
        guard let best = history.best.last else { return nil }
        var words =
            "\(history.scored) candidates scored; the best first score, \(Figures.gain(best.gain)) dB, in slot \(best.slot)."
        let end = Double(max(history.slots - 1, 1))
        var plot = Plot(name: "gains", title: "Gain over the run", words: "")
        plot.give("raced", history.raced.map { [Double($0.slot), $0.gain] })
        plot.give("scores", history.points.map { [Double($0.slot), $0.gain] })
        plot.give(
            "best", history.best.map { [Double($0.slot), $0.gain] } + [[end, best.gain]])
        let marks = champion.map { champion in
            [
                champion.retestGain.map { ("re-test, fresh seeds", $0, Ink.gain) },
                champion.heldoutGain.map { ("held-out tasks", $0, Ink.reference) },
            ].compactMap(\.self)
        }
        var parts = [
            "$raced using 1:2 with points pointtype 7 pointsize 0.25 linecolor \(Ink.faint.colour) title 'fell behind in the race'",
            "$scores using 1:2 with points pointtype 7 pointsize 0.4 linecolor \(Ink.ours.colour) title 'first scores'",
            "$best using 1:2 with steps linewidth 2 linecolor \(Ink.ours.colour) title 'best first score so far'",
        ]
        for (place, mark) in (marks ?? []).enumerated() {
            plot.give("mark\(place)", [[end * (1.03 + 0.03 * Double(place)), mark.1.mean, mark.1.low, mark.1.high]])
            parts.append(
                "$mark\(place) using 1:2:3:4 with yerrorbars pointtype 7 pointsize 0.7 linewidth 1.5 "
                    + "linecolor \(mark.2.colour) title 'champion: \(mark.0)'")
            words += " The champion, \(mark.0): \(Figures.estimate(mark.1))."
        }
        let lowest = (marks ?? []).map(\.1.low).min() ?? 0
        let highest = (marks ?? []).map(\.1.high).max() ?? 0
        plot.words = words
        plot.say("set xlabel 'slot' textcolor \(Ink.axis.colour)")
        plot.say("set ylabel 'gain over GELU, dB' textcolor \(Ink.axis.colour)")
        plot.say("set key tmargin center horizontal")
        plot.say("set xrange [0:\(end * 1.1)]")
        let top = max(best.gain, highest, 0)
        plot.say("set yrange [\(min(lowest, 0, max(history.lowest, top - 6)) - 0.3):\(top + 0.4)]")
        plot.say("plot " + parts.joined(separator: ", "))
        return plot
    }

    /// What elites cost and are believed to gain.
    static func front(_ population: [ArchiveMap.Holder], _ front: GainCostFront) -> Plot? {
        guard !front.points.isEmpty else { return nil }
        let holders = population.filter { !$0.isSeed }
        let best = front.points.map { "\(Figures.cost($0.cost)) operations, \(Figures.belief($0.believed))" }
        var plot = Plot(
            name: "front", title: "Gain against cost",
            words: "\(population.count) elites. On the front: " + best.joined(separator: "; ") + ".")
        func rows(_ holders: [ArchiveMap.Holder]) -> [[Double]] {
            holders.map { [$0.cost, $0.believed.mean, $0.believed.deviation] }
        }
        plot.give("new", rows(holders))
        plot.give("seeds", rows(population.filter(\.isSeed)))
        let costs = population.map(\.cost)
        plot.give(
            "front",
            front.points.map { [$0.cost, $0.believed.mean] } + [
                [costs.max() ?? 0, front.points.last?.believed.mean ?? 0]
            ])
        plot.say("set xlabel 'cost, operations per element' textcolor \(Ink.axis.colour)")
        plot.say("set ylabel 'believed gain over GELU, dB' textcolor \(Ink.axis.colour)")
        plot.say("set key tmargin center horizontal")
        let highest = population.map { $0.believed.mean + $0.believed.deviation }.max() ?? 0
        // Seed programs far below would leave the others little room.
        let lowest =
            (holders.map { $0.believed.mean - $0.believed.deviation } + front.points.map(\.believed.mean)).min() ?? 0
        plot.say("set yrange [\(max(lowest, highest - 8) - 0.3):\(highest + 0.3)]")
        plot.say(
            "plot $new using 1:2:3 with yerrorbars pointtype 7 pointsize 0.5 linecolor \(Ink.faint.colour) "
                + "title 'elites, ± one standard deviation', "
                + "$seeds using 1:2 with points pointtype 6 pointsize 0.6 linewidth 1.5 linecolor \(Ink.other.colour) "
                + "title 'seed programs', "
                + "$front using 1:2 with steps linewidth 2 linecolor \(Ink.ours.colour) title 'front'")
        return plot
    }
}
