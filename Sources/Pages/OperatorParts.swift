import EvolveTypes
import Foundation
import Population
import Reporting

/// What an operator's proposals came to.
struct OperatorPart {
    struct Share {
        var kind: String
        var percent: String
        var words: String
    }

    var name: String
    var proposed: String
    var scored: String
    var shares: [Share]
    var outcomes: String

    private static let kinds = [
        ("scored", ["scored"]), ("raced", ["raced out"]), ("duplicate", ["duplicate"]),
        ("refused", ["refused", "unsound", "too costly"]),
        ("failed", ["unanswered", "diverged", "crashed", "timed out"]),
    ]

    init(_ yield: RunSummary.OperatorYield) {
        name = yield.variation
        proposed = Figures.count(yield.proposed)
        // A re-test scores no candidate: it measures one again.
        let isRetest = yield.variation == VariationOperator.retest.rawValue
        scored = isRetest ? "–" : Figures.count(yield.verdicts["scored"] ?? 0)
        let verdicts = yield.verdicts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        outcomes = verdicts.map { "\(Figures.count($0.value)) \($0.key)" }.joined(separator: ", ")
        shares = Self.kinds.compactMap { kind, names in
            let count = names.reduce(0) { $0 + (yield.verdicts[$1] ?? 0) }
            guard count > 0 else { return nil }
            let share = Double(count) / Double(max(yield.proposed, 1))
            return Share(
                kind: kind, percent: Figures.share(share),
                words:
                    "\(names.filter { yield.verdicts[$0] != nil }.joined(separator: ", ")): \(Figures.share(share)) %"
                    .typeset)
        }
    }
}

struct ArmPart {
    var name: String
    var gain: String
    var cost: String
    var factor: String

    init(_ arm: RunSummary.ArmState) {
        name = arm.variation + (arm.model.map { ", \($0)" } ?? "")
        gain = Figures.gain(100 * arm.gain).typeset
        cost = Figures.count(Int(arm.cost))
        factor = "×\u{A0}" + String(format: "%.2f", arm.factor)
    }
}

/// How varied proposals are.
struct VarietyPart {
    struct Row {
        var name: String
        var read: String
        var spreads: [String]
    }

    /// What is proposed most often.
    struct Head {
        var title: String
        var shares: [Share]
    }

    struct Share {
        var percent: String
        var name: String
    }

    var rows: [Row]
    var heads: [Head]

    /// - Returns: nil where no proposal could be read.
    init?(_ tail: ProposalTail) {
        guard let all = tail.parts.first, all.read > 0 else { return nil }
        rows = tail.parts.map { part in
            Row(
                name: part.name, read: Figures.count(part.read),
                spreads: [part.functions, part.motifs, part.cells, part.behaviours].map {
                    let number =
                        $0.effective < 1_000 ? Figures.rate($0.effective) : Figures.count(Int($0.effective))
                    return "\(number) (\(Figures.share($0.topTen)) %)".typeset
                })
        }
        heads = [("Functions", all.functions), ("Motifs", all.motifs), ("Cells", all.cells)].map { title, spread in
            Head(
                title: "\(title) (\(Figures.count(spread.distinct)) in all)",
                shares: spread.head.map {
                    Share(percent: Figures.share(Double($0.count) / Double(all.read)), name: $0.name)
                })
        }
    }
}

struct SpendPart {
    var name: String
    var calls: String
    var failures: String
    var requests: String
    var read: String
    var written: String
    var dollars: String

    static func parts(_ summary: RunSummary) -> [SpendPart] {
        summary.models.map { model in
            SpendPart(
                name: model.name, calls: Figures.count(model.calls), failures: Figures.count(model.failures),
                requests: Figures.count(model.spend.requests) + most(model.budget?.requests.map { Figures.count($0) }),
                read: Figures.count(model.spend.promptTokens), written: Figures.count(model.spend.completionTokens),
                dollars: Figures.dollars(model.spend.dollars) + most(model.budget?.dollars.map { Figures.dollars($0) }))
        }
    }

    private static func most(_ text: String?) -> String { text.map { " of \($0)" } ?? "" }
}
