import Definitions
import EvolveTypes
import Foundation
import Population
import Testing

@testable import Distillation

@Suite("An island's list of instructions")
struct InstructionListTests {
    private static let list = "Islands/north/instructions.yaml"
    private static let island = "Islands/north/island.yaml"

    /// The sample, whose island names a list that its prompt shows.
    private static func content(_ list: String?) throws -> SampleContent {
        let content = try SampleContent()
        try content.replace("goals: [", with: "instructions: instructions.yaml\ngoals: [", in: island)
        try content.replace(
            "Seen: {{parents}}", with: "{{instructions}}\nSeen: {{parents}}", in: "Islands/north/prompts/rewrite.md")
        if let list { try content.write(list, to: Self.list) }
        return content
    }

    @Test("Texts are read in their order; an island that names no list has none, and is stored as it was")
    func texts() throws {
        let content = try Self.content(
            "instructions:\n  - text: Avoid waves.\n  - {text: \"Prefer: flat\", advice: prefer}\n")
        let loaded = try content.loader.run(named: "sample")
        #expect(loaded.policy.islands.map(\.instructions) == [["Avoid waves.", "Prefer: flat"], nil])
        #expect(loaded.files.contains { $0.path == Self.list })
        let sample = try SampleContent()
        var plain = try sample.loader.run(named: "sample").policy.islands[0]
        let text = String(decoding: try CanonicalJSON.encode(plain), as: UTF8.self)
        #expect(!text.contains("instructions"))
        #expect(try CanonicalJSON.decode(IslandPolicy.self, from: Data(text.utf8)) == plain)
        plain.instructions = ["a"]
        #expect(try CanonicalJSON.decode(IslandPolicy.self, from: CanonicalJSON.encode(plain)).instructions == ["a"])
    }

    @Test("What distill writes is read back, whatever a model put into it")
    func writtenAndRead() throws {
        let none = Estimate(mean: 0, low: -1, high: 1)
        let measure = Measure(examples: 9, parents: 4, improved: 1, worse: 2, gain: none, lead: none)
        let texts = ["Avoid: \"waves\" # or not", "Prefer a\\b, {x}"]
        let instructions = texts.map { text in
            Instruction(
                text: text, advice: .avoid, pattern: Pattern(["+multiply(sin, x)"], parent: ["left:flat"]),
                learned: measure, tests: [Instruction.Test(on: "unseen", measure: measure)], families: ["a b"],
                from: [Instruction.Origin(run: "0123456789abcdef", slots: Array(1...30))])
        }
        let distillate = Distillate(
            runs: [
                Distillate.Run(
                    store: "a.evolve", name: "a", seed: 1, suite: "s", slots: 2, examples: 1, digest: "0123")
            ], testRuns: [], teacher: "statistics", labels: Distillate.Labels(improved: 1, worse: 1, undecided: 1),
            parts: Distillate.Parts(learning: 1, revising: 1, unseen: 1), groups: [], noise: 0, patterns: 0, drafts: 0,
            rounds: 0, instructions: instructions, dropped: [], tests: [], tokens: 1, tokenLimit: 2)
        let text = InstructionFile.text(distillate, command: "evolve distill a.evolve")
        #expect(text.hasPrefix("# ") && text.contains("# Not tested on another suite."))
        let content = try Self.content(text)
        #expect(try content.loader.run(named: "sample").policy.islands[0].instructions == texts)
    }

    @Test(
        "Mistakes in the list are told with their place",
        arguments: [
            ("", "1:1: the file is empty; it must be a mapping of keys and values"),
            ("instructions: []\n", "1:15: 'instructions' is an empty list; it needs at least one item"),
            (
                "instruction:\n  - text: A\n",
                "1:1: 'instructions' is missing\n1:1: unknown key 'instruction'; did you mean 'instructions'?"
            ),
            ("instructions:\n  - advice: avoid\n", "2:5: 'text' is missing"),
            (
                "instructions:\n  - text: A\n    colour: red\n",
                "3:5: unknown key 'colour'; known keys: text, advice, changes, parent, learned, tests, families, from"
            ),
            ("instructions:\n  - A\n", "2:5: an item of 'instructions' must be a mapping of keys and values, not 'A'"),
            ("instructions:\n  - text: 7\n", "2:11: 'text' must be a text, not '7'; put it in quotes"),
            ("instructions:\n  - text: \"A\\nB\"\n", "2:11: 'text' must be one line"),
            (
                "instructions:\n  - text: \(String(repeating: "long ", count: 100))end\n",
                "2:11: 'text' has 503 characters; at most 400 are one instruction"
            ),
            ("instructions:\n  - text: \"A\n", "3:1: this is not valid YAML: found unexpected end of stream"),
        ])
    func mistakes(text: String, complaint: String) throws {
        let lines = complaint.split(separator: "\n").map { "\(Self.list):\($0)" }
        #expect(try Self.content(text).complaint() == lines.joined(separator: "\n"))
    }

    @Test("A list that is not there, lies elsewhere or is shown by no prompt is refused")
    func places() throws {
        #expect(
            try Self.content(nil).complaint()
                == "there is no file \(Self.list): island.yaml names it under 'instructions'; `evolve distill STORE -o FILE` makes one"
        )
        let content = try SampleContent()
        try content.replace("goals: [", with: "instructions: ../list.yaml\ngoals: [", in: Self.island)
        #expect(
            content.complaint()
                == "\(Self.island):7:15: 'instructions' must be the name of a .yaml file in the island's folder, not '../list.yaml'"
        )
        let hidden = try SampleContent()
        try hidden.replace("goals: [", with: "instructions: instructions.yaml\ngoals: [", in: Self.island)
        try hidden.write("instructions:\n  - text: A\n", to: Self.list)
        #expect(
            hidden.complaint()
                == "\(Self.list) would be shown to nobody: no prompt of the island north has the slot {{instructions}}")
    }
}
