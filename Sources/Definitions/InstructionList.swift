import EvolveTypes
import Mutation
import Population

/// The list of instructions that an island's prompts carry: what `evolve distill` writes, and a person may edit.
///
/// | key | meaning |
/// |---|---|
/// | instructions | list, the most important first |
/// | instructions[].text | the sentence that a model is shown: one line |
/// | instructions[].advice, changes, parent, learned, tests, families, from | what it rests on; for people, and not read |
enum InstructionList {
    /// Longer ones are no instructions.
    private static let longest = 400

    /// The file's name as an island gives it.
    static func name(_ node: YAMLNode) -> String {
        let name = node.text()
        if !name.isEmpty, name.contains("/") || !name.hasSuffix(".yaml") {
            node.reject("\(node.name) must be the name of a .yaml file in the island's folder, not '\(name)'")
        }
        return name
    }

    /// - Throws: `Failure(.badInput)` when the list cannot be read, or when no prompt of the island would show it.
    static func load(_ path: String, for island: IslandPolicy, from content: ContentFolder) throws -> [String] {
        let texts = try read(try content.text(path), file: path)
        let isShown = island.operators.contains { share in
            guard share.weight > 0, let kind = share.kind.prompt else { return false }
            return island.prompts[kind]?.contains(Prompt.Slot.instructions.marker) == true
        }
        guard isShown else {
            throw Failure(
                .badInput,
                "\(path) would be shown to nobody: no prompt of the island \(island.name) has the slot "
                    + Prompt.Slot.instructions.marker)
        }
        return texts
    }

    /// - Returns: the texts, in order.
    static func read(_ text: String, file: String) throws -> [String] {
        try YAMLNode.read(text, problems: DefinitionProblems(file: file)) { keys in
            keys.required("instructions").list().map { $0.mapping(sentence) }
        }
    }

    private static func sentence(_ keys: YAMLMapping) -> String {
        let node = keys.required("text")
        let text = node.text()
        if text.contains(where: \.isNewline) {
            node.reject("'text' must be one line")
        } else if text.count > longest {
            node.reject("'text' has \(text.count) characters; at most \(longest) are one instruction")
        }
        for key in ["advice", "changes", "parent", "learned", "tests", "families", "from"] { _ = keys.optional(key) }
        return text
    }
}
