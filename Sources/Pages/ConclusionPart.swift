import Engine
import EvolveTypes
import Reporting

/// What the run says, in the words of the verification, with the figures that they rest on.
struct ConclusionPart {
    struct Line {
        var text: String
    }

    /// A class of the page's style.
    var kind: String
    var sentence: String
    var lines: [Line]
    /// Whether gains with intervals stand here, that are to be explained.
    var hasIntervals: Bool
    /// The same of what is believed.
    var hasBelief: Bool

    init(_ summary: RunSummary) {
        // One duel of several may say anything: there is no verdict before all are fought.
        guard summary.phase == .complete, let champion = summary.champion, let finding = champion.finding else {
            kind = "open"
            sentence =
                switch summary.phase {
                case .searching: "The search is not over; nothing is verified yet."
                case .verifying: "The search is over; champions are being verified."
                case .complete: "No champion: no new candidate was trained to the end."
                }
            let chosen = summary.champion.map { ("Chosen by the re-tests", $0.id, $0.believed) }
            let subject = chosen ?? summary.best.map { ("Best so far", $0.id, $0.believed) }
            let texts = [subject].compactMap(\.self).map { words, id, believed in
                "\(words): candidate \(id), believed \(Figures.belief(believed)) on the search's own tasks."
            }
            lines = texts.map { Line(text: $0.typeset) }
            (hasIntervals, hasBelief) = (false, subject != nil)
            return
        }
        let name = "Candidate \(champion.id)"
        kind = finding.kind
        sentence =
            switch finding {
            case .better: "\(name) is better than GELU on tasks the search never saw."
            case .worse: "\(name) is worse than GELU on tasks the search never saw."
            case .notShownToBeBetter: "\(name) is not shown to be better than GELU on tasks the search never saw."
            }
        let rows = summary.findings.filter { $0.candidate == champion.id && $0.family == nil }
        let known = summary.rivalsAreTabled ? "the best known function" : "the best of the run's literature"
        var texts = rows.map { row in
            row.isReference
                ? Self.figures(row) + "."
                : "Against \(row.opponent), \(known) here: \(row.finding.rawValue); "
                    + Self.figures(row, isFirst: false) + "."
        }
        if rows.flatMap(\.duels).contains(where: \.isAtTheEdge) {
            texts.append("A learning rate at the edge of those tried fits some side best: another may suit it better.")
        }
        lines = texts.map { Line(text: $0.typeset) }
        (hasIntervals, hasBelief) = (!rows.isEmpty, false)
    }

    /// "As written +2.39 dB [+0.47, +4.32], unit moment …; p = 0.308, corrected for 4 champions; 16 tasks × 16 seeds".
    private static func figures(_ row: Findings.Row, isFirst: Bool = true) -> String {
        var text = row.duels.map { "\($0.form) \($0.gain.map(Figures.estimate) ?? $0.verdict)" }.joined(separator: ", ")
        if isFirst { text = text.prefix(1).uppercased() + text.dropFirst() }
        text += "; p \(Figures.probability(row.p))"
        if row.champions > 1 { text += ", corrected for \(row.champions) champions" }
        return text + "; \(Figures.count(row.tasks, "task")) × \(Figures.count(row.seeds, "seed"))"
    }
}

extension Finding {
    /// A class of the page's style.
    var kind: String {
        switch self {
        case .better: "gain"
        case .worse: "loss"
        case .notShownToBeBetter: "open"
        }
    }
}
