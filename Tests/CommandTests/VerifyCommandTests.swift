import Foundation
import Testing

@Suite("evolve verify")
struct VerifyCommandTests {
    private struct Row: Decodable {
        struct Duel: Decodable {
            var form: String
            var verdict: String
        }
        var candidate: Int
        var opponent: String
        var finding: String
        var champions: Int
        var duels: [Duel]
    }

    private struct Entry: Decodable {
        var slot: Int
        var variation: String
        var verdict: String
    }

    @Test("shows what champions came to, verifies any other candidate once, and counts it among the champions")
    func verifies() async throws {
        try await EvolveProgram.with { bare in
            let evolve = try TinyContent.install(in: bare)
            let early = try await evolve("run", "tiny", "--max-candidates", "24", "--store", "t.evolve")
            #expect(early.status == 0, "\(early.error)")
            let shown = try await evolve("verify", "t.evolve")
            #expect(shown.status == 0 && shown.output.contains("Duels on held-out tasks"))
            func rows(_ words: String...) async throws -> [Row] {
                let ending = try await evolve(words)
                return try JSONDecoder().decode([Row].self, from: Data(ending.output.utf8))
            }
            let champions = try await rows("verify", "t.evolve", "--json")
            let journal = try await evolve("inspect", "t.evolve", "journal", "--json").output
            let other = try #require(
                try journal.split(separator: "\n").map { try JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
                    .first { entry in
                        entry.verdict == "scored" && entry.variation != "seed"
                            && !champions.contains { $0.candidate == entry.slot }
                    })
            let digest = try await RunCommandTests.summary(evolve, "t.evolve").digest
            let first = try await rows("verify", "t.evolve", "\(other.slot)", "--json")
            let second = try await rows("verify", "t.evolve", "\(other.slot)", "--json")
            #expect(first.count == second.count && !first.isEmpty)
            #expect(first.allSatisfy { $0.candidate == other.slot && $0.duels.count == 2 })
            let gelu = try #require(first.first { $0.opponent == "gelu" })
            #expect(gelu.champions == champions.count { $0.opponent == "gelu" } + 1)
            #expect(try await RunCommandTests.summary(evolve, "t.evolve").digest == digest)

            let seed = try await evolve("verify", "t.evolve", "0")
            #expect(seed.status == 65 && seed.error.contains("seed program"))
            let raced = try await evolve("verify", "t.evolve", "99")
            #expect(raced.status == 65 && raced.error.contains("99"))
        }
    }

    @Test("wants a finished run")
    func unfinished() async throws {
        try await EvolveProgram.with { bare in
            let evolve = try TinyContent.install(in: bare)
            let ending = try await evolve("verify", "none.evolve")
            #expect(ending.status == 65 && ending.error.contains("none.evolve"))
        }
    }
}
