import Foundation
import Testing

/// Whole runs of the built program, with real kernels, workers and networks, and a scripted model.
@Suite("evolve run, resume and inspect")
struct RunCommandTests {
    struct Summary: Decodable {
        struct Progress: Decodable {
            var committed: Int
            var total: Int
        }
        struct Yield: Decodable {
            var variation: String
            var proposed: Int
            var verdicts: [String: Int]
        }
        struct Row: Decodable {
            var name: String
            var verdict: String
        }
        struct Champion: Decodable { var id: Int }
        var digest: String
        var phase: String
        var slots: Progress
        var proposals: [Yield]
        var champion: Champion?
        var heldout: [Row]
    }

    static func summary(_ evolve: EvolveProgram, _ store: String) async throws -> Summary {
        let ending = try await evolve("inspect", store, "--json")
        #expect(ending.status == 0, "\(ending.error)")
        return try ending.json(Summary.self)
    }

    @Test("A run ends by itself with a champion table, and its store tells the whole story")
    func wholeRun() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain)
            let ending = try await evolve("run", "tiny", "--store", "t.evolve")
            #expect(ending.status == 0, "\(ending.error)")
            #expect(ending.output.contains("Gain over GELU on held-out tasks"))
            #expect(ending.output.contains("evolve inspect t.evolve"))

            let summary = try await Self.summary(evolve, "t.evolve")
            #expect(summary.phase == "complete")
            #expect(summary.slots.committed == 24 && summary.slots.total == 24)
            #expect(summary.proposals.reduce(0) { $0 + $1.proposed } == 24)
            #expect(summary.heldout.map(\.name).contains("gelu"))
            #expect(ending.output.contains(summary.digest))

            let champion = try await evolve("inspect", "t.evolve", "champion")
            #expect(champion.status == 0 && champion.output.contains("float activation(float"))
            let journal = try await evolve("inspect", "t.evolve", "journal", "--json")
            #expect(journal.output.split(separator: "\n").count == 24)
            let candidate = try await evolve("inspect", "t.evolve", "candidate", "1")
            #expect(candidate.output.contains("ReLU"))
            #expect(candidate.output.contains("the same as relu"))
        }
    }

    @Test("Its replay, with one worker or two, has its digest")
    func replay() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain)
            #expect(try await evolve("run", "tiny", "--store", "t.evolve").status == 0)
            let digest = try await Self.summary(evolve, "t.evolve").digest
            for workers in ["1", "2"] {
                let store = "replay\(workers).evolve"
                let ending = try await evolve(
                    "run", "tiny", "--replay", "t.evolve", "--store", store, "--workers", workers)
                #expect(
                    ending.status == 0 && ending.error.contains("digest equal to that of t.evolve"), "\(ending.error)")
                #expect(try await Self.summary(evolve, store).digest == digest)
            }
            let shorter = try await evolve(
                "run", "tiny", "--replay", "t.evolve", "--store", "short.evolve", "--max-candidates", "12")
            #expect(
                shorter.status == 0 && shorter.error.contains("not compared: t.evolve is of a run of another length"))
        }
    }

    @Test("Killed three times and resumed, it ends as if undisturbed")
    func killAndResume() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain, slots: 60)
            #expect(try await evolve("run", "tiny", "--store", "t.evolve").status == 0)
            let undisturbed = try await Self.summary(evolve, "t.evolve")

            var ending = try await evolve(
                "run", "tiny", "--replay", "t.evolve", "--store", "k.evolve", "--json",
                interruption: .init(signal: SIGKILL, afterLines: 4))
            #expect(ending.wasSignalled)
            for lines in [7, 9] {
                let before = try await Self.summary(evolve, "k.evolve").slots.committed
                ending = try await evolve(
                    "resume", "k.evolve", "--json", interruption: .init(signal: SIGKILL, afterLines: lines))
                #expect(ending.wasSignalled)
                #expect(try await Self.summary(evolve, "k.evolve").slots.committed >= before)
            }
            #expect(try await evolve("resume", "k.evolve").status == 0)
            let resumed = try await Self.summary(evolve, "k.evolve")
            #expect(resumed.phase == "complete")
            #expect(resumed.digest == undisturbed.digest)
        }
    }

    @Test(
        "Ctrl-C stops within five seconds, says how to go on, and exits 75; resume finishes",
        arguments: [
            SIGINT, SIGTERM,
        ])
    func stopAndResume(signal: Int32) async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain, slots: 60)
            let stopped = try await evolve(
                "run", "tiny", "--store", "t.evolve", "--json", interruption: .init(signal: signal, afterLines: 5))
            let seconds = try #require(stopped.secondsToStop)
            #expect(seconds < 5)
            #expect(stopped.status == 75)
            #expect(stopped.error.contains("evolve resume t.evolve"))
            #expect(stopped.output.contains(#""event":"stopped""#))
            #expect(try await evolve("resume", "t.evolve").status == 0)
            #expect(try await Self.summary(evolve, "t.evolve").phase == "complete")
        }
    }

    @Test("Every wrong input is one clear line and the right exit status")
    func badInput() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain)
            func expect(_ ending: EvolveProgram.Ending, _ status: Int32, _ words: String...) {
                #expect(ending.status == status, "\(ending.error)")
                #expect(ending.error.split(separator: "\n").count == 1, "\(ending.error)")
                for word in words { #expect(ending.error.contains(word), "\(ending.error)") }
            }
            expect(try await evolve("run", "tinny"), 65, "tinny", "tiny")
            expect(try await evolve("resume", "nowhere.evolve"), 65, "nowhere.evolve")
            _ = try evolve.write("not a database", to: "foreign.evolve")
            expect(try await evolve("inspect", "foreign.evolve"), 65, "foreign.evolve")
            expect(try await evolve("resume", "foreign.evolve"), 65, "foreign.evolve")

            #expect(try await evolve("run", "tiny", "--store", "t.evolve", "--slots", "4").status == 0)
            expect(try await evolve("run", "tiny", "--store", "t.evolve"), 64, "t.evolve", "resume")
            expect(try await evolve("inspect", "t.evolve", "candidate", "99"), 65, "99")
            expect(try await evolve("inspect", "t.evolve", "champion"), 65, "no champion")

            _ = try evolve.write("suite: tiny\nislands: [a, bb]\n", to: "mine.yaml")
            let mine = try await evolve("run", "mine.yaml")
            #expect(mine.status == 65)
            #expect(mine.error.contains("mine.yaml:2:14"), "\(mine.error)")
        }
    }

    @Test("Without a C compiler the run does not start, and no store is left behind")
    func noCompiler() async throws {
        try await EvolveProgram.with { plain in
            var evolve = try TinyContent.install(in: plain)
            evolve.environment["PATH"] = "/nonexistent"
            let ending = try await evolve("run", "tiny", "--store", "t.evolve")
            #expect(ending.status == 69)
            #expect(ending.error.contains("compiler") && ending.error.contains("gcc"))
            #expect(!FileManager.default.fileExists(atPath: evolve.folder.appending(path: "t.evolve").path))
        }
    }
}
