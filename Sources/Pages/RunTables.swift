import EvolveTypes
import Population
import Reporting

/// An island's archive: slope far left by slope far right.
struct ArchivePart {
    struct Row {
        var left: String
        var cells: [Cell]
    }

    struct Cell {
        var text: String
        var holder: String?
        var shade: String
    }

    var name: String
    var slots: String
    var held: String
    var right: [String]
    var rows: [Row]

    init(_ island: ArchiveMap.Island, cells: Int) {
        name = island.name
        slots = Figures.count(island.slots)
        held = "\(island.holders.count) of \(cells)"
        let slopes = ArchiveCell.Slope.allCases
        right = slopes.map(\.rawValue)
        rows = slopes.map { left in
            Row(
                left: left.rawValue,
                cells: slopes.map { right in
                    guard let field = island.field(left: left, right: right) else {
                        return Cell(text: "·", holder: nil, shade: "none")
                    }
                    let (best, held) = field
                    return Cell(
                        text: Figures.gain(best.believed.mean),
                        holder: "\(best.id)\(best.isSeed ? " (seed)" : ""); \(held) held",
                        shade: GainCell.shade(best.believed.mean))
                })
        }
    }
}

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
        ("scored", ["scored", "re-tested"]), ("raced", ["raced out"]), ("duplicate", ["duplicate"]),
        ("refused", ["refused", "unsound", "too costly"]),
        ("failed", ["unanswered", "diverged", "crashed", "timed out"]),
    ]

    init(_ yield: RunSummary.OperatorYield) {
        name = yield.variation
        proposed = Figures.count(yield.proposed)
        scored = Figures.count(yield.verdicts["scored"] ?? 0)
        let verdicts = yield.verdicts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        outcomes = verdicts.map { "\(Figures.count($0.value)) \($0.key)" }.joined(separator: ", ")
        shares = Self.kinds.compactMap { kind, names in
            let count = names.reduce(0) { $0 + (yield.verdicts[$1] ?? 0) }
            guard count > 0 else { return nil }
            let share = Double(count) / Double(max(yield.proposed, 1))
            return Share(
                kind: kind, percent: Figures.share(share),
                words:
                    "\(names.filter { yield.verdicts[$0] != nil }.joined(separator: ", ")): \(Figures.share(share)) %")
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
        gain = Figures.gain(arm.gain)
        cost = Figures.count(Int(arm.cost))
        factor = "× " + Figures.plain((arm.factor * 100).rounded() / 100)
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
                    "\(Figures.rate($0.effective)) (\(Figures.share($0.topTen)) %)"
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
