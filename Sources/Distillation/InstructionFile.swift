import EvolveTypes
import Reporting

/// A list as the YAML file that an island names: `Definitions.InstructionList` reads the texts back, the rest is for people.
package enum InstructionFile {
    /// Slots of one run that an instruction names.
    private static let most = 20

    /// - Parameter command: how it was made.
    package static func text(_ distillate: Distillate, command: String) -> String {
        var lines = ["# What earlier runs teach, the strongest first. Made by: \(command)"]
        lines += distillate.runs.map { "# Learned from \($0.words), digest \($0.digest)" }
        lines += distillate.testRuns.map { "# Tested on \($0.words), digest \($0.digest)" }
        if distillate.testRuns.isEmpty { lines.append("# Not tested on another suite.") }
        for test in distillate.tests {
            lines.append("# On \(test.on), obeying the list is worth \(Figures.gain(test.benefit)) dB a change.")
        }
        lines += [
            "#",
            "# A run that names this file shows a model each `text`, and reads nothing else: edit, add and delete as you like.",
            "# lead: decibels ahead of other changes of the same parents; gain: over the parent; [mean, low, high] at 95 %.",
            "instructions:",
        ]
        for instruction in distillate.instructions { lines += entry(instruction) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func entry(_ instruction: Instruction) -> [String] {
        var lines = [
            "  - text: \(quoted(instruction.text))", "    advice: \(instruction.advice.rawValue)",
            "    changes: \(list(instruction.pattern.changes))",
        ]
        if !instruction.pattern.parent.isEmpty { lines.append("    parent: \(list(instruction.pattern.parent))") }
        lines.append("    learned: {\(figures(instruction.learned))}")
        lines.append("    tests:")
        lines += instruction.tests.map { "      - {on: \(quoted($0.on)), \(figures($0.measure))}" }
        if !instruction.families.isEmpty { lines.append("    families: \(list(instruction.families))") }
        lines.append("    from:" + (instruction.from.isEmpty ? " []" : ""))
        for origin in instruction.from {
            let slots = origin.slots.prefix(most).map(String.init).joined(separator: ", ")
            let rest = origin.slots.count > most ? ", of: \(origin.slots.count)" : ""
            lines.append("      - {run: \(quoted(String(origin.run.prefix(12)))), slots: [\(slots)]\(rest)}")
        }
        return lines
    }

    private static func figures(_ measure: Measure) -> String {
        guard measure.isThere else { return "examples: 0" }
        return "examples: \(measure.examples), parents: \(measure.parents), improved: \(measure.improved), "
            + "worse: \(measure.worse), gain: \(estimate(measure.gain)), lead: \(estimate(measure.lead))"
    }

    private static func estimate(_ estimate: Estimate) -> String {
        "[" + [estimate.mean, estimate.low, estimate.high].map(Figures.gain).joined(separator: ", ") + "]"
    }

    private static func list(_ words: [String]) -> String { "[" + words.map(quoted).joined(separator: ", ") + "]" }

    /// Whatever a model wrote.
    private static func quoted(_ text: String) -> String {
        let escaped = text.map { character in
            switch character {
            case "\\": "\\\\"
            case "\"": "\\\""
            case _ where character.isNewline || character == "\t": " "
            default: String(character)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
