import Foundation
import Labs
import Testing

@Suite("evolve compare")
struct CompareCommandTests {
    private struct Estimate: Decodable, Equatable {
        var mean: Double
        var low: Double
        var high: Double
    }

    private struct Report: Decodable {
        struct Function: Decodable {
            struct Result: Decodable {
                var verdict: String
                var gain: Estimate?
                var families: [String: Estimate]?
            }
            var key: String
            var name: String
            var candidate: Int?
            var cost: Double
            var results: [String: Result]
        }
        struct Difference: Decodable {
            var first: String
            var second: String
            var split: String
            var gain: Estimate?
            var p: Double
            var finding: String
        }
        var suite: String
        var functions: [Function]
        var differences: [Difference]
    }

    private struct Evaluation: Decodable { var gain: Estimate }

    @Test("A run's champion, one of its candidates, files and a known function are held against each other")
    func compares() async throws {
        try await EvolveProgram.with { bare in
            let evolve = try TinyContent.install(in: bare)
            #expect(try await evolve("run", "tiny", "--store", "t.evolve").status == 0)
            let champion = try #require(try await RunCommandTests.summary(evolve, "t.evolve").champion?.id)
            _ = try evolve.write("float activation(float x) { return x * tanhf(x); }\n", to: "f.c")
            _ = try evolve.write("import numpy as np\ndef activation(x):\n    return np.sin(x)\n", to: "g.py")
            let ending = try await evolve("compare", "t.evolve", "t.evolve#1", "f.c", "g.py", "--json", "--seeds", "2")
            #expect(ending.status == 0, "\(ending.error)")
            let report = try ending.json(Report.self)
            #expect(report.suite == "tiny", "that of the run")
            #expect(report.functions.map(\.candidate) == [champion, 1, nil, nil])
            #expect(
                report.functions.map(\.name) == ["tiny, candidate \(champion)", "tiny, candidate 1", "f.c", "g.py"])
            #expect(report.differences.count == 12 && Set(report.differences.map(\.split)) == ["search", "heldout"])
            #expect(report.functions.allSatisfy { $0.results["search"]?.families?.count == 2 })

            for (split, name) in [("search", "search"), ("heldout", "heldout")] {
                let alone = try await evolve(
                    "eval", "f.c", "--suite", "tiny", "--seeds", "2", "--split", split, "--json")
                #expect(try alone.json(Evaluation.self).gain == report.functions[2].results[name]?.gain)
            }
            let text = try await evolve(
                "compare", "t.evolve", "gelu", "--suite", "tiny", "--seeds", "2", "--split", "heldout")
            #expect(text.status == 0 && text.output.contains("Held-out tasks (2)"), "\(text.error)")
            #expect(!text.output.contains("Search tasks") && text.output.contains(" sure."))
            #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text.output)")

            // What the champion was bred on is not always what it is wanted for.
            _ = try evolve.write(
                try String(contentsOfFile: evolve.folder.path + "/content/Fitness/tiny/suite.yaml", encoding: .utf8)
                    .replacing("steps: 60", with: "steps: 50"), to: "content/Fitness/other/suite.yaml")
            let other = try await evolve("compare", "t.evolve", "gelu", "--suite", "other", "--seeds", "1")
            #expect(other.status == 0 && other.error.contains("t.evolve is a run on another suite: tiny, not other"))
            #expect(!other.output.contains("chosen on these search tasks"))
            let elsewhere = try await evolve("run", "tiny", "--suite", "other", "--store", "u.evolve")
            #expect(elsewhere.status == 0, "\(elsewhere.error)")
            let mixed = try await evolve("compare", "t.evolve", "u.evolve")
            #expect(mixed.status == 65 && mixed.error.contains("is a run on the suite tiny, u.evolve on other"))
        }
    }

    @Test(
        "A run in a database is one like any other, and its password is shown nowhere",
        .enabled(if: PostgresLab.isUsable))
    func database() async throws {
        try await EvolveProgram.with { bare in
            let evolve = try TinyContent.install(in: bare)
            #expect(try await evolve("run", "tiny", "--store", "t.evolve").status == 0)
            let store = "\(try PostgresLab.shared().database().addressOverTCP)?run=shared"
            #expect(try await evolve("store", "copy", "t.evolve", store).status == 0)
            let ending = try await evolve("compare", "\(store)#3", "relu", "--seeds", "1")
            #expect(ending.status == 0 && ending.output.contains("A  tiny, candidate 3"), "\(ending.error)")
            for words in [store + "#99", store + "#3", "t.evolve#3"] {
                let refused = try await evolve("compare", store + "#3", words)
                #expect(refused.status == 65 && refused.error.contains("shared"), "\(refused.error)")
                #expect(!refused.error.contains(try PostgresLab.shared().password))
            }
        }
    }

    @Test("Wrong input is one clear line")
    func mistakes() async throws {
        try await EvolveProgram.with { bare in
            let evolve = try TinyContent.install(in: bare)
            _ = try evolve.write("float activation(float x) { return fmaxf(x, 0.0f); }\n", to: "relu.c")
            _ = try evolve.write("float activation(float x) { return y; }\n", to: "broken.c")
            _ = try evolve.write("def activation(x):\n    return np.fft.fft(x)\n", to: "broken.py")
            _ = try evolve.write("float activation(float x) { return x - batch_mean(x); }\n", to: "layer.c")
            #expect(try await evolve("run", "tiny", "--store", "t.evolve", "--max-candidates", "4").status == 0)
            for (arguments, status, words) in [
                (["gelu"], 64, "Name two functions or more"),
                (["gelu", "relu", "--seeds", "0"], 64, "--seeds must be at least 1"),
                (["gelu", "gelu"], 65, "gelu is named twice"),
                (["relu.c", "relu"], 65, "relu.c and relu are the same function"),
                (["gelu", "rellu"], 65, "no such function in Fitness/library; did you mean 'relu'?"),
                (["gelu", "none.c"], 65, "there is no file none.c"),
                (["gelu", "none.evolve"], 65, "none.evolve"),
                (["gelu", "broken.c"], 65, "broken.c:1:36: "),
                (["gelu", "broken.py"], 65, "broken.py:2:12: 'numpy.fft.fft' is not read here"),
                (["gelu", "layer.c", "--suite", "tiny"], 65, "layer.c reads its layer"),
                (["gelu", "t.evolve#99"], 65, "t.evolve: no candidate 99 in this run"),
                (["gelu", "t.evolve"], 65, "t.evolve: this run has no champion"),
                (["gelu", "relu", "--suite", "tinny"], 65, "there is no suite 'tinny' in Fitness"),
            ] {
                let ending = try await evolve(["compare"] + arguments)
                let lines = ending.error.split(separator: "\n").filter {
                    !$0.hasPrefix("Usage") && !$0.hasPrefix("  See")
                }
                #expect(
                    ending.status == Int32(status) && ending.error.contains(words) && ending.output.isEmpty
                        && (status == 64 || lines.count == 1), "\(arguments): \(ending.status) \(ending.error)")
            }
        }
    }
}
