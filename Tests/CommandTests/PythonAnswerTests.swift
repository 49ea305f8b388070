import Foundation
import Testing

@Suite("Models that answer in Python")
struct PythonAnswerTests {
    private struct Entry: Decodable {
        var slot: Int
        var variation: String
        var verdict: String
        var reason: String?
        var source: String?
        var idea: String?
    }

    /// Functions that differ, and one in six that cannot be translated.
    private static let answers = (0..<120).map { index in
        index % 6 == 0
            ? "```python\nimport numpy as np\ndef activation(x):\n    return np.fft.fft(x)\n```"
            : "Sure!\n```python\nimport torch\n\ndef activation(x):\n    \"\"\"Ripple \(index).\"\"\"\n"
                + "    return x * torch.sigmoid(x) + 0.\(index + 10) * torch.sin(x)\n```\nDone."
    }.joined(separator: "\n---\n")

    @Test("Their functions are trained as C, what cannot be translated is refused with its reason, and the run replays")
    func run() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain)
            _ = try evolve.write(Self.answers, to: "content/Runs/answers.txt")
            let ending = try await evolve("run", "tiny", "--store", "t.evolve")
            #expect(ending.status == 0, "\(ending.error)")
            let entries = try await evolve("inspect", "t.evolve", "journal", "--json").output.split(separator: "\n")
                .map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
                .filter { $0.variation == "model-rewrite" }
            let trained = entries.filter { ["scored", "raced out"].contains($0.verdict) }
            #expect(trained.contains { $0.verdict == "scored" }, "\(entries)")
            #expect(trained.allSatisfy { $0.source?.contains("float activation(float x)") == true })
            #expect(trained.allSatisfy { $0.idea?.hasPrefix("Ripple ") == true })
            #expect(!entries.contains { $0.verdict == "unanswered" }, "\(entries)")
            for entry in entries where entry.verdict == "refused" {
                #expect(entry.reason?.contains("'numpy.fft.fft' is not read here") == true)
            }
            let replay = try await evolve("run", "tiny", "--store", "u.evolve", "--replay", "t.evolve")
            #expect(replay.status == 0, "\(replay.error)")
            #expect(
                try await RunCommandTests.summary(evolve, "u.evolve").digest
                    == RunCommandTests.summary(evolve, "t.evolve").digest)
        }
    }

    @Test("check and eval read Python files")
    func files() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain)
            let file = try evolve.write(
                "import numpy as np\ndef activation(x):\n    return x * np.tanh(x)\n", to: "f.py")
            let check = try await evolve("check", file)
            #expect(check.status == 0 && check.output.contains("x·tanh(x)"), "\(check.error)")
            let eval = try await evolve("eval", file, "--suite", "tiny", "--seeds", "1")
            #expect(eval.status == 0 && eval.output.contains("gain over GELU"), "\(eval.error)")
            let bad = try evolve.write("def activation(x):\n    return np.fft.fft(x)\n", to: "bad.py")
            let refused = try await evolve("check", bad)
            #expect(
                refused.status == 65 && refused.output.contains("bad.py:2:12: error: 'numpy.fft"), "\(refused.output)")
            let pole = try evolve.write("def activation(x):\n    return 1 / x\n", to: "pole.py")
            #expect(try await evolve("check", pole).status == 65)
        }
    }
}
