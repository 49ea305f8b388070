import Definitions
import Evaluation
import EvolveTypes
import Foundation
import Testing

/// A table of 400 rows in a folder of its own, and the shipped template.
private struct Sample {
    let content: SampleContent
    let loader: DefinitionLoader
    let csv: URL

    static let rows = (0..<400).map { row in
        let (speed, load) = (Double(row * 37 % 100) / 10, row * 13 % 29)
        let state = row * 7 % 10 < 4 ? "ok" : "bad"
        return "\(speed),\(load),\(speed * Double(load)),\(state),\(row % 5 == 0 ? "new" : "\"old, used\""),n\(row)"
    }

    init(_ rows: [String] = rows, header: String = "speed,load,power,state,set,name") throws {
        content = try SampleContent()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        try content.write(
            try String(contentsOf: root.appendingPathComponent(CSVSuite.template), encoding: .utf8),
            to: CSVSuite.template)
        try content.write(([header] + rows).joined(separator: "\n") + "\n", to: "mine/runs.csv")
        csv = content.root.appendingPathComponent("mine/runs.csv")
        loader = content.loader
    }

    func suite(
        _ goal: CSVSuite.Goal = .numbers("power"), _ ood: [String] = ["speed:8.."], inputs: String? = "speed,load",
        tasks: Int? = nil
    ) throws -> CSVSuite {
        CSVSuite(file: csv, goal: goal, regions: try ood.map { try CSVRegion($0) }, inputs: inputs, tasks: tasks)
    }

    func complaint(_ suite: CSVSuite) -> String? {
        do {
            _ = try loader.suite(.table(suite))
            return nil
        } catch {
            return (error as? Failure)?.message ?? "not a Failure: \(error)"
        }
    }
}

@Suite struct CSVSuiteTests {
    @Test("search and held-out tasks are made of the table, and no row is in two of them")
    func tasks() throws {
        let sample = try Sample()
        let suite = try sample.loader.suite(.table(sample.suite()))
        #expect(suite.name == "runs" && suite.tables?.map(\.path) == ["runs.csv"])
        var seen: Set<[Double]> = []
        for split in SuitePolicy.Split.allCases {
            let indices = suite.taskIndices(in: split)
            #expect(indices.count == 3)
            for index in indices {
                let data = try suite.data(of: index)
                let sets = [data.train, data.inDistribution, data.outOfDistribution]
                let rows = sets.flatMap { set in zip(set.coordinates, set.values).map { $0 + [$1] } }
                #expect(rows.count >= 64 && data.train.coordinates.count >= suite.training.batch)
                #expect(data.outOfDistribution.coordinates.allSatisfy { $0[0] >= 8 })
                #expect(seen.isDisjoint(with: rows))
                seen.formUnion(rows)
            }
        }
        #expect(seen.count == Set(Sample.rows.map { $0.split(separator: ",")[..<3] }).count, "all rows are used")
        #expect(try sample.loader.suite(.table(sample.suite())) == suite, "made twice, it is the same suite")
    }

    @Test(
        "the text, saved beside the table under its name, is exactly the same suite",
        arguments: [
            (CSVSuite.Goal.numbers("power"), ["speed:8.."]), (.numbers("power,load"), ["speed:..2.5"]),
            (.classes("state"), ["set=new"]), (.numbers("power"), ["speed:8..", "load:..8", "set=new"]),
        ])
    func roundTrip(goal: CSVSuite.Goal, ood: [String]) throws {
        let sample = try Sample()
        let asked = try sample.suite(goal, ood, inputs: "speed")
        let text = try sample.loader.text(of: asked)
        try sample.content.write(text, to: "mine/runs.yaml")
        let read = try sample.loader.suite(file: sample.csv.deletingPathExtension().appendingPathExtension("yaml"))
        let made = try sample.loader.suite(.table(asked))
        #expect(read == made)
        #expect(try CanonicalJSON.encode(read) == CanonicalJSON.encode(made))
        #expect(Set(made.tasks.map(\.family)) == Set(ood))
    }

