import Definitions
import Evaluation
import EvolveTypes
import Foundation
import Testing

/// A suite with every family but those of `SampleContent`, and its table; a test spoils one thing.
private enum Sample {
    static let suite = """
        cost-limit: 50
        points: {train: 64, in-distribution: 32, out-of-distribution: 16}
        network: {hidden: [8]}
        training: {optimiser: adam, rate: 3e-3, schedule: cosine, batch: 4, steps: 10}
        scoring: {seeds: 2, clip: 20, selection: mix}
        racing: {stages: [{tasks: 1, seeds: 1, margin: 1}], rivals: 0, confidence: 0.9}
        tasks:
          polynomials:
            shift: gap
            search: [{inputs: 2, degree: 2, seed: 1, shift: {extrapolation-along: 2}}]
            heldout: [{inputs: 2, degree: 2, seed: 1}, {inputs: 1, degree: 3, seed: 1, shift: extrapolation}]
          feynman:
            search: [{equation: I.12.1, shift: {scale: 2}}]
            heldout: [I.12.1]
          chaotic:
            search: [{map: logistic, rate: 3.9, steps: 2}]
            heldout: [{map: henon, a: 1.4, b: 0.3, steps: 1}]
          piecewise:
            search: [{form: linear, inputs: 1, pieces: 6, jumps: 2, seed: 1}]
            heldout: [{form: constant, inputs: 2, pieces: 4, seed: 2, shift: {noise: 0.1}}]
          long-tail:
            search: [{shape: clusters, classes: 6, inputs: 3, exponent: 1.5, spread: 0.2, seed: 1}]
            heldout: [{shape: spirals, classes: 3, exponent: 1, spread: 0.02, seed: 2}]
          tables:
            search:
              - {name: power, file: my/runs.csv, inputs: [speed, load], target: power, seed: 1, ood: {column: speed, from: 8}}
            heldout:
              - {name: state, family: mine, file: my/runs.csv, inputs: all, class: state, scaling: together, seed: 2, ood: {column: set, train: old, ood: new}}

        """
    static let table = """
        speed,load,power,state,set
        1,2,2,ok,old
        2,1,2,ok,old
        3,2,6,bad,old
        4,1,4,ok,old
        5,3,15,bad,old
        6,2,12,ok,old
        7,1,7,bad,old
        8,2,16,ok,new
        9,3,27,bad,new

        """

    static func content(suite: String = suite, table: String? = table) throws -> SampleContent {
        let content = try SampleContent()
        try content.write(suite, to: "Fitness/other/suite.yaml")
        if let table { try content.write(table, to: "Fitness/other/my/runs.csv") }
        return content
    }

    /// The content's folder is there as long as the content.
    static func load(_ content: SampleContent) throws -> SuitePolicy { try content.loader.suite(named: "other") }

    static func complaint(_ content: SampleContent) -> String? {
        do {
            _ = try content.loader.suite(named: "other")
            return nil
        } catch {
            return (error as? Failure)?.message ?? "\(error)"
        }
    }
}

@Suite struct SuiteFamilyTests {
    private func task(
        _ name: String, _ family: String, _ split: SuitePolicy.Split, _ target: SuitePolicy.Target,
        _ shift: TaskShift? = nil
    ) -> SuitePolicy.Task {
        SuitePolicy.Task(name: name, family: family, split: split, target: target, shift: shift)
    }

