import Definitions
import EvolveTypes
import Foundation
import Testing
import Yams

/// Whatever single mistake is made in a suite's file, its line is told.
@Suite struct SuiteMutationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test(
        "every key misspelt, removed, doubled, or given a wrong value is refused at its line",
        arguments: DefinitionLoader(root: root).suiteNames() + ["csv"])
    func everyMistake(suite: String) throws {
        let folder = try Folder()
        let tree = try folder.tree(suite)
        try #expect(folder.complaint(tree.written().text) == nil, "the suite itself is sound")
        let mutations = SuiteMutation.all(of: tree)
        #expect(mutations.count > 100)
        for mutation in mutations {
            let complaint = try #require(
                try folder.complaint(mutation.text), "\(suite): \(mutation.what) is not refused")
            let lines = try Self.lines(of: complaint)
            #expect(
                !lines.isDisjoint(with: mutation.lines), "\(suite), \(mutation.what), \(mutation.lines): \(complaint)")
        }
    }

    @Test("a tab where an indentation should be is refused at its line", arguments: ["quick", "long-tail"])
    func tabs(suite: String) throws {
        let folder = try Folder()
        let lines = try folder.tree(suite).written().text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.hasPrefix("  ") {
            var spoiled = lines
            spoiled[index] = "\t" + line.drop { $0 == " " }
            let complaint = try #require(try folder.complaint(spoiled.joined(separator: "\n")), "line \(index + 1)")
            #expect(try Self.lines(of: complaint).contains(index + 1), "line \(index + 1): \(complaint)")
        }
    }

    /// The lines that a complaint names. Every line of it must name one, and say something.
    private static func lines(of complaint: String) throws -> Set<Int> {
        Set(
            try complaint.split(separator: "\n").map { line in
                let match = try #require(line.wholeMatch(of: /suite\.yaml:([1-9]\d*):[1-9]\d*: .{10,300}/), "\(line)")
                return try #require(Int(match.1))
            })
    }

    /// Where suites are tried: tiny tables stand in for those that are fetched.
    private final class Folder {
        private let url = URL(fileURLWithPath: NSTemporaryDirectory() + "evolve-suites-" + UUID().uuidString)

        init() throws {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            for (name, text) in Self.tables { try write(text, to: name) }
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        /// A shipped suite; for "csv" the template of suites from tables, completed.
        func tree(_ suite: String) throws -> YAMLTree {
            let path = suite == "csv" ? CSVSuite.template : "Fitness/\(suite)/suite.yaml"
            var text = try String(contentsOf: SuiteMutationTests.root.appendingPathComponent(path), encoding: .utf8)
            if suite == "csv" { text += Self.csvTasks }
            return YAMLTree(try #require(try compose(yaml: text)))
        }

        /// nil when the suite loads.
        func complaint(_ text: String) throws -> String? {
            try write(text, to: "suite.yaml")
            do {
                _ = try DefinitionLoader(root: SuiteMutationTests.root, fetched: url)
                    .suite(file: url.appendingPathComponent("suite.yaml"))
                return nil
            } catch {
                return (error as? Failure)?.message ?? "not a Failure: \(error)"
            }
        }

        private func write(_ text: String, to name: String) throws {
            try text.write(to: url.appendingPathComponent(name), atomically: false, encoding: .utf8)
        }

        private static let csvTasks = """
            tasks:
              tables:
                search:
                  - {name: a, file: diabetes.csv, inputs: [bmi, age], target: [progression], part: {of: 2, take: 1, seed: 1}, seed: 1, ood: {column: s6, from: 90, to: 98}}
                  - {name: b, file: diabetes.csv, inputs: all, target: progression, seed: 1, ood: {column: age, to: 10}}
                heldout:
                  - {name: c, file: diabetes.csv, inputs: [bmi, age], target: [progression], part: {of: 2, take: 2, seed: 1}, seed: 1, ood: {column: age, from: 59}}

            """

        /// With the columns, texts and ranges that Fitness/transfer asks for.
        private static let tables: [String: String] = {
            let digits = ["search", "heldout"].flatMap { split in
                (0..<70).map { "\($0 % 7),\($0),\($0 % 2),\(split)-train" }
                    + ["test", "right", "turned", "noisy", "down"].flatMap {
                        ["1,2,0,\(split)-\($0)", "2,3,1,\(split)-\($0)"]
                    }
            }
            let rows = (0..<140).map { row in
                (
                    age: row * 37 % 70, bmi: Double(row * 13 % 40), bp: row * 11 % 130, s6: row * 17 % 120,
                    y: row * 7 % 50
                )
            }
            return [
                "digits.csv": (["p1,p2,label,set"] + digits).joined(separator: "\n"),
                "diabetes.csv":
                    (["age,bmi,bp,s6,progression"]
                    + rows.map { "\($0.age),\($0.bmi),\($0.bp),\($0.s6),\($0.y)" }).joined(separator: "\n"),
                "cancer.csv":
                    (["mean texture,mean smoothness,mean symmetry,mean fractal dimension,diagnosis"]
                    + rows.map {
                        "\(Double($0.age) / 3),\(Double($0.bmi) / 300),\(Double($0.bp) / 500),\(Double($0.s6) / 1_500),\($0.y % 2)"
                    }).joined(separator: "\n"),
            ]
        }()
    }
}
