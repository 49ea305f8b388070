import EvolveTypes

/// Puts into words what changes did, free of the particular function.
///
/// It is asked twice, as in prompt-level distillation (arXiv 2602.21103): of each example, label in hand, what the change did, to
/// group examples by what is said of them; and of each group for the one instruction that it teaches. What it does not say
/// (nil) is said by templates.
package protocol Teacher: Sendable {
    /// For the record.
    var name: String { get }
    /// - Returns: of each example.
    func statements(of examples: [Example]) async throws -> [String?]
    /// - Parameter statements: of examples of its group, by the teacher or by templates; none where a pattern has no group.
    func instruction(_ advice: Advice, _ pattern: Pattern, statements: [String]) async throws -> String?
}

/// Leaves everything to the templates: statistics over the syntax trees and the values of parent and child.
package struct StatisticalTeacher: Teacher {
    package let name = "statistics"

    package init() {}

    package func statements(of examples: [Example]) -> [String?] { examples.map { _ in nil } }
    package func instruction(_ advice: Advice, _ pattern: Pattern, statements: [String]) -> String? { nil }
}

/// The sentences of tokens.
enum Templates {
    /// "On a parent that is monotone, prefer adding sin together with making it dearer."
    static func text(_ advice: Advice, _ pattern: Pattern) -> String {
        let deeds = together(pattern.changes)
        let sentence = advice == .prefer ? "prefer \(deeds)." : "avoid \(deeds)."
        guard !pattern.parent.isEmpty else { return sentence.prefix(1).uppercased() + sentence.dropFirst() }
        return "On a parent \(pattern.parent.map(TokenWords.being).joined(separator: " and ")), \(sentence)"
    }

    /// "adding sin together with making it dearer".
    static func together(_ changes: [String]) -> String {
        changes.map(TokenWords.doing).joined(separator: " together with ")
    }

    /// What a change did, for a model to read.
    static func deeds(_ tokens: some Sequence<String>) -> String {
        tokens.sorted().map(TokenWords.doing).joined(separator: "; ")
    }
}