    @Test("every family and shift is loaded as its file says, and the table with it, byte for byte")
    func loads() throws {
        let suite = try Sample.load(Sample.content())
        let equation = SuitePolicy.Target.feynman(
            SuitePolicy.Equation(id: "I.12.1", formula: "mu*Nn", variables: ["mu", "Nn"], low: [1, 1], high: [5, 5]))
        #expect(suite.scoring.selection == .mix)
        #expect(suite.tables == [SuitePolicy.Table(path: "my/runs.csv", text: Sample.table)])
        let expected = [
            task(
                "polynomials/inputs2-degree2-seed1-along2", "polynomials", .search,
                .polynomial(inputs: 2, degree: 2, seed: 1), .extrapolationAlong(axis: 2)),
            task(
                "polynomials/inputs2-degree2-seed1-gap", "polynomials", .heldout,
                .polynomial(inputs: 2, degree: 2, seed: 1), .gap),
            task(
                "polynomials/inputs1-degree3-seed1", "polynomials", .heldout,
                .polynomial(inputs: 1, degree: 3, seed: 1)),
            task("feynman/I.12.1-scale2.0", "feynman", .search, equation, .scale(most: 2)),
            task("feynman/I.12.1", "feynman", .heldout, equation),
            task(
                "chaotic/logistic3.9-steps2", "chaotic", .search,
                .chaotic(ChaoticMap(.logistic(rate: 3.9), steps: 2))),
            task(
                "chaotic/henon1.4-0.3-steps1", "chaotic", .heldout,
                .chaotic(ChaoticMap(.henon(a: 1.4, b: 0.3), steps: 1))),
            task(
                "piecewise/linear-inputs1-pieces6-jumps2-seed1", "piecewise", .search,
                .piecewise(Piecewise(form: .linear, inputs: 1, pieces: 6, jumps: 2, seed: 1))),
            task(
                "piecewise/constant-inputs2-pieces4-seed2-noise0.1", "piecewise", .heldout,
                .piecewise(Piecewise(form: .constant, inputs: 2, pieces: 4, jumps: 3, seed: 2)),
                .noise(deviations: 0.1)),
            task(
                "long-tail/clusters6-inputs3-exponent1.5-spread0.2-seed1", "long-tail", .search,
                .longTail(LongTail(shape: .clusters, classes: 6, inputs: 3, exponent: 1.5, spread: 0.2, seed: 1))),
            task(
                "long-tail/spirals3-inputs2-exponent1.0-spread0.02-seed2", "long-tail", .heldout,
                .longTail(LongTail(shape: .spirals, classes: 3, inputs: 2, exponent: 1, spread: 0.02, seed: 2))),
            task(
                "tables/power", "tables", .search,
                .table(
                    TableTask(
                        table: "my/runs.csv", inputs: ["speed", "load"], goal: .numbers(["power"]), scaling: .each,
                        split: .range(column: "speed", from: 8, to: nil), seed: 1))),
        ]
        #expect(Array(suite.tasks.dropLast()) == expected)
        #expect(try CanonicalJSON.decode(SuitePolicy.self, from: CanonicalJSON.encode(suite)) == suite)
    }

