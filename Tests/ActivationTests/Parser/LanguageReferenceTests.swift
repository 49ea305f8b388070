import ActivationParser
import ActivationPasses
import Foundation
import Testing

/// The documents about the language say what the code does. EVOLVE_REGENERATE=1 writes the generated parts anew.
@Suite(.serialized) struct LanguageReferenceTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let docs = root.appendingPathComponent("docs")

    @Test(
        "the generated parts of docs/language.md are what the tables say",
        arguments: [("functions", LanguageReference.functions), ("constants", LanguageReference.constants)])
    func generated(_ name: String, _ expected: String) throws {
        let file = Self.docs.appendingPathComponent("language.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let opening = "<!-- generated: \(name) -->\n"
        let start = try #require(text.range(of: opening)).upperBound
        let end = try #require(text.range(of: "<!-- end: \(name) -->")).lowerBound
        if ProcessInfo.processInfo.environment["EVOLVE_REGENERATE"] != nil {
            try text.replacingCharacters(in: start..<end, with: expected)
                .write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(text[start..<end] == expected, "run the tests with EVOLVE_REGENERATE=1")
        }
    }

    @Test(
        "every C example of the documents is accepted", arguments: ["docs/language.md", "Islands/prompts/language.md"])
    func examples(_ name: String) throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent(name), encoding: .utf8)
        let blocks = text.components(separatedBy: "```c\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        #expect(!blocks.isEmpty)
        for block in blocks {
            let result = SourceParser.parse(block)
            #expect(result.program != nil, "\(block)\n\(result.diagnostics)")
        }
    }

    @Test("the table of passes in docs/architecture.md names those that --dump-after takes, in order")
    func passes() throws {
        let text = try String(contentsOf: Self.docs.appendingPathComponent("architecture.md"), encoding: .utf8)
        let table = try #require(text.components(separatedBy: "| pass | leaves |").last).components(
            separatedBy: "\n\n")[0]
        #expect(table.matches(of: /\n\| `([a-z-]+)` \|/).map { String($0.1) } == FrontEndPass.names)
    }

    @Test("the page for models has under 900 tokens")
    func length() throws {
        let text = try String(
            contentsOf: Self.root.appendingPathComponent("Islands/prompts/language.md"), encoding: .utf8)
        // A tokenizer for code and English makes at least 2.5 bytes a token of such text.
        #expect(text.utf8.count < 900 * 5 / 2, "\(text.utf8.count) bytes")
    }
}
