import EvolveTypes
import Mutation

/// The named slots of an island's prompt.md, written `{{name}}`: `Prompt.Slot` says which there are.
enum PromptSlots {
    /// - Throws: `Failure(.badInput)` when a slot is unknown or not closed, or when `{{parents}}` is missing.
    static func check(_ template: String, file: String) throws {
        let known = Prompt.Slot.allCases.map(\.rawValue)
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
        if !names.contains(Prompt.Slot.parents.rawValue) {
            problems.report(
                line: lines.count, column: 1,
                "the slot '\(Prompt.Slot.parents.marker)' is missing: without it the model sees no function"
            )
        }
        try problems.throwIfAny()
    }
}
