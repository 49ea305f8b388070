import Engine
import EvolveTypes
import Reporting
import RunStore

/// Functions by families of tasks: gains with intervals on held-out tasks.
struct HeatMap {
    struct Row {
        var name: String
        var isOurs: Bool
        /// It is what the others are measured against.
        var isReference: Bool
        var cost: String
        var cells: [GainCell]
    }

    struct Head {
        var family: String
        var tasks: String
    }

    var families: [Head]
    var tasks: String
    var seeds: String
    /// Columns of gains.
    var width: Int
    var rows: [Row]

    /// - Returns: nil before anything is measured on held-out tasks.
    init?(_ summary: RunSummary, in run: RunReader) {
        guard !summary.heldout.isEmpty else { return nil }
        let names = Set(summary.heldout.flatMap(\.families.keys)).sorted()
        let suite = run.policy.suite
        families = names.map {
            Head(family: $0, tasks: Figures.count(suite.taskIndices(in: .heldout, family: $0).count, "task"))
        }
        tasks = Figures.count(suite.tasks.count { $0.split == .heldout }, "task")
        seeds = Figures.count(run.policy.verification.heldoutSeeds, "seed")
        width = 3 + names.count
        rows = summary.heldout.map { row in
            let worst = run.verifications.first {
                $0.stage == .heldout && $0.candidate == row.candidate && $0.name == row.name
            }?.verdict.score?.tail
            return Row(
                name: row.name, isOurs: row.candidate != nil,
                isReference: row.candidate == nil && row.name == RunPolicy.reference, cost: Figures.cost(row.cost),
                cells: [GainCell(row.gain, other: row.verdict)] + names.map { GainCell(row.families[$0], other: "–") }
                    + [GainCell(worst), GainCell(row.inDistribution, other: "–")])
        }
    }
}

/// A gain with a colour by its size; those that are sure stand out.
struct GainCell {
    var gain: String
    var interval: String?
    var shade: String
    var isSure: Bool

    init(_ estimate: Estimate?, other: String) {
        guard let estimate else {
            (gain, interval, shade, isSure) = (other, nil, "z", false)
            return
        }
        gain = Figures.gain(estimate.mean).typeset
        interval = Figures.interval(estimate).typeset
        isSure = estimate.low > 0 || estimate.high < 0
        // Colour is for what is sure: the largest gains often have the widest intervals.
        shade = isSure ? Self.shade(estimate.mean) : "z"
    }

    /// Of a mean of which no interval is known.
    init(_ mean: Double?) {
        (gain, interval, shade, isSure) = (mean.map { Figures.gain($0).typeset } ?? "–", nil, "z", false)
    }

    /// Three steps to each side.
    private static func shade(_ gain: Double) -> String {
        let step = [0.25, 1, 3].count { abs(gain) >= $0 }
        return step == 0 ? "z" : (gain > 0 ? "p" : "n") + "\(step)"
    }
}
