import Foundation
import Testing

/// A researcher's own table, by the built program.
@Suite("A suite of one's own")
struct SuiteFileTests {
    private static let suite = """
        cost-limit: 300
        points: {train: 100, in-distribution: 50, out-of-distribution: 50}
        network: {hidden: [8, 8]}
        training: {optimiser: adam, rate: 1e-2, schedule: cosine, batch: 16, steps: 60}
        scoring: {seeds: 1, clip: 20}
        racing: {stages: [{tasks: 1, seeds: 1, margin: 6}], rivals: 0, confidence: 0.9}
        tasks:
          tables:
            search:
              - {name: grade, file: plants.csv, inputs: [height, width], class: grade, seed: 1, ood: {column: height, from: 60}}
              - {name: yield, file: plants.csv, inputs: [height, width], target: yield, seed: 1, ood: {column: height, from: 60}}
            heldout:
              - {name: thin, file: plants.csv, inputs: [height, width], target: yield, seed: 1, ood: {column: width, to: 4}}

        """
    /// 120 plants.
    private static let table =
        "height,width,yield,grade\n"
        + (0..<120).map { row in
            let (height, width) = (row * 37 % 80, row * 13 % 29)
            return "\(height),\(width),\(height * width),\(height * width > 300 ? "good" : "\"not, so good\"")\n"
        }.joined()

    struct Report: Decodable {
        struct Accuracies: Decodable {
            struct Figures: Decodable { var inDistribution: Double }
            var candidate: Figures
        }
        struct Task: Decodable {
            var task: String
            var accuracy: Accuracies?
        }
        struct Losses: Decodable {
            var candidate: Double
            var reference: Double
        }
        var suite: String
        var tasks: [Task]
        var accuracy: Accuracies?
        var losses: Losses
    }

    @Test("eval trains on a CSV of the user's in one command, and says accuracies and losses")
    func eval() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain)
            _ = try evolve.write(Self.suite, to: "mine/plants.yaml")
            _ = try evolve.write(Self.table, to: "mine/plants.csv")
            _ = try evolve.write("float activation(float x) { return tanhf(x); }\n", to: "f.c")
            let ending = try await evolve("eval", "f.c", "--suite", "mine/plants.yaml", "--seeds", "1", "--json")
            #expect(ending.status == 0, "\(ending.error)")
            let report = try ending.json(Report.self)
            #expect(report.suite == "mine/plants.yaml" && report.tasks.map(\.task) == ["tables/grade", "tables/yield"])
            #expect(report.tasks.map { $0.accuracy == nil } == [false, true])
            #expect((0...1).contains(report.accuracy?.candidate.inDistribution ?? -1))
            #expect(report.losses.candidate > 0 && report.losses.reference > 0)
            let text = try await evolve("eval", "f.c", "--suite", "mine/plants.yaml", "--seeds", "1").output
            #expect(text.contains("sum of OOD losses") && text.contains("accuracy, %"))

            _ = try evolve.write(
                Self.table.replacingOccurrences(of: "\n37,13,", with: "\n37,?,"), to: "mine/plants.csv")
            let refused = try await evolve("eval", "f.c", "--suite", "mine/plants.yaml")
            #expect(refused.status == 65)
            #expect(refused.error.contains("plants.csv:3:4: the column 'width' needs a number, but '?' is there"))
        }
    }

    @Test("a run on it is stored with the table: it is resumed after the files are gone")
    func resume() async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain)
            _ = try evolve.write(Self.suite, to: "mine/plants.yaml")
            _ = try evolve.write(Self.table, to: "mine/plants.csv")
            let run = try String(contentsOf: evolve.folder.appending(path: "content/Runs/tiny.yaml"), encoding: .utf8)
            _ = try evolve.write(
                run.replacingOccurrences(of: "suite: tiny", with: "suite: plants.yaml")
                    .replacingOccurrences(of: "slots: 24", with: "slots: 12"), to: "mine/run.yaml")
            let answers = evolve.folder.appending(path: "content/Runs/answers.txt")
            try FileManager.default.copyItem(at: answers, to: evolve.folder.appending(path: "mine/answers.txt"))
            let stopped = try await evolve(
                "run", "mine/run.yaml", "--store", "t.evolve", "--json",
                interruption: EvolveProgram.Interruption(signal: SIGINT, afterLines: 3))
            #expect(stopped.status == 75, "\(stopped.error)")
            try FileManager.default.removeItem(at: evolve.folder.appending(path: "mine"))
            let ended = try await evolve("resume", "t.evolve")
            #expect(ended.status == 0, "\(ended.error)")
            #expect(try await RunCommandTests.summary(evolve, "t.evolve").phase == "complete")
        }
    }
}
