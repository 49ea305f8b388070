/// What a distillation came to: the list, and how it came about.
package struct Distillate: Codable, Sendable {
    package struct Run: Codable, Sendable {
        package var store: String
        package var name: String
        package var seed: UInt64
        package var suite: String
        package var slots: Int
        package var examples: Int
        package var digest: String
    }

    /// Examples by label.
    package struct Labels: Codable, Sendable {
        package var improved: Int
        package var worse: Int
        package var undecided: Int
    }

    /// Parents whose changes each part has.
    package struct Parts: Codable, Sendable {
        package var learning: Int
        package var revising: Int
        package var unseen: Int
    }

    /// Examples of which the same is said.
    package struct Group: Codable, Sendable {
        package var advice: Advice
        package var examples: Int
        /// What it stands for; nil = nothing that is surely so.
        package var pattern: String?
    }

    package var runs: [Run]
    /// Runs that the list was tested on.
    package var testRuns: [Run]
    package var teacher: String
    package var labels: Labels
    package var parts: Parts
    package var groups: [Group]
    /// Examples in no group.
    package var noise: Int
    /// Patterns that were looked at.
    package var patterns: Int
    /// Instructions before and after the closed loop, and its rounds.
    package var drafts: Int
    package var rounds: Int
    /// The strongest first.
    package var instructions: [Instruction]
    package var dropped: [Dropped]
    /// On parents that nothing was learned from; then on each other suite.
    package var tests: [ListTest]
    /// Of the list in a prompt, at a token for every three bytes; and what it might take.
    package var tokens: Int
    package var tokenLimit: Int
}
