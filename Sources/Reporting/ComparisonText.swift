import Evaluation
import EvolveTypes

/// `ComparisonReport` in words, at most 80 columns wide.
package enum ComparisonText {
    package static func render(_ report: ComparisonReport, _ ink: Ink = .plain) -> String {
        let splits = SuitePolicy.Split.allCases.filter { report.tasks[$0.rawValue] != nil }
        var lines = [
            ink.heading("\(report.functions.count) functions on \(report.suite)")
                + ", \(report.seeds) \(report.seeds == 1 ? "seed" : "seeds") a task, paired",
            "",
        ]
        lines += SummaryText.indented(functions(report)) + [""]
        lines += [
            "Gain in dB over GELU outside the training range, with 95 % interval; fit: the",
            "same inside it; tail: the worst quarter of tasks. Positive = less error.",
        ]
        for split in splits {
            lines += ["", ink.heading("\(title(split)) (\(report.tasks[split.rawValue] ?? 0))")]
            lines += SummaryText.indented(gains(report, split.rawValue, ink))
        }
        lines += ["", ink.heading("Differences, network by network: the first over the second")]
        lines += SummaryText.indented(differences(report, ink))
        let count = report.differences.count
        lines += [
            count == 1
                ? "p: that there is none."
                : "p: that there is none, corrected for \(count) questions (Holm); the intervals are not.",
            "",
        ]
        return (lines + conclusion(report, splits, ink)).joined(separator: "\n")
    }

    private static func title(_ split: SuitePolicy.Split) -> String {
        split == .search ? "Search tasks" : "Held-out tasks"
    }

    private static func words(_ split: String) -> String { split == "search" ? "search tasks" : "held-out tasks" }

    private static func functions(_ report: ComparisonReport) -> [String] {
        var columns = Columns([.left, .left, .right, .left])
        columns.add(["", "function", "cost", "formula"])
        for function in report.functions {
            columns.add([
                function.key, Columns.cut(function.name, to: 34), Figures.cost(function.cost), function.formula,
            ])
        }
        return columns.lines(width: 75)
    }

    /// All tasks, then family by family, so that functions stand one below the other.
    private static func gains(_ report: ComparisonReport, _ split: String, _ ink: Ink) -> [String] {
        var columns = Columns([.left, .left, .right, .left, .right, .right])
        columns.add(["tasks", "", "dB", "95 % interval", "fit dB", "tail dB"])
        for (place, function) in report.functions.enumerated() {
            guard let result = function.results[split] else { continue }
            columns.add(
                [place == 0 ? "all" : "", function.key]
                    + cells(result.gain, own(function, split, ink), otherwise: result.verdict)
                    + [
                        result.inDistribution.map { Figures.gain($0.mean) } ?? "–",
                        result.tail.map(Figures.gain) ?? "–",
                    ])
        }
        let families = Set(report.functions.flatMap { $0.results[split]?.families?.keys.map(\.self) ?? [] }).sorted()
        for family in families where families.count > 1 {
            for (place, function) in report.functions.enumerated() {
                guard let result = function.results[split] else { continue }
                let ink = own(function, split, ink)
                columns.add(
                    [place == 0 ? family : "", function.key]
                        + cells(result.families?[family], ink, otherwise: result.verdict) + ["", ""])
            }
        }
        return columns.lines
    }

    /// A gain by which the function was chosen is none that could be called sure.
    private static func own(_ function: ComparisonReport.Function, _ split: String, _ ink: Ink) -> Ink {
        split == SuitePolicy.Split.search.rawValue && function.wasSearchedHere == true ? .plain : ink
    }

    private static func cells(_ estimate: Estimate?, _ ink: Ink, otherwise words: String) -> [String] {
        guard let estimate else { return ["–", words] }
        return [ink.gain(Figures.gain(estimate.mean), estimate), Figures.interval(estimate)]
    }

    private static func differences(_ report: ComparisonReport, _ ink: Ink) -> [String] {
        var columns = Columns([.left, .left, .right, .left, .left])
        for difference in report.differences {
            let gain =
                difference.gain.map { [Figures.gain($0.mean), Figures.interval($0)] } ?? ["–", "cannot be compared"]
            let isSure = difference.finding != .notSure
            columns.add(
                [words(difference.split), "\(difference.first) over \(difference.second)"]
                    + [isSure ? coloured(gain[0], difference.finding, ink) : gain[0], gain[1]]
                    + [
                        difference.gain == nil
                            ? "" : "p \(Figures.probability(difference.p))" + (isSure ? ", sure" : "")
                    ])
        }
        return columns.lines
    }

    private static func coloured(_ text: String, _ finding: ComparisonReport.Certainty, _ ink: Ink) -> String {
        finding == .better ? ink.better(text) : ink.worse(text)
    }

    /// What is sure, in whole sentences.
    private static func conclusion(
        _ report: ComparisonReport, _ splits: [SuitePolicy.Split], _ ink: Ink
    ) -> [String] {
        let sure = report.differences.filter { $0.finding != .notSure }
        var lines = sure.map { difference in
            let (ahead, behind) =
                difference.finding == .better
                ? (difference.first, difference.second) : (difference.second, difference.first)
            return ink.heading("Sure: \(ahead) is better than \(behind) on \(words(difference.split)).")
        }
        if sure.isEmpty {
            lines = [ink.heading("No difference is sure.")]
        } else if sure.count < report.differences.count {
            lines.append("No other difference is sure.")
        }
        let chosen = report.functions.filter { $0.wasSearchedHere == true }.map(\.key)
        if !chosen.isEmpty, splits.contains(.search) {
            lines += [
                chosen.joined(separator: ", ")
                    + ": chosen on these search tasks, so too good there: see the held-out ones."
            ]
        }
        return lines
    }
}
