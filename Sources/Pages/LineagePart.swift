import EvolveTypes
import Reporting

/// How the function came about, change by change.
struct LineagePart {
    struct Step {
        var candidate: CandidateID
        /// Of its place in the page.
        var anchor: String
        var number: String
        var how: String
        var outcome: String
        var idea: String?
        var formula: String?
        var source: String?
        var changes: [Change]
        var hasChanges: Bool
        var branch: Branch?
    }

    /// Those that lent a part, and what they came from.
    struct Branch {
        struct Ancestor {
            var words: String
            var derivation: String?
        }

        var count: String
        var ancestors: [Ancestor]
    }

    struct Change {
        var sign: String
        var text: String
        var isAddition: Bool
    }

    var steps: [Step]

    init(_ lineage: Lineage) {
        steps = lineage.steps.enumerated().map { place, step in
            let others = step.parents.dropLast().map(String.init).joined(separator: ", ")
            return Step(
                candidate: step.id, anchor: "step-\(step.id)", number: "\(step.id)",
                how: step.variation + (step.model.map { " by \($0)" } ?? "")
                    + (others.isEmpty ? "" : ", with \(others)")
                    + ", island \(step.island)",
                outcome: ((step.gain.map(Figures.estimate) ?? step.verdict)
                    + (step.cost.map { ", cost \(Figures.cost($0))" } ?? "")).typeset,
                idea: step.idea?.cut(to: RunPage.longestIdea), formula: step.formula,
                source: place == 0 ? step.source : nil,
                changes: step.changes.map { Change(sign: $0.sign, text: $0.text, isAddition: $0.sign == "+") },
                hasChanges: !step.changes.isEmpty, branch: Branch(step.branches))
        }
    }
}

extension LineagePart.Branch {
    /// - Returns: nil of none.
    init?(_ ancestors: [Lineage.Ancestor]) {
        guard !ancestors.isEmpty else { return nil }
        count = Figures.count(ancestors.count, "ancestor")
        self.ancestors = ancestors.map { Ancestor(words: $0.words.typeset, derivation: $0.formula) }
    }
}