    @Test("'all' inputs are the columns left over; those that are no numbers are refused with their line in the table")
    func allInputs() throws {
        // The sample's held-out task takes all but its class and its split: three columns of numbers.
        let suite = try Sample.load(Sample.content())
        guard case .table(let state)? = suite.tasks.last?.target else {
            Issue.record("the last task is on the table")
            return
        }
        #expect(state.inputs == ["speed", "load", "power"] && suite.tasks.last?.name == "mine/state")
        let text = Sample.suite.replacingOccurrences(of: "inputs: [speed, load]", with: "inputs: all")
        let complaint = Sample.complaint(try Sample.content(suite: text))
        #expect(
            complaint?.split(separator: "\n").first
                == "my/runs.csv:2:7: the column 'state' needs a number, but 'ok' is there")
    }

    @Test("a suite of the user's own lies anywhere, its table beside it; the run keeps both and needs them no more")
    func foreignSuite() throws {
        let (content, elsewhere) = (try SampleContent(), try SampleContent())
        try elsewhere.write(Sample.suite, to: "mine/suite.yaml")
        try elsewhere.write(Sample.table, to: "mine/my/runs.csv")
        try elsewhere.write(
            try #require(SampleContent.files["Runs/sample.yaml"]).replacingOccurrences(
                of: "suite: small", with: "suite: mine/suite.yaml"), to: "mine.yaml")
        let file = elsewhere.root.appendingPathComponent("mine/suite.yaml")
        #expect(try content.loader.suite(file: file).name == "mine")
        let run = try content.loader.run(file: elsewhere.root.appendingPathComponent("mine.yaml"))
        #expect(run.files.contains { $0.bytes == Data(Sample.table.utf8) })
        let stored = try CanonicalJSON.encode(run.policy)
        // The data come from what is stored; another table is another run.
        try elsewhere.remove("mine")
        let policy = try CanonicalJSON.decode(RunPolicyProbe.self, from: stored)
        let index = try #require(policy.suite.tasks.firstIndex { $0.name == "tables/power" })
        #expect(try policy.suite.data(of: index).outOfDistribution.coordinates.count == 2)
        try elsewhere.write(Sample.suite, to: "mine/suite.yaml")
        try elsewhere.write(Sample.table.replacingOccurrences(of: "9,3,27", with: "9,3,28"), to: "mine/my/runs.csv")
        let changed = try content.loader.run(file: elsewhere.root.appendingPathComponent("mine.yaml"))
        #expect(try Digest.hex(CanonicalJSON.encode(changed.policy)) != Digest.hex(stored))
    }

    @Test("two tables of one name from different folders are both kept")
    func namesakes() throws {
        let (content, elsewhere) = (try SampleContent(), try SampleContent())
        let other = Sample.table.replacingOccurrences(of: "9,3,27", with: "9,3,28")
        let suite = Sample.suite.replacingOccurrences(
            of: "family: mine, file: my/runs.csv", with: "family: mine, file: your/runs.csv")
        try elsewhere.write(suite, to: "suite.yaml")
        try elsewhere.write(Sample.table, to: "my/runs.csv")
        try elsewhere.write(other, to: "your/runs.csv")
        try elsewhere.write(
            try #require(SampleContent.files["Runs/sample.yaml"]).replacingOccurrences(
                of: "suite: small", with: "suite: suite.yaml"), to: "mine.yaml")
        let run = try content.loader.run(file: elsewhere.root.appendingPathComponent("mine.yaml"))
        #expect(run.policy.suite.tables?.map(\.text) == [Sample.table, other])
        for (path, text) in [("runs.csv", Sample.table), ("your/runs.csv", other)] {
            #expect(run.files.first { $0.path == path }?.bytes == Data(text.utf8))
        }
    }

    /// Only the suite of a stored policy.
    private struct RunPolicyProbe: Decodable { var suite: SuitePolicy }

    @Test("mistakes in a suite's newer families", arguments: mistakes)
    func mistake(old: String, new: String, complaint: String) throws {
        #expect(Sample.suite.components(separatedBy: old).count == 2, "'\(old)' must stand once in the sample")
        let content = try Sample.content(suite: Sample.suite.replacingOccurrences(of: old, with: new))
        #expect(
            Sample.complaint(content)
                == complaint.split(separator: "\n").map { "Fitness/other/suite.yaml:\($0)" }.joined(separator: "\n"))
    }

    static let mistakes: [(String, String, String)] = [
        (
            "selection: mix", "selection: median",
            "5:42: 'selection' must be one of mean, tail, mix, not 'median'; did you mean 'mean'?"
        ),
        (
            "shift: gap", "shift: gab",
            "9:12: 'shift' must be one of extrapolation, extrapolation-in-all, gap, not 'gab'; did you mean 'gap'?"
        ),
        ("{extrapolation-along: 2}", "{extrapolation-along: 3}", "10:14: there is no coordinate 3; the task has 2"),
        (
            "{extrapolation-along: 2}", "{frequency: 2}", "10:14: only a Fourier sum has a frequency shift"
        ),
        (
            "{extrapolation-along: 2}", "{along: 2}",
            "10:54: unknown key 'along'; known keys: extrapolation-along, frequency, scale, noise"
        ),
        (
            "{scale: 2}", "{scale: 2, noise: 1}",
            "13:40: a shift is one of extrapolation-along, frequency, scale and noise"
        ),
        ("{scale: 2}", "{scale: 1}", "13:48: 'scale' is 1.0; it must be from 1.01 to 10.0"),
        (
            "map: logistic", "map: tent", "16:20: 'map' must be one of logistic, henon, not 'tent'"
        ),
        ("rate: 3.9", "rate: 5", "16:36: 'rate' is 5.0; it must be from 0.1 to 4.0"),
        (
            "a: 1.4, b: 0.3", "rate: 1.4, b: 0.3",
            "17:15: 'a' is missing\n17:28: unknown key 'rate'; known keys: map, steps, a, b, shift"
        ),
        ("jumps: 2", "jumps: 6", "19:58: 'jumps' is 6; it must be from 0 to 5"),
        (
            "pieces: 4, seed: 2", "pieces: 4, jumps: 1, seed: 2",
            "20:54: unknown key 'jumps'; known keys: form, inputs, pieces, seed, shift"
        ),
        ("classes: 6", "classes: 1", "22:41: 'classes' is 1; it must be from 2 to 100"),
        (
            "classes: 3, ", "classes: 3, inputs: 2, ",
            "23:44: unknown key 'inputs'; known keys: shape, classes, exponent, spread, seed"
        ),
        (
            "spread: 0.02, ", "spread: 0.02, shift: gap, ",
            "23:71: unknown key 'shift'; known keys: shape, classes, exponent, spread, seed"
        ),
        (
            "{name: power, file: my/runs.csv", "{name: power, file: my/run.csv",
            "26:29: there is no file 'my/run.csv' beside the suite"
        ),
        (
            "{name: power, file: my/runs.csv", "{name: power, fetched: digits.csv",
            "26:32: the table 'digits.csv' is not here yet; get it with: scripts/fetch-transfer"
        ),
        (
            "{name: power, file: my/runs.csv, ", "{name: power, ",
            "26:9: a task on a table has either 'file' or 'fetched'"
        ),
        (
            "{name: power, file: my/runs.csv, ", "{name: power, file: , ",
            "26:29: 'file' must be a text, but nothing is given"
        ),
        ("[speed, load]", "[sped, load]", "26:51: there is no column 'sped'; did you mean 'speed'?"),
        ("[speed, load]", "[speed, speed]", "26:58: the column 'speed' is listed twice"),
        ("[speed, load]", "[speed, power]", "26:58: the column 'power' cannot be an input, too"),
        ("[speed, load]", "some", "26:50: 'inputs' is a list of columns, or the word all"),
        (
            "target: power", "goal: power",
            "26:9: a task on a table has either 'target' (numbers) or 'class'\n26:65: unknown key 'goal'; known keys: name, family, seed, scaling, part, inputs, target, class, ood, file, fetched"
        ),
        (
            "{column: speed, from: 8}", "{column: speed, from: 99}",
            "26:9: the table has 0 out-of-distribution rows for it; at least 1 are needed"
        ),
        (
            "{column: speed, from: 8}", "{column: speed, from: 5}",
            "26:9: it has 3 training rows, fewer than the batch of 4"
        ),
        (
            "{column: speed, from: 8}", "{column: speed}",
            "26:94: 'ood' has either a range of numbers ('from', 'to') or the text of rows ('ood', and perhaps 'train' and 'test', all different)"
        ),
        (
            "train: old, ood: new", "train: old, ood: old",
            "28:116: 'ood' has either a range of numbers ('from', 'to') or the text of rows ('ood', and perhaps 'train' and 'test', all different)"
        ),
        (
            "name: state, family: mine", "name: power",
            "28:9: the task 'tables/power' is listed twice; search and held-out tasks must all differ"
        ),
    ]

    @Test("mistakes in a table are told with file, line and column")
    func tableMistakes() throws {
        func complaint(_ old: String, _ new: String) throws -> String? {
            Sample.complaint(
                try Sample.content(table: Sample.table.replacingOccurrences(of: old, with: new)))
        }
        #expect(
            try complaint("5,3,15,bad,old", "5,3,bad,old")
                == "my/runs.csv:6:1: this row has 4 fields, but the first line names 5 columns")
        #expect(
            try complaint("5,3,15", "5,fast,15")
                == "my/runs.csv:6:3: the column 'load' needs a number, but 'fast' is there")
        #expect(
            try complaint("5,3,15", "5,3,")
                == "my/runs.csv:6:5: the column 'power' needs a number, but nothing is there")
        let large = try Sample.content(table: Sample.table + String(repeating: "9,3,27,bad,new\n", count: 1_200_000))
        #expect(
            Sample.complaint(large)?.split(separator: "\n").first
                == "Fitness/other/suite.yaml:26:29: the table has 17 MiB; at most 16 are read: leave out rows or columns"
        )
        #expect(try complaint("speed,load", "load,load") == "my/runs.csv:1:6: the column 'load' is named twice")
    }
}
