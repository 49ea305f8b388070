import EvolveTypes
import Mutation
import Population

/// The named slots of the texts that prompts are made of, written `{{name}}`: `PromptKind.slots` says which there are.
enum PromptSlots {
    /// Texts of all islands that have none of their own.
    static let folder = "Islands/prompts"

    /// - Throws: `Failure(.badInput)` when a slot is unknown or not closed, or when one that the kind needs is missing.
    static func check(_ template: String, _ kind: PromptKind, file: String) throws {
        let known = kind.slots.map(\.rawValue)
        let problems = DefinitionProblems(file: file)
        var names: [String] = []
        let lines = template.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (number, line) in lines.enumerated() {
            var rest = line
            while let open = rest.firstRange(of: "{{") {
                let column = line.distance(from: line.startIndex, to: open.lowerBound) + 1
                guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
                    problems.report(line: number + 1, column: column, "this '{{' has no '}}' on its line")
                    break
                }
                let name = String(rest[open.upperBound..<close.lowerBound])
                if !known.contains(name) {
                    let hint = NearestName.hint(name, among: known, noun: "known slots")
                    problems.report(line: number + 1, column: column, "unknown slot '{{\(name)}}'\(hint)")
                }
                names.append(name)
                rest = rest[close.upperBound...]
            }
        }
        for slot in kind.required where !names.contains(slot.rawValue) {
            problems.report(
                line: lines.count, column: 1,
                "the slot '\(slot.marker)' is missing: without it the model does not know what it is about")
        }
        try problems.throwIfAny()
    }
}
