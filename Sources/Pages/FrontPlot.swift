import EvolveTypes
import Population
import Reporting

extension Plot {
    /// What elites cost and are believed to gain.
    /// - Parameters:
    ///   - champion: drawn whether it is an elite or not.
    ///   - reference: cost of GELU, operations per element; nil = not known.
    static func front(
        _ population: [ArchiveMap.Holder], _ front: GainCostFront, champion: RunSummary.Champion?, reference: Double?
    ) -> Plot? {
        guard !front.points.isEmpty else { return nil }
        var plot = Plot(name: "front", title: "Gain against cost", words: words(population, front, champion, reference))
        plot.caption =
            "Gain that is believed of each elite on search tasks, after all its seeds and all that the run has tried, "
            + "against its static cost; bars hold 95 % of what is believed. Nothing cheaper is believed to gain more than "
            + "what is on the front, whose candidates are numbered."
        let holders = population.filter { !$0.isSeed }
        func row(_ cost: Double, _ belief: Shrinkage.Belief) -> [Double] {
            [cost, belief.mean, belief.mean - reach * belief.deviation, 2 * reach * belief.deviation]
        }
        plot.give("new", holders.map { row($0.cost, $0.believed) })
        plot.give("seeds", population.filter(\.isSeed).map { row($0.cost, $0.believed) })
        let marked = champion.map { [row($0.cost, $0.believed)] } ?? []
        plot.give("champion", marked)
        plot.give("reference", reference.map { [[$0, 0]] } ?? [])
        let costs = population.map(\.cost) + [champion?.cost, reference].compactMap(\.self)
        let (cheapest, dearest) = (costs.min() ?? 0, costs.max() ?? 1)
        plot.give(
            "front",
            front.points.map { [$0.cost, $0.believed.mean] } + [[dearest, front.points.last?.believed.mean ?? 0]])
        let highest =
            (population.map(\.believed) + [champion?.believed].compactMap(\.self))
            .map { $0.mean + reach * $0.deviation }.max() ?? 0
        // Seed programs far below would leave the others little room.
        let lowest =
            ((holders.map(\.believed) + [champion?.believed].compactMap(\.self)).map { $0.mean - reach * $0.deviation }
            + front.points.map(\.believed.mean) + [0]).min() ?? 0
        let bottom = max(lowest, highest - 8) - 0.3
        plot.give("labels", labelled(front, except: champion?.id, width: dearest - cheapest, height: highest - bottom))
        plot.say("set xlabel 'cost, operations per element' textcolor \(Ink.axis.colour)")
        plot.say("set ylabel 'believed gain over GELU, dB' textcolor \(Ink.axis.colour)")
        let margin = max(2, 0.03 * (dearest - cheapest))
        plot.say("set xrange [\(max(0, cheapest - margin)):\(dearest + margin)]")
        plot.say("set yrange [\(bottom):\(highest + 0.5)]")
        var parts = [
            "$new using 1:3:(0):4 with vectors nohead linewidth 1 linecolor \(Ink.faint.colour)",
            "$new using 1:2 with points pointtype 7 pointsize 0.5 linecolor \(Ink.faint.colour)",
            "$seeds using 1:2 with points pointtype 6 pointsize 0.6 linewidth 1.5 linecolor \(Ink.other.colour)",
            "$front using 1:2 with steps linewidth 2 linecolor \(Ink.ours.colour)",
            "$labels using 1:2:(sprintf('%d',$3)) with labels offset 0,0.7 font ',11' textcolor \(Ink.axis.colour)",
        ]
        plot.keys = [
            Key(.line, .ours, "front"), Key(.stick, .faint, "elites"), Key(.ring, .other, "seed programs"),
        ]
        if reference != nil {
            parts.append(
                "$reference using 1:2 with points pointtype 13 pointsize 0.9 linecolor \(Ink.reference.colour)")
            parts.append(
                "$reference using 1:2:('GELU') with labels offset 0,-0.9 font ',11' textcolor \(Ink.reference.colour)")
        }
        if let champion {
            parts.append("$champion using 1:3:(0):4 with vectors \(interval) linecolor \(Ink.gain.colour)")
            parts.append("$champion using 1:2:('★') with labels font ',18' textcolor \(Ink.gain.colour)")
            plot.keys.append(Key(.star, .gain, "champion, candidate \(champion.id)"))
        }
        plot.say("plot " + parts.joined(separator: ", "))
        return plot
    }

    /// Deviations on each side that hold 95 % of a normal distribution.
    private static let reach = 1.96

    /// Where there is room for numbers: cost, gain, candidate; those that gain most first.
    private static func labelled(
        _ front: GainCostFront, except champion: CandidateID?, width: Double, height: Double
    ) -> [[Double]] {
        var taken: [[Double]] = []
        for point in front.points.reversed() where point.id != champion {
            let isFree = taken.allSatisfy {
                abs($0[0] - point.cost) > 0.06 * width || abs($0[1] - point.believed.mean) > 0.07 * height
            }
            if isFree { taken.append([point.cost, point.believed.mean, Double(point.id)]) }
        }
        return taken
    }

    private static func words(
        _ population: [ArchiveMap.Holder], _ front: GainCostFront, _ champion: RunSummary.Champion?,
        _ reference: Double?
    ) -> String {
        let best = front.points.map {
            "candidate \($0.id), \(Figures.cost($0.cost)) operations, \(Figures.belief($0.believed))"
        }
        var text = "\(Figures.count(population.count, "elite")). On the front: " + best.joined(separator: "; ") + "."
        if let champion {
            text +=
                " The champion, candidate \(champion.id): \(Figures.cost(champion.cost)) operations, "
                + "\(Figures.belief(champion.believed))."
        }
        if let reference { text += " GELU: \(Figures.cost(reference)) operations, gain 0." }
        return text.typeset
    }
}
