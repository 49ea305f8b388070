import EvolveTypes
import Reporting

/// `Distillate` in words, at most 80 columns wide.
package enum DistillateText {

    package static func render(_ distillate: Distillate, _ ink: Ink = .plain) -> String {
        var lines = head(distillate, ink)
        lines += ["", ink.heading("The list") + room(distillate)]
        if !distillate.instructions.isEmpty {
            lines += [
                "Decibels ahead of other changes of the same parents, with 95 % interval;",
                "changes, and how many of them are surely better (+) or worse (−) than the parent",
            ]
        }
        for (number, instruction) in distillate.instructions.enumerated() {
            lines += entry(instruction, number + 1, ink)
        }
        if !distillate.instructions.isEmpty {
            for test in distillate.tests { lines += [""] + table(test, ink) }
        }
        if distillate.testRuns.isEmpty {
            lines += ["", "Not tested on another suite: give a run of one as --test STORE."]
        }
        if !distillate.dropped.isEmpty {
            lines += ["", ink.heading("Dropped")]
            for dropped in distillate.dropped {
                lines += Wrapping.lines("\(dropped.text) — \(dropped.why)", first: "  - ", then: "    ")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func head(_ distillate: Distillate, _ ink: Ink) -> [String] {
        var lines = distillate.runs.map { ink.heading("Learned from") + " \($0.words)" }
        lines += distillate.testRuns.map { ink.heading("Tested on") + " \($0.words)" }
        let (labels, parts) = (distillate.labels, distillate.parts)
        let count = labels.improved + labels.worse + labels.undecided
        var columns = Columns([.left, .left])
        columns.add([
            "examples",
            "\(Figures.count(count)) changes: \(labels.improved) improved, \(labels.worse) worse, "
                + "\(Figures.count(labels.undecided)) undecided",
        ])
        columns.add([
            "parents",
            "\(parts.learning) learned from, \(parts.revising) to revise by, \(parts.unseen) unseen",
        ])
        func groups(_ advice: Advice) -> String {
            let sizes = distillate.groups.filter { $0.advice == advice }.map { "\($0.examples)" }
            return "\(sizes.count)" + (sizes.isEmpty ? "" : " (\(sizes.joined(separator: ", ")))")
        }
        columns.add([
            "groups",
            "of improvements \(groups(.prefer)), of losses \(groups(.avoid)); \(distillate.noise) in none",
        ])
        columns.add([
            "patterns",
            "\(distillate.patterns) looked at, \(distillate.drafts) surely so and unlike each other; "
                + "\(distillate.instructions.count) kept",
        ])
        lines += columns.lines
        if distillate.rounds > 0 {
            lines.append("The closed loop mended the list in \(Figures.count(distillate.rounds, "round")).")
        }
        return lines
    }

    private static func room(_ distillate: Distillate) -> String {
        distillate.instructions.isEmpty
            ? " is empty: nothing that was tried is surely better or worse than other changes."
            : " (about \(distillate.tokens) of \(distillate.tokenLimit) tokens)"
    }

    private static func entry(_ instruction: Instruction, _ number: Int, _ ink: Ink) -> [String] {
        let margin = String(repeating: " ", count: "\(number)".count + 3)
        var lines = Wrapping.lines(instruction.text, first: "  \(number) ", then: margin)
        let rows = [("learned", instruction.learned)] + instruction.tests.map { (short($0.on), $0.measure) }
        var columns = Columns([.left, .right, .left, .right, .left])
        for (name, measure) in rows {
            guard measure.isThere else {
                columns.add([name, "", "was not tried there"])
                continue
            }
            columns.add([
                name, ink.gain(Figures.gain(measure.lead.mean), measure.lead), Figures.interval(measure.lead) + " dB",
                "\(measure.examples)",
                "of \(Figures.count(measure.parents, "parent")): \(measure.improved)+ \(measure.worse)−",
            ])
        }
        lines += columns.lines.map { margin + $0 }
        if !instruction.families.isEmpty {
            let families = instruction.families.joined(separator: ", ")
            lines += Wrapping.lines("holds on \(families)", first: margin, then: margin)
        }
        return lines
    }

    private static func short(_ words: String) -> String {
        words.hasPrefix("the suite ") ? String(words.dropFirst("the suite ".count)) : "unseen"
    }

    private static func table(_ test: ListTest, _ ink: Ink) -> [String] {
        var columns = Columns([.left, .right, .right, .right, .left, .right])
        columns.add(["", "changes", "parents", "lead dB", "95 % interval", "gain dB"])
        for (name, measure) in [
            ("advised for", test.followed), ("advised against", test.defied), ("not spoken of", test.untold),
        ] {
            guard measure.isThere else {
                columns.add([name, "0"])
                continue
            }
            columns.add([
                name, "\(measure.examples)", "\(measure.parents)",
                ink.gain(Figures.gain(measure.lead.mean), measure.lead), Figures.interval(measure.lead),
                Figures.gain(measure.gain.mean),
            ])
        }
        return [ink.heading("All of it") + ", on \(test.on):"] + columns.lines.map { "  " + $0 }
            + ["  obeying it is worth \(Figures.gain(test.benefit)) dB a change"]
    }
}

extension Distillate.Run {
    var words: String { "\(store): run \(name), seed \(seed), suite \(suite), \(Figures.count(slots)) slots" }
}
