import ActivationCodegen
import EvolveTypes

/// Several functions on the same networks: what each gains over the reference, and over others.
///
/// Every function is trained on the same data from the same initial weights in the same batches, at the suite's
/// learning rate; so differences are paired, network by network, as gains over the reference are.
package struct Comparison: Sendable {
    package struct Pair: Hashable, Sendable {
        package var first: Int
        package var second: Int

        package init(_ first: Int, _ second: Int) {
            self.first = first
            self.second = second
        }

        /// All pairs of so many functions; of more than four, each with the first.
        package static func of(_ count: Int) -> [Pair] {
            let firsts = count > 4 ? 0..<1 : 0..<max(0, count - 1)
            return firsts.flatMap { first in (first + 1..<count).map { Pair(first, $0) } }
        }
    }

    package struct Difference: Sendable {
        package var pair: Pair
        /// Gains of the first over the second; nil when one of them has no score.
        package var score: Score?
        /// How probable so large a difference is, up or down, where there is none; not corrected.
        package var p: Double

        package init(pair: Pair, score: Score?, p: Double) {
            self.pair = pair
            self.score = score
            self.p = p
        }
    }

    /// Of each function, over the reference.
    package var verdicts: [Verdict]
    package var differences: [Difference]

    package init(verdicts: [Verdict], differences: [Difference]) {
        self.verdicts = verdicts
        self.differences = differences
    }
}

extension SuiteEvaluator {
    /// - Parameter pairs: indices into `kernels`.
    package func compare(
        _ kernels: [KernelSource], pairs: [Comparison.Pair], _ request: MeasurementRequest
    ) async throws -> Comparison {
        let networks = networks(
            suite.taskIndices(in: request.split, family: request.family), request.purpose, request.seeds)
        var studies: [Study] = []
        var verdicts: [Verdict] = []
        for kernel in kernels {
            let study = try await study(kernel, networks, keep: request.keep)
            studies.append(study)
            if let verdict = study.failure(networks) {
                verdicts.append(verdict)
            } else {
                verdicts.append(.scored(try await score(networks, of: study)))
            }
        }
        let clip = suite.scoring.clip
        let differences = pairs.map { pair -> Comparison.Difference in
            guard verdicts[pair.first].score != nil, verdicts[pair.second].score != nil else {
                return Comparison.Difference(pair: pair, score: nil, p: 1)
            }
            let score = score(
                networks, outcomes: networks.compactMap { studies[pair.first].outcomes[$0] },
                references: networks.compactMap { studies[pair.second].outcomes[$0] }, steps: studies[pair.first].steps)
            let values = GainInterval.pValues(score.tasks.map(\.gains), clip: clip)
            return Comparison.Difference(
                pair: pair, score: score, p: min(1, 2 * min(values.above, values.below)))
        }
        return Comparison(verdicts: verdicts, differences: differences)
    }
}
