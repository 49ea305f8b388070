import Evaluation
import EvolveTypes

/// Functions side by side: what `evolve compare` prints; the keys are documented in docs/json.md.
package struct ComparisonReport: Encodable, Sendable {
    /// A function that takes part.
    package struct Function: Encodable, Sendable {
        /// A, B, …
        package var key: String
        package var name: String
        /// Of a run's candidate.
        package var candidate: CandidateID?
        /// Of a candidate: whether its run searched on this suite, and so chose it by these search tasks.
        package var wasSearchedHere: Bool?
        package var formula: String
        package var cost: Double
        package var source: String
        /// By split.
        package var results: [String: Result] = [:]
    }

    /// What it came to on the tasks of a split, over the reference.
    package struct Result: Encodable, Sendable {
        package var verdict: String
        /// Why it has no gain.
        package var reason: String?
        package var gain: Estimate?
        package var families: [String: Estimate]?
        package var inDistribution: Estimate?
        package var tail: Double?
        package var tasks: [TaskScore]?

        init(_ verdict: Verdict) {
            self.verdict = verdict.name
            reason = verdict.reason
            guard let score = verdict.score else { return }
            gain = score.gain
            families = score.families
            inDistribution = score.inDistribution
            tail = score.tail
            tasks = score.tasks
        }
    }

    /// The first over the second.
    package struct Difference: Encodable, Sendable {
        package var first: String
        package var second: String
        package var split: String
        package var gain: Estimate?
        package var families: [String: Estimate]?
        package var inDistribution: Estimate?
        /// That there is none; corrected for all differences of the report.
        package var p: Double
        package var finding: Certainty
    }

    package enum Certainty: String, Encodable, Sendable {
        case better, worse
        case notSure = "not sure"
    }

    /// How often any of the differences that are called sure may be none.
    static let level = 0.05

    package var suite: String
    /// `SuitePolicy.measurementDigest`.
    package var suiteDigest: String
    package var seeds: Int
    package var functions: [Function]
    package var differences: [Difference] = []
    /// Tasks, by split.
    package var tasks: [String: Int] = [:]
    /// From the first to the last.
    package var seconds = 0.0

    package init(suite: String, digest: String, seeds: Int, functions: [Function]) {
        self.suite = suite
        suiteDigest = digest
        self.seeds = seeds
        self.functions = functions
    }

    /// - Parameter comparisons: of the functions, in the order of the report's splits.
    package mutating func take(_ comparisons: [(split: SuitePolicy.Split, tasks: Int, comparison: Comparison)]) {
        // One question for each difference: search and held-out tasks are asked about, too.
        let corrected = Holm.adjust(comparisons.flatMap { $0.comparison.differences.map(\.p) })
        for (split, count, comparison) in comparisons {
            tasks[split.rawValue] = count
            for (index, verdict) in comparison.verdicts.enumerated() {
                functions[index].results[split.rawValue] = Result(verdict)
            }
            for difference in comparison.differences {
                let (score, p) = (difference.score, corrected[differences.count])
                differences.append(
                    Difference(
                        first: functions[difference.pair.first].key, second: functions[difference.pair.second].key,
                        split: split.rawValue, gain: score?.gain, families: score?.families,
                        inDistribution: score?.inDistribution, p: p,
                        finding: p < Self.level ? (score?.gain.mean ?? 0) > 0 ? .better : .worse : .notSure))
            }
        }
    }
}

extension ComparisonReport.Function {
    package init(
        key: String, name: String, candidate: CandidateID?, wasSearchedHere: Bool?, formula: String, cost: Double,
        source: String
    ) {
        self.key = key
        self.name = name
        self.candidate = candidate
        self.wasSearchedHere = wasSearchedHere
        self.formula = formula
        self.cost = cost
        self.source = source
    }
}
