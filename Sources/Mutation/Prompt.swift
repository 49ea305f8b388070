import ActivationParser
import EvolveTypes
import Population

/// What a model is asked: an island's template, filled for one slot. The slots a template may name are `Slot.allCases`;
/// `{{parents}}` must be there.
package struct Prompt: Sendable {
    package enum Slot: String, CaseIterable, Sendable {
        /// What the language allows, in words a small model can follow. The same in every prompt: a template that begins
        /// with it spares a local model the reading, for what prompts have in common is read once.
        case rules
        /// A few programs with their gains, the best one last.
        case parents
        /// What to try in this slot, and with which functions.
        case goal

        package var marker: String { "{{\(rawValue)}}" }
    }

    /// The message of the user.
    package let text: String
    /// The comment the answer begins with: what it was asked to be.
    package let idea: String

    /// The system message of every request.
    package static let system = """
        You write neural-network activation functions in C. You answer with one C function and nothing else.
        """

    static let rules = """
        The function is `float activation(float x)`. It returns one float that depends on x and is finite for every x. \
        Use + - * /, ?:, float variables, the functions named below, and trainable(0.1f), a number that is trained.
        """

    /// What a request may ask for; one is drawn per slot, so that equal parents do not get equal prompts.
    private static let goals = [
        "the last one, changed in one place", "with a small periodic term", "another tail for large negative x",
        "another tail for large positive x", "two of them combined", "smoother near zero", "with another gate",
        "simpler and cheaper", "with a bump near zero", "with a trained number",
    ]

    package init(policy: IslandPolicy, parents: [Elite], offer: GrammarOffer, stream: inout RandomStream) {
        let goal = stream.pick(Self.goals) ?? Self.goals[0]
        // All names of the language are too many to be a hint.
        let names = policy.grammar == nil ? [] : offer.functions
        idea = goal + (names.isEmpty ? "" : ": " + names.prefix(3).joined(separator: ", "))
        let hint = names.isEmpty ? "" : " Functions: \(names.joined(separator: " "))."
        // Ascending, so that the text nearest to the answer is the best program.
        let shown = parents.map { "// gain \(Self.decibels($0.gain))\n\(Self.code($0.source))" }
            .joined(separator: "\n\n")
        text = policy.prompt
            .replacing(Slot.rules.marker, with: Self.rules)
            .replacing(Slot.goal.marker, with: "Write a better one, unlike those above: \(goal).\(hint)")
            .replacing(Slot.parents.marker, with: shown)
    }

    /// The program in one style and without comments: less to read, and nothing to copy but C.
    private static func code(_ source: String) -> String {
        guard var tree = SourceParser.parse(source).tree else { return source }
        tree.idea = nil
        return SourcePrinter.print(tree).trimmingTrailingNewlines()
    }

    /// A gain with sign and one decimal, for example "+0.4 dB".
    private static func decibels(_ gain: Double) -> String {
        let tenths = Int((abs(gain) * 10).rounded())
        return "\(gain < 0 ? "-" : "+")\(tenths / 10).\(tenths % 10) dB"
    }
}

extension String {
    fileprivate func trimmingTrailingNewlines() -> String {
        var text = self[...]
        while text.last?.isNewline == true { text = text.dropLast() }
        return String(text)
    }
}