    @Test("names with commas, quotes, and words that YAML takes for something else survive")
    func awkwardNames() throws {
        let rows = Sample.rows.map {
            $0.split(separator: ",").prefix(3).joined(separator: ",") + ",\"ä, \"\"b\"\" \\ #\""
        }
        let sample = try Sample(rows, header: "nan,\"wind: {m/s}, 10\",yes,a 'b'")
        let asked = try sample.suite(.numbers("yes"), ["nan:8.."], inputs: "wind: {m/s}, 10")
        try sample.content.write(try sample.loader.text(of: asked), to: "mine/runs.yaml")
        let read = try sample.loader.suite(file: sample.csv.deletingPathExtension().appendingPathExtension("yaml"))
        #expect(try read == sample.loader.suite(.table(asked)))
        guard case .table(let task)? = read.tasks.first?.target else { return #expect(Bool(false), "no table") }
        #expect(task.inputs == ["wind: {m/s}, 10"] && task.goal == .numbers(["yes"]))
    }

    @Test("a run can be made on a table, or on another suite; the run keeps what it needs")
    func run() throws {
        let sample = try Sample()
        let run = try sample.loader.run(named: "sample", on: .table(sample.suite()))
        #expect(try run.policy.suite == sample.loader.suite(.table(sample.suite())) && run.policy.name == "sample")
        #expect(run.files.contains { $0.path == "mine/runs.csv" } && run.files.contains { $0.path == "runs.csv.yaml" })
        try sample.content.write(
            try #require(SampleContent.files["Fitness/small/suite.yaml"]), to: "Fitness/other/suite.yaml")
        #expect(try sample.loader.run(named: "sample", on: .named("other")).policy.suite.name == "other")
        #expect(throws: Failure.self) { try sample.loader.run(named: "sample", on: .named("othr")) }
    }

    @Test("more rows make more tasks, up to eight on each side; --tasks decides instead")
    func numberOfTasks() throws {
        let sample = try Sample((0..<4_000).map { "\($0 % 100),\($0)" }, header: "x,y")
        func count(_ tasks: Int?) throws -> Int {
            try sample.loader.suite(.table(sample.suite(.numbers("y"), ["x:80.."], inputs: nil, tasks: tasks))).tasks
                .count
        }
        #expect(try count(nil) == 16 && count(2) == 4 && count(11) == 22)
    }

    @Test("what is wrong with the question or the table is one line that says what to do", arguments: mistakes)
    func mistake(_ mistake: Mistaken) throws {
        let sample = try Sample(mistake.rows ?? Sample.rows)
        #expect(
            sample.complaint(try sample.suite(mistake.goal, mistake.ood, inputs: mistake.inputs)) == mistake.complaint)
    }

    struct Mistaken: Sendable {
        var goal: CSVSuite.Goal = .numbers("power")
        var ood = ["speed:8.."]
        var inputs: String? = "speed,load"
        var rows: [String]?
        var complaint: String
    }

    static let mistakes = [
        Mistaken(goal: .numbers("pwoer"), complaint: "--target: runs.csv has no column 'pwoer'; did you mean 'power'?"),
        Mistaken(
            goal: .classes("colour"),
            complaint: "--class: runs.csv has no column 'colour'; its columns: speed, load, power, state, set, name"),
        Mistaken(ood: ["sped:8.."], complaint: "--ood sped:8..: runs.csv has no column 'sped'; did you mean 'speed'?"),
        Mistaken(inputs: "speed,laod", complaint: "--inputs: runs.csv has no column 'laod'; did you mean 'load'?"),
        Mistaken(inputs: "speed, speed", complaint: "--inputs: the column 'speed' is listed twice"),
        Mistaken(
            inputs: "speed,power",
            complaint: "--inputs: the column 'power' cannot be an input, since it is learned or splits the rows"),
        Mistaken(
            inputs: nil,
            complaint:
                "runs.csv:2:11: the column 'state' has no numbers, but for example 'ok'; leave it out: --inputs speed,load"
        ),
        Mistaken(
            ood: ["set=newer"],
            complaint: "--ood set=newer: no row of runs.csv is out of distribution; did you mean 'new'?"),
        Mistaken(
            ood: ["speed:20.."],
            complaint:
                "--ood speed:20..: no row of runs.csv is out of distribution; the column 'speed' reaches from 0.0 to 9.9"
        ),
        Mistaken(
            ood: ["speed:-1.."],
            complaint:
                "--ood speed:-1..: every row of runs.csv is out of distribution; the column 'speed' reaches from 0.0 to 9.9"
        ),
        Mistaken(
            rows: Array(Sample.rows.prefix(100)),
            complaint:
                "runs.csv has too few rows: 80 in and 20 out of distribution (speed:8..), but 3 search and 3 held-out tasks on "
                + "rows of their own need 192 and 48; with --tasks 2: 128 and 32"),
        Mistaken(
            rows: Sample.rows.prefix(399) + ["1,fast,2,ok,new,x"],
            complaint: "runs.csv:401:3: the column 'load' needs a number, but 'fast' is there"),
        Mistaken(
            rows: Sample.rows.prefix(399) + ["1,2,,ok,new,x"],
            complaint: "runs.csv:401:5: the column 'power' needs a number, but nothing is there"),
        Mistaken(
            goal: .classes("state"), rows: Sample.rows.prefix(398) + ["1,2,3,odd,new,x", "1,2,3,odd,new,y"],
            complaint:
                "the class 'odd' has 2 rows in distribution (speed:8..), but 6 tasks on rows of their own need 36; leave out "
                + "its rows, give it to another class, or use fewer --tasks"),
    ]

    @Test("of very many mistakes in a table the first twenty are told")
    func manyMistakes() throws {
        let sample = try Sample(Sample.rows + ["1,2"])
        #expect(sample.complaint(try sample.suite())?.split(separator: "\n").count == 1)
        let wrong = try Sample(
            Sample.rows.enumerated().map { index, row in
                index < 90 ? row.prefix { $0 != "," } + ",?" + row.drop { $0 != "," }.dropFirst() : row
            })
        let lines = try #require(wrong.complaint(wrong.suite())).split(separator: "\n")
        #expect(lines.count == 21 && lines.last == "runs.csv has 70 more mistakes")
    }

    @Test("a mistake in the template is told with its line")
    func template() throws {
        let sample = try Sample()
        let text = try String(
            contentsOf: sample.content.root.appendingPathComponent(CSVSuite.template), encoding: .utf8)
        try sample.content.write(
            text.replacingOccurrences(of: "optimiser: adam", with: "optimiser: adm"), to: CSVSuite.template)
        let line =
            try #require(
                text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains("adam") }) + 1
        #expect(
            sample.complaint(try sample.suite())
                == "Fitness/csv.yaml:\(line):14: 'optimiser' must be one of adam, sgd, not 'adm'; did you mean 'adam'?")
        try sample.content.write(text + "tasks: {}\n", to: CSVSuite.template)
        #expect(sample.complaint(try sample.suite())?.contains("'tasks' come from the table") == true)
    }

    @Test("which rows are out of distribution can be written in four ways; anything else says so")
    func regions() throws {
        for text in ["a:1..2", "a:1..", "a:..-2e3", "a=b", "a:b:..2", "a=b=c", "a b:-.5..0.5", "time: 12:30=x"] {
            _ = try CSVRegion(text)
        }
        for (text, words) in [
            ("speed", "COLUMN:FROM..TO"), ("speed:8", "COLUMN:FROM..TO"), ("speed:..", "at least one end"),
            ("speed:a..", "'a' is not a number"), ("speed:5..2", "above its last"), (":1..", "column's name"),
            ("=x", "column's name"), ("set=", "text after ="), ("speed:nan..", "not a number"),
        ] {
            let failure = #expect(throws: Failure.self) { try CSVRegion(text) }
            #expect(failure?.kind == .misuse && failure?.message.hasPrefix("--ood \(text): ") == true)
            #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "")")
        }
    }
}
