import EvolveTypes
import Population

/// Fills an island's prompt template. The slots a template may name are `Slot.allCases`; `{{parents}}` must be there.
package enum Prompt {
    package enum Slot: String, CaseIterable, Sendable {
        /// What the language allows, in words a small model can follow.
        case rules
        /// A few programs with their gains, the best one last.
        case parents
        /// One line that says what to try.
        case goal

        package var marker: String { "{{\(rawValue)}}" }
    }

    /// The system message of every request.
    package static let system = """
        You write neural-network activation functions in C. You answer with one C function and nothing else.
        """

    static let rules = """
        The function is `float activation(float x)`. It returns one float and must use x.
        Allowed: + - * /, comparisons, ?:, float variables, fabsf fminf fmaxf expf logf log1pf sqrtf sinf cosf tanhf \
        atanf erff sigmoid softplus relu gelu silu sinc, and trainable(0.1f), a number that is trained.
        No pointers, no printing, no other names. It must stay finite for every x. Start with a comment: the idea.
        """

    /// What a request may ask for; one is drawn per slot, so that equal parents do not get equal prompts.
    private static let goals = [
        "Write a better one: change the last function in one place.",
        "Write a better one: add a small periodic term.",
        "Write a better one: change how it behaves for large negative x.",
        "Write a better one: change how it behaves for large positive x.",
        "Write a better one: combine two of the functions.",
        "Write a better one: make it smoother near zero.",
        "Write a better one: use a different gate.",
        "Write a better one: make it simpler and cheaper.",
        "Write a better one: add a bump near zero.",
        "Write a better one: use a trainable number.",
    ]

    package static func render(template: String, parents: [Elite], stream: inout RandomStream) -> String {
        let goal = stream.pick(goals) ?? goals[0]
        // Ascending, so that the text nearest to the answer is the best program.
        let shown = parents.map { "// gain \(decibels($0.gain))\n\($0.source.trimmingTrailingNewlines())" }
            .joined(separator: "\n\n")
        return
            template
            .replacing(Slot.rules.marker, with: rules)
            .replacing(Slot.goal.marker, with: goal)
            .replacing(Slot.parents.marker, with: shown)
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
