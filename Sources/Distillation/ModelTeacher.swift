import EvolveTypes
import LanguageModels
import Synchronization

/// A language model as the teacher: one sentence an answer, a fixed number of answers. What it cannot say, because it failed, has
/// run out of answers or did not write a sentence, is left to the templates; and so is what it would not find again in its own
/// sentence, for small models write much that is no instruction, or the opposite of it.
package final class ModelTeacher: Teacher {
    package let name: String
    private let model: any LanguageModel
    private let calls: Int
    private let made = Mutex(0)

    /// Characters of an instruction, and of a statement.
    private static let longest = 200
    private static let patience = 120.0

    /// - Parameter calls: how often it is asked at most.
    package init(_ model: any LanguageModel, calls: Int) {
        (self.model, self.calls) = (model, calls)
        name = model.name
    }

    /// How often it was asked.
    package var callsMade: Int { made.withLock(\.self) }

    /// Of all or of none: examples are grouped by what is said of them. At least half of what it may still be asked is left for
    /// instructions.
    package func statements(of examples: [Example]) async throws -> [String?] {
        guard 2 * examples.count <= calls - callsMade else { return examples.map { _ in nil } }
        var statements: [String?] = []
        for example in examples { statements.append(try await statement(of: example)) }
        return statements
    }

    private func statement(of example: Example) async throws -> String? {
        let outcome = example.label == .improved ? "better" : "worse"
        return try await sentence(
            """
            A function was changed, and the change made it \(outcome).

            Before:
            \(example.before)

            After:
            \(example.after)

            Measured: \(Templates.deeds(example.change)).

            Say in one sentence what the change did that made it \(outcome). Name no particular function; speak of the kind of \
            change, so that the sentence holds for others.
            """)
    }

    package func instruction(
        _ advice: Advice, _ pattern: Pattern, statements: [String]
    ) async throws -> String? {
        let verb = advice == .prefer ? "Prefer" : "Avoid"
        let seen = statements.prefix(12).map { "- \($0)\n" }.joined()
        let words = try await sentence(
            """
            These changes of functions \(advice == .prefer ? "helped" : "did harm"):
            \(seen)
            What they have in common: \(Templates.text(advice, pattern))

            Write this as one instruction to whoever changes a function next. It is one sentence and begins with "\(verb)".
            """)
        guard let words, Self.isInstruction(words, verb, hasCondition: !pattern.parent.isEmpty) else { return nil }
        for order in ReadingTest.orders {
            guard try await reads(words, ReadingTest(pattern, order)) else { return nil }
        }
        return words
    }

    static func isInstruction(_ words: String, _ verb: String, hasCondition: Bool) -> Bool {
        let isMeant = words.hasPrefix(verb + " ") || hasCondition && words.contains(", \(verb.lowercased()) ")
        return isMeant && !words.hasSuffix(":")
    }

    /// Whether the model finds in the words alone what they are to speak of.
    private func reads(_ words: String, _ test: ReadingTest) async throws -> Bool {
        let answer = try await answer(
            """
            An instruction to whoever changes a function next: \(words)

            Which kind of change does it speak of?
            \(test.list)

            Answer with one letter.
            """, system: "You answer with one letter.", grammar: ReadingTest.grammar, maxTokens: 8)
        return answer.map(test.isPassed(by:)) ?? false
    }

    private func sentence(_ question: String) async throws -> String? {
        try await answer(
            question,
            system: "You find out what makes changes of small mathematical functions help or harm. You answer with one "
                + "plain sentence.", grammar: nil, maxTokens: 200
        ).flatMap(Self.cleaned)
    }

    private func answer(
        _ question: String, system: String, grammar: String?, maxTokens: Int
    ) async throws -> String? {
        let place: Int? = made.withLock { made in
            guard made < calls else { return nil }
            made += 1
            return made - 1
        }
        guard let place else { return nil }
        let request = ModelRequest(
            system: system, user: question, grammar: grammar, temperature: 0, maxTokens: maxTokens,
            seed: UInt32(truncatingIfNeeded: place), deadline: Self.patience, index: place)
        do {
            return try await model.complete(request).text
        } catch is ModelFailure {
            return nil
        }
    }

    /// The first line with words, without marks of a list; nil if that is no sentence of a bearable length.
    static func cleaned(_ answer: String) -> String? {
        let lines = answer.split(whereSeparator: \.isNewline).map { line in
            line.drop { $0.isWhitespace || "-*•#>\"".contains($0) }
        }
        guard let line = lines.first(where: { !$0.isEmpty }) else { return nil }
        let text = line.reversed().drop { $0.isWhitespace || $0 == "\"" }.reversed()
        let isBearable = (10...longest).contains(text.count) && !text.contains { "`{}".contains($0) }
        return isBearable ? String(text) : nil
    }
}
