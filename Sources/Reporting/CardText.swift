import EvolveTypes

/// A `CandidateCard` in words.
package enum CardText {
    package static func render(_ card: CandidateCard, _ ink: Ink = .plain) -> String {
        var lines = [ink.heading("candidate \(card.id)")] + facts(card, ink).lines(indent: 2)
        if let properties = card.properties {
            lines += [
                "",
                ink.heading("found by evaluating it")
                    + ink.dim(" (trainables at their first values; nothing is proved)"),
            ]
            lines += Self.properties(properties).lines(indent: 2)
        }
        if let picture = card.source.flatMap({ CardPicture($0) }) { lines += [""] + picture.lines }
        if let accuracy = card.heldout.flatMap({ AccuracyPair.mean($0.tasks.compactMap(\.accuracy)) }) {
            lines += ["", "accuracy on held-out tasks, %"] + AccuracyText.lines(accuracy)
        }
        if !card.findings.isEmpty { lines += [""] + FindingsText.lines(card.findings, ink) }
        if let source = card.source {
            lines += ["", ink.heading("source"), ""] + Wrapping.source(source, indent: 2)
        }
        if let costs = card.costs, costs.lines.count > 1 {
            lines += ["", ink.heading("cost by line") + ink.dim(", operations per element, value and derivatives")]
            lines += SummaryText.indented(costs.table)
        }
        if let latex = card.latex {
            lines += ["", ink.heading("in LaTeX"), ""] + Wrapping.lines(latex, first: "  ", then: "  ")
        }
        return lines.joined(separator: "\n")
    }

    private static func facts(_ card: CandidateCard, _ ink: Ink) -> Facts {
        var facts = Facts()
        facts.add("island", card.island)
        facts.add("proposed by", card.proposer)
        for line in card.attributions ?? [] { facts.add("licence", line) }
        if let idea = card.idea { facts.add("idea", Ink.legible(idea)) }
        if let formula = card.formula { facts.add("formula", formula) }
        if let trainables = card.trainables, !trainables.isEmpty {
            let values = trainables.map { "\($0.name) = \(FunctionProperties.number($0.initial))" }
            facts.add("trained", values.joined(separator: ", ") + " at first")
        }
        if let twins = card.nearDuplicates, !twins.isEmpty {
            let candidates = twins.candidates.prefix(Self.twins).map(String.init).joined(separator: ", ")
            let more = twins.candidates.count > Self.twins ? " and \(twins.candidates.count - Self.twins) more" : ""
            let names =
                twins.literature
                + (twins.candidates.isEmpty
                    ? [] : ["candidate\(twins.candidates.count > 1 ? "s" : "") \(candidates)\(more)"])
            facts.add("up to scale", "the same as " + names.joined(separator: ", "))
        }
        if let cost = card.cost { facts.add("cost", "\(Figures.cost(cost)) operations per element") }
        if let cell = card.cell { facts.add("archive cell", ArchiveText.place(cell)) }
        facts.add("verdict", Ink.legible(card.verdict + (card.reason.map { ": \($0)" } ?? "")))
        if let score = card.score {
            let label = ["raced out": "in the race", "re-tested": "its re-test"][card.verdict] ?? "first score"
            let networks = score.tasks.reduce(0) { $0 + $1.gains.count }
            facts.add(
                label,
                // Of one network there is no interval.
                (networks > 1 ? Figures.estimate(score.gain) : "\(Figures.gain(score.gain.mean)) dB")
                    + ink.dim(", search tasks, \(Figures.count(networks, "network"))"))
            if card.heldout == nil {
                for (family, gain) in score.families.sorted(by: { $0.key < $1.key })
                where networks > score.families.count {
                    facts.add("  " + family, Figures.estimate(gain))
                }
            }
        }
        if let believed = card.believed {
            facts.add("believed", Figures.belief(believed) + ink.dim(" on search tasks (all seeds, shrunk)"))
        }
        if let retest = card.retest {
            facts.add("re-test", ink.estimate(retest.gain) + ink.dim(", search tasks, fresh seeds"))
        }
        if let heldout = card.heldout { add(heldout, to: &facts, ink) }
        for row in card.findings where row.isReference {
            let tasks = row.family.map { "held-out \($0) tasks" } ?? "held-out tasks"
            facts.add("verification", ink.finding(row.finding) + " than GELU on " + tasks)
        }
        if !card.lineage.isEmpty {
            facts.add("lineage", ([card.id] + card.lineage).map(String.init).joined(separator: " ← "))
        }
        return facts
    }

    /// Near duplicates in the run that are named.
    private static let twins = 8

    private static func add(_ heldout: Score, to facts: inout Facts, _ ink: Ink) {
        facts.add("held-out", ink.estimate(heldout.gain) + ink.dim(", at the suite's learning rate"))
        facts.add("  in distribution", ink.estimate(heldout.inDistribution))
        facts.add("  worst quarter", "\(Figures.gain(heldout.tail)) dB, mean over the worst quarter of the tasks")
        for (family, gain) in heldout.families.sorted(by: { $0.key < $1.key }) {
            facts.add("  " + family, ink.estimate(gain))
        }
        for line in LosingTasks.lines(heldout) { facts.add("  loses on", line) }
    }

    private static func properties(_ properties: FunctionProperties) -> Facts {
        var facts = Facts()
        for (name, value) in properties.rows { facts.add(name, value) }
        return facts
    }
}

extension CandidateCard {
    /// Operator, parents and model.
    package var proposer: String {
        variation + (parents.isEmpty ? "" : " of \(parents.map(String.init).joined(separator: ", "))")
            + (model.map { ", \($0)" } ?? "")
    }
}
