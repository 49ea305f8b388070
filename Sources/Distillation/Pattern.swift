/// Which changes are meant: those that have all the tokens, of parents that have all of theirs.
package struct Pattern: Codable, Hashable, Sendable, Comparable {
    /// Of the change, sorted; at least one.
    package private(set) var changes: [String]
    /// Of the parent, sorted.
    package private(set) var parent: [String]

    package init(_ changes: some Sequence<String>, parent: some Sequence<String> = []) {
        self.changes = changes.sorted()
        self.parent = parent.sorted()
    }

    package func matches(_ example: Example) -> Bool {
        changes.allSatisfy(example.change.contains) && parent.allSatisfy(example.context.contains)
    }

    /// Whether it says how large the step is.
    var asksForStep: Bool { Example.Step.allCases.contains { $0.token.map(changes.contains) == true } }

    /// What both mean.
    func joined(with other: Pattern) -> Pattern {
        Pattern(Set(changes + other.changes), parent: Set(parent + other.parent))
    }

    /// Conditions: of two patterns that fit, the one with more is the more particular.
    var size: Int { changes.count + parent.count }

    package static func < (a: Pattern, b: Pattern) -> Bool {
        let (first, second) = (a.changes + ["|"] + a.parent, b.changes + ["|"] + b.parent)
        return a.size != b.size ? a.size < b.size : first.lexicographicallyPrecedes(second)
    }
}
