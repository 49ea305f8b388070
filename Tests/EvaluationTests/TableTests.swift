import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("Tables")
struct TableTests {
    private let points = SuitePolicy.Points(train: 1_000, inDistribution: 1_000, outOfDistribution: 1_000)

    private func complaints(_ text: String) -> [String] {
        do throws(TableProblems) {
            _ = try TableText(text)
            return []
        } catch {
            return error.diagnostics.map { "\($0.line):\($0.column): \($0.message)" }
        }
    }

    @Test(
        "Fields are read with their places: quotes, doubled quotes, Windows line ends, a byte order mark, empty lines")
    func reading() throws {
        let table = try TableText("\u{FEFF}a, b ,\"c, d\"\r\n1,2,\"é \"\"x\"\"\"\r\n\r\n\"\",4,5\r\n")
        #expect(table.columns == ["a", "b", "c, d"])
        #expect(table.rows.map { $0.map(\.text) } == [["1", "2", "é \"x\""], ["", "4", "5"]])
        #expect(table.rows[0].map(\.column) == [1, 3, 5] && table.rows[1].map(\.line) == [4, 4, 4])
        #expect(table.cells(of: "b")?.map(\.text) == ["2", "4"] && table.cells(of: "x") == nil)
    }

    @Test("Malformed lines are told all at once, each with its place")
    func malformed() {
        #expect(complaints("") == ["1:1: the table is empty"])
        #expect(complaints("a,,a\n1,2,3\n") == ["1:3: a column has no name", "1:4: the column 'a' is named twice"])
        #expect(
            complaints("a,b\n1\n1,2\n1,2,3\n3,\"x\n") == [
                "2:1: this row has 1 fields, but the first line names 2 columns",
                "4:1: this row has 3 fields, but the first line names 2 columns",
                "5:3: this quoted field does not end with a quote before a comma",
            ])
    }

    /// Rows 0 ... 19 with x = row, y = 2x, and text columns.
    private func table(_ change: (Int, inout [String]) -> Void = { _, _ in }) throws -> TableText {
        let rows = (0..<20).map { row in
            var fields = [
                "\(row)", "7", "\(2 * row)", row % 3 == 0 ? "cat" : "dog", row < 8 ? "a" : row < 12 ? "b" : "c",
            ]
            change(row, &fields)
            return fields.joined(separator: ",")
        }
        return try TableText((["x,same,y,kind,set"] + rows).joined(separator: "\n"))
    }

    private func task(
        _ inputs: [String] = ["x", "same"], _ goal: TableTask.Goal = .numbers(["y"]),
        _ split: TableTask.Split = .range(column: "x", from: 15, to: nil), _ scaling: TableTask.Scaling = .each
    ) -> TableTask {
        TableTask(table: "t.csv", inputs: inputs, goal: goal, scaling: scaling, split: split, seed: 1)
    }

    @Test("A range cuts off the rows inside it; every fourth of the others is for the test; no row is in two sets")
    func range() throws {
        let data = try TaskData(task(), in: table(), points: points)
        let (train, test, ood) = (data.train, data.inDistribution, data.outOfDistribution)
        func rows(_ points: TaskData.Points) -> [Double] { points.coordinates.map { $0[0] } }
        #expect(rows(ood).sorted() == [15, 16, 17, 18, 19])
        #expect(test.coordinates.count == 3 && (rows(train) + rows(test)).sorted() == (0..<15).map(Double.init))
        #expect(rows(train) != rows(train).sorted(), "batches in order must not follow the file")
        // y is 2x, so that both standardise to the same numbers; a constant input becomes 0.
        #expect(zip(train.targets, stride(from: 0, to: 24, by: 2)).allSatisfy { abs($0 - train.inputs[$1]) < 1e-6 })
        #expect(stride(from: 1, to: 24, by: 2).allSatisfy { train.inputs[$0] == 0 })
        let inner = try TaskData(
            task(["y"], .numbers(["x", "y"]), .range(column: "x", from: 4, to: 6)), in: table(), points: points)
        #expect(inner.outputs == 2 && rows(inner.outOfDistribution).sorted() == [8, 10, 12])
    }

    @Test("A column of texts says where each row belongs; other texts are left out; classes are in the order of names")
    func values() throws {
        let split = TableTask.Split.values(column: "set", train: "a", test: "b", ood: "c")
        let data = try TaskData(task(["x"], .classes("kind"), split), in: table(), points: points)
        #expect(data.head == .classification && data.outputs == 2)
        let counts = [data.train, data.inDistribution, data.outOfDistribution].map(\.coordinates.count)
        #expect(counts == [8, 4, 8])
        for (index, point) in data.train.coordinates.enumerated() {
            #expect(
                Array(data.train.targets[2 * index..<2 * index + 2]) == (Int(point[0]) % 3 == 0 ? [1, 0] : [0, 1]))
        }
        let some = TableTask.Split.values(column: "set", train: "c", test: nil, ood: "a")
        let rest = try TaskData(task(["x"], .numbers(["y"]), some), in: table(), points: points)
        #expect(rest.train.coordinates.count == 6 && rest.inDistribution.coordinates.count == 2)
    }

    @Test("Scaled together, inputs keep their proportions")
    func together() throws {
        let data = try TaskData(
            task(["x", "y"], .numbers(["y"]), .range(column: "x", from: 15, to: nil), .together), in: table(),
            points: points)
        let (a, b) = (data.train.inputs, data.train.coordinates)
        let slope = Double(a[0] - a[2]) / (b[0][0] - b[1][0])
        #expect(abs(Double(a[1] - a[3]) - slope * (b[0][1] - b[1][1])) < 1e-5)
    }

    @Test("A field that is no number has its line, column and content in the complaint")
    func badNumbers() throws {
        let problems = #expect(throws: TableProblems.self) {
            _ = try TaskData(
                task(),
                in: table { row, fields in
                    if row == 2 { fields[1] = "n/a" }
                    if row == 4 { fields[2] = "" }
                    if row == 5 { fields[0] = "nan" }
                }, points: points)
        }
        #expect(
            problems?.diagnostics.map { "\($0.line):\($0.column): \($0.message)" } == [
                "4:3: the column 'same' needs a number, but 'n/a' is there",
                "6:5: the column 'y' needs a number, but nothing is there",
                "7:1: the column 'x' needs a number, but 'nan' is there",
            ])
    }

    @Test("Too few rows, one class, a class never seen in training and no varying input are refused in words")
    func refusals() throws {
        func message(_ task: TableTask) throws -> String? {
            #expect(throws: Failure.self) { try TaskData(task, in: table(), points: points) }?.message
        }
        #expect(
            try message(task(["x"], .numbers(["y"]), .range(column: "x", from: 99, to: nil)))
                == "the table has 0 out-of-distribution rows for it; at least 1 are needed")
        #expect(
            try message(task(["x"], .numbers(["y"]), .range(column: "x", from: 0, to: nil)))
                == "the table has 0 training rows for it; at least 2 are needed")
        #expect(try message(task(["x"], .classes("same"))) == "there is only one class, '7'")
        let split = TableTask.Split.values(column: "set", train: "a", test: "b", ood: "c")
        #expect(
            try message(task(["x"], .classes("set"), split)) == "the class 'b' does not occur in the training rows")
        #expect(try message(task(["same"])) == "every input is constant on the training rows")
        #expect(try message(task(["z"])) == "the table has no column 'z'; its columns: x, same, y, kind, set")
    }
}
