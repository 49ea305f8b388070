import Foundation
import Testing

@Suite("evolve policy-bench")
struct PolicyBenchCommandTests {
    private struct Row: Decodable, Equatable {
        struct Mark: Decodable, Equatable {
            var slots: Int
            var proposals: Int
            var scored: Int
            var behaviours: Int
            var effectiveBehaviours: Double
            var effectiveCells: Double
            var effectiveMotifs: Double
            var champion: String?
            var believed: Double?
            var gain: Double
        }
        var seed: UInt64
        var marks: [Mark]
        var measured: Int
        var functions: Int
    }

    /// Content whose islands ask no model and whose suite does not race.
    private func install(in evolve: EvolveProgram) throws -> EvolveProgram {
        let program = try TinyContent.install(in: evolve)
        func edit(_ path: String, _ old: String, _ new: String) throws {
            let file = evolve.folder.appending(path: "content/\(path)")
            let text = try String(contentsOf: file, encoding: .utf8)
            try #require(text.contains(old))
            try text.replacingOccurrences(of: old, with: new).write(to: file, atomically: true, encoding: .utf8)
        }
        for island in ["a", "b"] {
            try edit("Islands/\(island)/island.yaml", "  model-rewrite: 1\n", "")
            try edit("Islands/\(island)/island.yaml", "goals: [better, other]\n", "")
        }
        let race = "racing: {stages: [{tasks: 2, seeds: 1, margin: 6}], rivals: 3, confidence: 0.9}\n"
        try edit("Fitness/tiny/suite.yaml", race, "")
        return program
    }

    @Test("Searches with other seeds; what is remembered is trained no more and changes nothing")
    func repeated() async throws {
        try await EvolveProgram.with { evolve in
            let evolve = try install(in: evolve)
            let memory = evolve.folder.appending(path: "memory").path
            let arguments = [
                "policy-bench", "tiny", "--memory", memory, "--repetitions", "3", "--mark", "10", "--mark", "20",
            ]
            func rows() async throws -> [Row] {
                let ending = try await evolve(arguments)
                try #require(ending.status == 0, "\(ending.error)")
                let lines = ending.output.split(separator: "\n")
                return try lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
                    .sorted { $0.seed < $1.seed }
            }
            let (first, second) = (try await rows(), try await rows())
            #expect(first.map(\.seed) == [5, 6, 7])
            #expect(first.map(\.marks) == second.map(\.marks))
            #expect(first.contains { $0.measured > 0 } && second.allSatisfy { $0.measured == 0 })
            #expect(second.allSatisfy { $0.functions == second[0].functions })
            for row in first {
                #expect(row.marks.map(\.slots) == [10, 20])
                #expect(row.marks.allSatisfy { $0.proposals < $0.slots && $0.behaviours <= $0.proposals })
                #expect(row.marks.allSatisfy { $0.effectiveBehaviours <= Double($0.behaviours) + 1e-9 })
                #expect(
                    row.marks.allSatisfy { (1...($0.effectiveBehaviours + 1e-9)).contains($0.effectiveCells) })
                #expect(row.marks.allSatisfy { $0.effectiveMotifs >= 1 })
            }
            #expect(first[0].marks != first[1].marks)
            let other = try await evolve(arguments + ["--suite", "csv.yaml"])
            #expect(other.status != 0)
        }
    }

    @Test("Refuses models, races and no marks in one line")
    func refusals() async throws {
        try await EvolveProgram.with { evolve in
            let program = try TinyContent.install(in: evolve)
            let memory = program.folder.appending(path: "memory").path
            let races = try await program("policy-bench", "tiny", "--memory", memory, "--mark", "10")
            #expect(races.status == 65 && races.error.contains("the suite tiny races candidates"))
            let evolve = try install(in: evolve)
            let none = try await evolve("policy-bench", "tiny", "--memory", memory)
            #expect(none.status == 64 && none.error.contains("--mark"))
        }
    }
}
