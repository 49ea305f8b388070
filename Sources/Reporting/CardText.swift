import EvolveTypes

/// A `CandidateCard` in words.
package enum CardText {
    package static func render(_ card: CandidateCard, _ ink: Ink = .plain) -> String {
        var facts = Columns([.left, .left])
        facts.add(["island", card.island])
        facts.add(["proposed by", card.proposer])
        for line in card.attributions ?? [] { facts.add(["licence", line]) }
        if let idea = card.idea { facts.add(["idea", idea]) }
        if let formula = card.formula { facts.add(["formula", formula]) }
        if let twins = card.nearDuplicates, !twins.isEmpty {
            let names = twins.literature + twins.candidates.map { "candidate \($0)" }
            facts.add(["up to scale", "the same as " + names.joined(separator: ", ")])
        }
        if let cost = card.cost { facts.add(["cost", "\(Figures.cost(cost)) operations per element"]) }
        facts.add(["verdict", card.verdict + (card.reason.map { ": \($0)" } ?? "")])
        if let score = card.score {
            let label = ["raced out": "in the race", "re-tested": "its re-test"][card.verdict] ?? "first score"
            facts.add([label, Figures.estimate(score.gain)])
        }
        if let believed = card.believed {
            let when = ink.dim(" on search tasks, when the search ended (± by seed)")
            facts.add(["believed", Figures.belief(believed) + when])
        }
        if let retest = card.retest {
            facts.add(["re-test", ink.estimate(retest.gain) + ink.dim(", search tasks, fresh seeds")])
        }
        if let heldout = card.heldout {
            facts.add(["held-out", ink.estimate(heldout.gain) + ink.dim(", at the suite's learning rate")])
            facts.add(["  in distribution", ink.estimate(heldout.inDistribution)])
            facts.add(["  worst quarter", "\(Figures.gain(heldout.tail)) dB, mean over the worst quarter of the tasks"])
            for (family, gain) in heldout.families.sorted(by: { $0.key < $1.key }) {
                facts.add(["  " + family, ink.estimate(gain)])
            }
            for line in LosingTasks.lines(heldout) { facts.add(["  loses on", line]) }
        }
        if !card.lineage.isEmpty {
            facts.add(["lineage", ([card.id] + card.lineage).map(String.init).joined(separator: " ← ")])
        }
        var lines = [ink.heading("candidate \(card.id)")] + SummaryText.indented(facts.lines)
        if let properties = card.properties {
            var rows = Columns([.left, .left])
            for (name, value) in properties.rows { rows.add([name, value]) }
            lines +=
                ["", ink.heading("found by evaluating it") + ink.dim(" (trainables at their first values)")]
                + SummaryText.indented(rows.lines)
        }
        if let picture = card.source.flatMap({ CardPicture($0) }) { lines += [""] + picture.lines }
        if let accuracy = card.heldout.flatMap({ AccuracyPair.mean($0.tasks.compactMap(\.accuracy)) }) {
            lines += ["", "accuracy on held-out tasks, %"] + AccuracyText.lines(accuracy)
        }
        if !card.findings.isEmpty { lines += [""] + FindingsText.lines(card.findings, ink) }
        if let source = card.source { lines += ["", source] }
        if let costs = card.costs, costs.lines.count > 1 { lines += [""] + SummaryText.indented(costs.table) }
        return lines.joined(separator: "\n")
    }
}

extension CandidateCard {
    /// Operator, parents and model.
    package var proposer: String {
        variation + (parents.isEmpty ? "" : " of \(parents.map(String.init).joined(separator: ", "))")
            + (model.map { ", \($0)" } ?? "")
    }
}
