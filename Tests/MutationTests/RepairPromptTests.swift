import EvolveTypes
import LanguageModels
import Mutation
import Testing

@Suite("Repair")
struct RepairPromptTests {
    private static let original = ModelRequest(
        system: "S", user: "U", prefill: "float activation(float x)\n{\n", grammar: nil, temperature: 0.8, maxTokens: 9,
        seed: 1, deadline: 2, index: 3)
    private static let source = "float activation(float x)\n{\n    return sine(x);\n}\n"
    private static let diagnostics = [
        Diagnostic(.warning, line: 1, column: 1, "a warning"),
        Diagnostic(line: 3, column: 12, "unknown function 'sine'; did you mean 'sinf'?"),
        Diagnostic(line: 0, column: 0, "second"), Diagnostic(line: 0, column: 0, "third"),
    ]

    private static func request(_ way: RepairPrompt, seed: UInt32 = 5) -> ModelRequest {
        way.request(
            after: original, source: source, diagnostics: diagnostics, template: "Mended {{errors}}\n{{source}}",
            seed: seed)
    }

    @Test("Every way keeps the first request, with another seed and the answer begun", arguments: RepairPrompt.allCases)
    func keeps(way: RepairPrompt) {
        let request = Self.request(way)
        #expect(request.user.hasPrefix("U") && request.system == "S")
        #expect(request.seed == 5 && request.temperature == 0.8 && request.index == 3)
        #expect(request.prefill?.hasPrefix(Self.original.prefill ?? "none") == true)
    }

    @Test("The messages are told, errors only and at most two; the refused text only where it is quoted")
    func messages() {
        for way in [RepairPrompt.begun, .told, .short] {
            let user = Self.request(way).user
            #expect(user.contains("(1) unknown function 'sine'; did you mean 'sinf'?. (2) second."))
            #expect(!user.contains("third") && !user.contains("warning") && !user.contains("sine(x)"))
        }
        #expect(Self.request(.quoting).user.contains("- line 3: `    return sine(x);`: unknown function 'sine'"))
        #expect(Self.request(.quoting).user.contains("Mended - line 3"))
        #expect(Self.request(.quoting).user.hasSuffix(Self.source.dropLast()))
        #expect(Self.request(.silent).user == "U")
    }

    @Test("The answer is begun with a function, another one for another seed")
    func begun() {
        let beginnings = Set((0..<20).compactMap { Self.request(.begun, seed: $0).prefill })
        #expect(beginnings.count > 8)
        #expect(beginnings.allSatisfy { $0.contains("    return ") && $0.hasSuffix("(") })
    }
}
