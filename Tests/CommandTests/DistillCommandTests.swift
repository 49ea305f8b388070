import Foundation
import Testing

/// A small run of the built program, and what it teaches.
@Suite("evolve distill")
struct DistillCommandTests {
    @Test("Whatever it cannot work with is told in one line, before anything is read or written")
    func refusals() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain, slots: 12)
            let run = try await evolve("run", "tiny", "--store", "t.evolve", "--max-candidates", "8")
            #expect(run.status == 0, "\(run.error)")
            _ = try evolve.write("instructions: []\n", to: "list.yaml")
            _ = try evolve.write("no store", to: "text.evolve")
            let cases: [(arguments: [String], status: Int32, words: String)] = [
                (["t.evolve", "-o", "nowhere/list.yaml"], 65, "there is no folder nowhere"),
                (["t.evolve", "-o", "list.yaml"], 65, "list.yaml is there already"),
                (["nothing.evolve"], 65, "there is no store at nothing.evolve"),
                (["text.evolve"], 65, "text.evolve is not an evolve store"),
                (["t.evolve", "t.evolve"], 64, "t.evolve is named twice"),
                (["t.evolve", "--tokens", "1"], 64, "--tokens is a number from 20"),
                (["t.evolve", "--calls", "3"], 64, "--calls belongs to --teacher"),
                (["t.evolve", "--teacher", "nobody"], 65, "there is no model 'nobody'"),
            ]
            for (arguments, status, words) in cases {
                let answer = try await evolve(["distill"] + arguments)
                #expect(answer.status == status && answer.output.isEmpty, "\(arguments): \(answer.error)")
                #expect(answer.error.contains(words), "\(arguments): \(answer.error)")
            }
            #expect(!FileManager.default.fileExists(atPath: evolve.folder.appending(path: "nowhere").path))
        }
    }

    @Test("A copy of a run is no second run to learn from, and no other suite to test on")
    func copies() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain, slots: 24)
            let run = try await evolve("run", "tiny", "--store", "t.evolve", "--max-candidates", "20")
            #expect(run.status == 0, "\(run.error)")
            _ = try await evolve("store", "copy", "t.evolve", "u.evolve")
            for arguments in [["t.evolve", "u.evolve"], ["t.evolve", "--test", "u.evolve"]] {
                let answer = try await evolve(["distill"] + arguments)
                #expect(answer.status == 65)
                #expect(answer.error.contains("t.evolve and u.evolve hold the same run"), "\(answer.error)")
            }
        }
    }
}
