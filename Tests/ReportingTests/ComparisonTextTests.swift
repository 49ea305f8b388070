import Evaluation
import EvolveTypes
import Foundation
import Reporting
import Testing

@Suite("What a comparison says")
struct ComparisonTextTests {
    private static func score(_ mean: Double) -> Score {
        let gain = Estimate(mean: mean, low: mean - 0.5, high: mean + 0.5)
        return Score(
            gain: gain, families: ["polynomials": gain, "harmonics": gain], inDistribution: gain, tail: mean - 1,
            tasks: [], trainingSteps: 1)
    }

    /// Of A over B on search and held-out tasks.
    private static func report(p: [Double], mean: Double = 1, third: Verdict? = nil) -> ComparisonReport {
        func function(_ key: String, _ name: String, isChosen: Bool) -> ComparisonReport.Function {
            ComparisonReport.Function(
                key: key, name: name, candidate: isChosen ? 58 : nil, wasSearchedHere: isChosen ? true : nil,
                formula: String(repeating: "x + ", count: 30) + "x", cost: 65, source: "")
        }
        var functions = [
            function("A", "a run with a name that is longer than most, candidate 58", isChosen: true),
            function("B", "gelu", isChosen: false),
        ]
        if third != nil { functions.append(function("C", "wild.c", isChosen: false)) }
        var report = ComparisonReport(suite: "quick", digest: "", seeds: 4, functions: functions)
        report.take(
            zip(SuitePolicy.Split.allCases, p).map { split, p in
                var differences = [
                    Comparison.Difference(pair: Comparison.Pair(0, 1), score: score(mean), p: p)
                ]
                if third != nil {
                    differences.append(Comparison.Difference(pair: Comparison.Pair(0, 2), score: nil, p: 1))
                }
                return (
                    split, 12,
                    Comparison(
                        verdicts: [.scored(score(mean)), .scored(score(0))] + (third.map { [$0] } ?? []),
                        differences: differences)
                )
            })
        return report
    }

    @Test("What is sure is said in a sentence, in whose favour it is")
    func sure() {
        let better = ComparisonText.render(Self.report(p: [0.2, 0.01]))
        #expect(better.contains("Sure: A is better than B on held-out tasks.\nNo other difference is sure."))
        #expect(!better.contains("on search tasks."))
        let worse = ComparisonText.render(Self.report(p: [0.001, 0.01], mean: -1))
        #expect(
            worse.contains("B is better than A on search tasks.") && worse.contains("B is better than A on held-out"))
        #expect(ComparisonText.render(Self.report(p: [0.2, 0.3])).contains("No difference is sure."))
    }

    @Test("Several questions are corrected for, those that cannot be answered among them")
    func correction() {
        // Each by itself would be sure.
        let report = Self.report(p: [0.04, 0.03])
        #expect(
            report.differences.map(\.p) == [0.06, 0.06] && report.differences.allSatisfy { $0.finding == .notSure })
        #expect(ComparisonText.render(report).contains("corrected for 2 questions"))
        let three = Self.report(p: [0.2, 0.02], third: .diverged("9 of 12 networks"))
        #expect(zip(three.differences, [0.6, 1, 0.08, 1]).allSatisfy { abs($0.p - $1) < 1e-9 })
        let text = ComparisonText.render(three)
        #expect(text.contains("diverged") && text.contains("cannot be compared"))
        #expect(Self.report(p: [0.04]).differences.map(\.p) == [0.04], "a single question needs none")
    }

    @Test("It fits in 80 columns, says where a champion was chosen, and has colours only when asked for")
    func form() {
        let report = Self.report(p: [0.2, 0.01], third: .crashed("SIGSEGV"))
        let text = ComparisonText.render(report)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(text)")
        #expect(text.contains("A: chosen on these search tasks"))
        #expect(!text.contains("\u{1B}"))
        let coloured = ComparisonText.render(report, .coloured)
        #expect(coloured.contains("\u{1B}[32m") && coloured.contains("\u{1B}[1m"))
        #expect(coloured.replacing(/\u{1B}\[[0-9]*m/, with: "") == text, "nothing is told by colour alone")
    }
}
