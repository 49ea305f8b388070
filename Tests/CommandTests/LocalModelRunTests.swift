import Foundation
import Testing

/// The shipped quickstart, cut short, with the real local model asked more often. `scripts/test` guarantees that the model is installed.
@Suite("The quickstart with the real local model")
struct LocalModelRunTests {
    static let isRequired = ProcessInfo.processInfo.environment["EVOLVE_REQUIRE_MODEL"] == "1"

    struct Entry: Decodable {
        struct Call: Decodable {
            var text: String?
            var failure: String?
            var completionTokens: Int
        }
        var variation: String
        var verdict: String
        var reason: String?
        var answers: [Call]
    }

    @Test("Every answer parses, reads x, and is in the journal with its prompt", .enabled(if: isRequired))
    func shortRun() async throws {
        let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        try await EvolveProgram.with { plain in
            let content = plain.folder.appending(path: "content")
            try Self.install(content, from: repository)
            var evolve = plain
            evolve.environment["EVOLVE_ROOT"] = content.path
            let ending = try await evolve("run", "quickstart", "--store", "q.evolve", "--max-candidates", "40")
            #expect(ending.status == 0, "\(ending.error)")
            let journal = try await evolve("inspect", "q.evolve", "journal", "--json")
            let entries = try journal.output.split(separator: "\n").map {
                try JSONDecoder().decode(Entry.self, from: Data($0.utf8))
            }
            #expect(entries.count == 40)
            let proposals = entries.filter { $0.variation.hasPrefix("model-") }
            #expect(proposals.count >= 5)
            for proposal in proposals {
                #expect((1...2).contains(proposal.answers.count))
                #expect(proposal.answers.first?.failure == nil)
                #expect((proposal.answers.first?.completionTokens ?? 0) > 2)
                #expect(
                    proposal.verdict != "refused" && proposal.verdict != "unanswered",
                    "\(proposal.reason ?? "") in \(proposal.answers.first?.text ?? "no answer")")
            }
        }
    }

    /// A copy of what is shipped, in which the model has half of the slots and not a thirtieth.
    private static func install(_ content: URL, from repository: URL) throws {
        try FileManager.default.createDirectory(at: content, withIntermediateDirectories: true)
        for folder in ["Fitness", "Islands", "Runs", "scripts"] {
            try FileManager.default.copyItem(
                at: repository.appending(path: folder), to: content.appending(path: folder))
        }
        for island in ["smooth", "periodic"] {
            let file = content.appending(path: "Islands/\(island)/island.yaml")
            let text = try String(contentsOf: file, encoding: .utf8)
            let changed = text.replacing("tree-mutation: 0.62", with: "tree-mutation: 0.02")
                .replacing("tree-crossover: 0.35", with: "tree-crossover: 0.01")
            try #require(changed.count == text.count && changed != text)
            try Data(changed.utf8).write(to: file)
        }
    }
}
