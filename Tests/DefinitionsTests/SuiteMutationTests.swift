import Definitions
import EvolveTypes
import Foundation
import Testing
import Yams

/// Whatever single mistake is made in a suite's file, its line is told.
@Suite struct SuiteMutationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test("every key misspelt, removed, doubled, or given a wrong value is refused at its line")
    func everyMistake() throws {
        let folder = try Folder()
        var done: Set<String> = []
        let suites = try (DefinitionLoader(root: Self.root).suiteNames() + ["csv"])
            .map { (name: $0, tree: try folder.tree($0)) }
        // Small ones first: what an earlier suite has, too, is not tried again.
        for (suite, tree) in suites.sorted(by: { $0.tree.written().text.count < $1.tree.written().text.count }) {
            try #expect(folder.complaint(tree.written().text) == nil, "\(suite) itself is sound")
            for mutation in SuiteMutation.all(of: tree) where done.insert(mutation.what).inserted {
                guard let complaint = try folder.complaint(mutation.text()) else {
                    Issue.record("\(suite): \(mutation.what) is not refused")
                    continue
                }
                let lines = try Self.lines(of: complaint)
                #expect(
                    !lines.isDisjoint(with: mutation.lines()),
                    "\(suite), \(mutation.what), \(mutation.lines()): \(complaint)")
            }
        }
        #expect(done.count > 500, "\(done.count) mistakes")
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
                let match = try #require(line.wholeMatch(of: /suite\.yaml:([1-9]\d*):[1-9]\d*: .{10,}/), "\(line)")
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
                  - {name: a, file: diabetes.csv, inputs: [bmi, age], target: [progression], part: {of: 2, take: 1, seed: 1}, seed: 1, ood: {column: s6, from: 90}}
                  - {name: b, file: diabetes.csv, inputs: all, target: progression, seed: 1, ood: {column: age, to: 10}}
                heldout:
                  - {name: c, file: diabetes.csv, inputs: [bmi, age], target: [progression], part: {of: 2, take: 2, seed: 1}, seed: 1, ood: {column: age, from: 59}}

            """

        /// With the columns, texts and ranges that Fitness/transfer asks for.
        private static let tables: [String: String] = {
            var digits = ["p1,p2,label,set"]
            for split in ["search", "heldout"] {
                for row in 0..<70 { digits.append("\(row % 7),\(row),\(row % 2),\(split)-train") }
                for set in ["test", "right", "turned", "noisy", "down"] {
                    digits += ["1,2,0,\(split)-\(set)", "2,3,1,\(split)-\(set)"]
                }
            }
            var diabetes = ["age,bmi,bp,s6,progression"]
            var cancer = ["mean texture,mean smoothness,mean symmetry,mean fractal dimension,diagnosis"]
            for row in 0..<140 {
                let (age, bmi, bp, s6, y) = (row * 37 % 70, row * 13 % 40, row * 11 % 130, row * 17 % 120, row * 7 % 50)
                diabetes.append("\(age),\(bmi),\(bp),\(s6),\(y)")
                let cells = [Double(age) / 3, Double(bmi) / 300, Double(bp) / 500, Double(s6) / 1_500]
                cancer.append(cells.map { "\($0)," }.joined() + "\(y % 2)")
            }
            let all = ["digits.csv": digits, "diabetes.csv": diabetes, "cancer.csv": cancer]
            return all.mapValues { $0.joined(separator: "\n") }
        }()
    }
}
