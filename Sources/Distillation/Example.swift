import EvolveTypes

/// A change that a run tried: a parent, its child, and what the child gained over it on the networks that both trained.
package struct Example: Sendable {
    package enum Label: String, Sendable {
        /// Its interval is above zero.
        case improved
        /// Its interval is below zero, or its training diverged.
        case worse
        case undecided
    }

    /// How far its values are from the parent's.
    package enum Step: String, CaseIterable, Comparable, Sendable {
        case small, medium, large

        package static func < (a: Step, b: Step) -> Bool {
            let order = allCases
            return (order.firstIndex(of: a) ?? 0) < (order.firstIndex(of: b) ?? 0)
        }

        /// nil for the one between, which is nothing to speak of.
        var token: String? { self == .medium ? nil : "step:\(rawValue)" }
    }

    /// A candidate of one of the runs that are read together: changes are compared with others of the same parent.
    package struct Parent: Hashable, Sendable {
        package var run: Int
        package var id: CandidateID
    }

    package var parent: Parent
    package var slot: CandidateID
    /// Over the parent: mean and 95 % interval over tasks, within ± the suite's clip.
    package var gain: Estimate
    package var label: Label
    /// Mean gain over the parent on each family's tasks.
    package var families: [String: Double]
    /// Tokens, see `Delta`.
    package var change: Set<String>
    package var context: Set<String>
    package var before: String
    package var after: String
    /// The child's author's words.
    package var idea: String?

    package var step: Step { Step.allCases.first { $0.token.map(change.contains) == true } ?? .medium }
}
