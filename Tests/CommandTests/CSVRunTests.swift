import Foundation
import Testing

/// From a researcher's CSV file to a held-out verdict in one command, by the built program.
@Suite("A run on a CSV file")
struct CSVRunTests {
    /// 900 runs of an engine, of two makes.
    private static let table =
        "speed,load,power,state,set\n"
        + (0..<900).map { row in
            let (speed, load) = (Double(row * 37 % 1_000) / 100, row * 13 % 29)
            let power = speed * Double(load)
            return "\(speed),\(load),\(power),\(power > 60 ? "hot" : "cold"),\(row % 4 == 0 ? "new" : "old")\n"
        }.joined()
    private static let power = [
        "--csv", "data/runs.csv", "--target", "power", "--ood", "speed:7..", "--inputs", "speed,load",
    ]
    private static let state = [
        "--csv", "data/runs.csv", "--class", "state", "--ood", "set=new", "--inputs", "speed,load",
    ]

    private func with(_ body: (EvolveProgram) async throws -> Void) async throws {
        try await EvolveProgram.with { plain in
            let evolve = try TinyContent.install(in: plain, slots: 12)
            _ = try evolve.write(Self.table, to: "data/runs.csv")
            try await body(evolve)
        }
    }

    @Test(
        "ends with a verdict on held-out rows; resumed without the table, it ends the same", arguments: [power, state])
    func run(options: [String]) async throws {
        try await with { evolve in
            let ending = try await evolve(["run", "tiny", "--store", "t.evolve"] + options)
            #expect(ending.status == 0, "\(ending.error)")
            #expect(ending.output.contains("held-out") && ending.output.contains("GELU"), "\(ending.output)")
            let whole = try await RunCommandTests.summary(evolve, "t.evolve")
            #expect(
                whole.phase == "complete" && whole.heldout.contains { $0.name == "gelu" } && whole.heldout.count >= 2)

            let stopped = try await evolve(
                ["run", "tiny", "--store", "s.evolve", "--json"] + options,
                interruption: EvolveProgram.Interruption(signal: SIGINT, afterLines: 4))
            #expect(stopped.status == 75, "\(stopped.error)")
            try FileManager.default.removeItem(at: evolve.folder.appending(path: "data"))
            #expect(try await evolve("resume", "s.evolve").status == 0)
            #expect(try await RunCommandTests.summary(evolve, "s.evolve").digest == whole.digest)
        }
    }

    @Test("what suite prints, given as --suite, is the same run; run takes another suite by its name, too")
    func printedSuite() async throws {
        try await with { evolve in
            let printed = try await evolve(["suite"] + Self.power)
            #expect(printed.status == 0, "\(printed.error)")
            _ = try evolve.write(printed.output, to: "data/runs.yaml")
            let short = ["--max-candidates", "5"]
            let made = try await evolve(["run", "tiny", "--store", "a.evolve"] + Self.power + short)
            let read = try await evolve(["run", "tiny", "--store", "b.evolve", "--suite", "data/runs.yaml"] + short)
            #expect(made.status == 0 && read.status == 0, "\(made.error)\(read.error)")
            let digests = [
                try await RunCommandTests.summary(evolve, "a.evolve").digest,
                try await RunCommandTests.summary(evolve, "b.evolve").digest,
            ]
            #expect(digests[0] == digests[1])

            let unknown = try await evolve("run", "tiny", "--suite", "tinny")
            #expect(unknown.status == 65 && unknown.error.contains("did you mean 'tiny'?"), "\(unknown.error)")
        }
    }

    @Test("eval scores one function on the table")
    func eval() async throws {
        struct Report: Decodable {
            struct Task: Decodable { var task: String }
            var suite: String
            var tasks: [Task]
        }
        try await with { evolve in
            _ = try evolve.write("float activation(float x) { return tanhf(x); }\n", to: "f.c")
            let ending = try await evolve(["eval", "f.c", "--seeds", "1", "--json"] + Self.state)
            #expect(ending.status == 0, "\(ending.error)")
            let report = try ending.json(Report.self)
            #expect(report.suite == "data/runs.csv")
            #expect(report.tasks.map(\.task) == ["set=new/part1", "set=new/part2", "set=new/part3"])
        }
    }

    @Test("what cannot be is refused with its reason and leaves no store")
    func refusals() async throws {
        try await with { evolve in
            let csv = ["--csv", "data/runs.csv"]
            for (options, status, words) in [
                (Self.power + ["--class", "state"], 64, "--target (numbers) or --class, not both"),
                (Self.power + ["--suite", "tiny"], 64, "--suite or --csv, not both"),
                (Self.power + ["--replay", "t.evolve"], 64, "leave --suite and --csv out"),
                (Self.power + ["--tasks", "1"], 64, "--tasks must be from 2"),
                (csv + ["--target", "power"], 64, "--csv needs --ood"),
                (csv + ["--ood", "speed:7.."], 64, "--csv needs --target"),
                (["--target", "power"], 64, "give --csv"),
                (csv + ["--target", "power", "--ood", "speed"], 64, "COLUMN=TEXT"),
                (csv + ["--target", "powr", "--ood", "speed:7.."], 65, "did you mean 'power'?"),
                (csv + ["--target", "power", "--ood", "speed:7.."], 65, "--inputs speed,load"),
                (Self.power + ["--tasks", "20"], 65, "runs.csv has too few rows"),
                (["--csv", "data", "--target", "power", "--ood", "speed:7.."], 65, "data is a folder"),
                (["--csv", "x.csv", "--target", "power", "--ood", "speed:7.."], 65, "there is no file x.csv"),
            ] {
                let ending = try await evolve(["run", "tiny", "--store", "t.evolve"] + options)
                #expect(ending.status == Int32(status), "\(options): \(ending.error)")
                #expect(ending.error.contains(words), "\(options): \(ending.error)")
                if status == 65 { #expect(ending.error.split(separator: "\n").count == 1, "\(ending.error)") }
            }
            #expect(!FileManager.default.fileExists(atPath: evolve.folder.appending(path: "t.evolve").path))
        }
    }

    @Test("a command that is not there is one line that names the nearest")
    func unknownCommand() async throws {
        try await with { evolve in
            let ending = try await evolve("chek", "f.c")
            #expect(ending.status == 64)
            #expect(ending.error == "evolve: there is no command 'chek'; did you mean 'check'?\n")
            #expect(try await evolve("help", "run").status == 0)
            #expect(try await evolve("--version").status == 0)
        }
    }
}
