import EvolveTypes
import Foundation
import LanguageModels
import Testing

@Suite("Scripted model")
struct ScriptedModelTests {
    @Test("a request's index chooses the answer, in any order and again")
    func indexed() async throws {
        let model = try ScriptedModel(text: "first\nline\n---\nsecond\n---\nthird\n", origin: "dir/answers.txt")
        #expect(model.name == "scripted/answers.txt")
        for (index, text) in [(2, "third"), (0, "first\nline"), (1, "second"), (2, "third")] {
            #expect(try await model.complete(modelRequest(index: index)).text == text)
        }
    }

    @Test("an index past the end is exhausted", arguments: [2, 1000, -1])
    func exhausted(index: Int) async throws {
        let model = try ScriptedModel(text: "a\n---\nb\n---\n", origin: "s")
        do {
            let answer = try await model.complete(modelRequest(index: index))
            Issue.record("answered \(answer.text)")
        } catch let failure as ModelFailure {
            #expect(failure.kind == .exhausted)
        }
    }

    @Test("only a line of exactly three dashes separates")
    func separators() async throws {
        let model = try ScriptedModel(text: "x ---\n--- \n----\n---\ny", origin: "s")
        #expect(try await model.complete(modelRequest(index: 0)).text == "x ---\n--- \n----")
        #expect(try await model.complete(modelRequest(index: 1)).text == "y")
    }

    @Test("an empty answer is refused with its number", arguments: ["", "\n\n", "a\n---\n\n---\nb", "---\na"])
    func empty(text: String) {
        #expect(throws: Failure.self) { try ScriptedModel(text: text, origin: "s") }
    }

    @Test("a file that is missing or no text is refused by name")
    func files() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("script-\(UUID()).txt").path
        #expect { try ScriptedModel(path: path) } throws: { "\($0)".contains(path) }
        try Data([0xFF, 0xFE, 0x41]).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect { try ScriptedModel(path: path) } throws: { ($0 as? Failure)?.kind == .badInput }
    }
}
