import Foundation
import RunStore

/// How concentrated a run's proposals are: what is proposed over and over, and how much is out in the tail.
///
/// Seeds and re-tests are not counted: they propose nothing.
package struct ProposalTail: Encodable, Sendable {
    package struct Share: Encodable, Hashable, Sendable {
        package var name: String
        /// Proposals that have it.
        package var count: Int
    }

    /// How often the things of one kind occur.
    package struct Spread: Encodable, Sendable {
        package var distinct: Int
        /// Exp of the entropy of their shares: as varied as so many equally frequent ones (Hill 1973). Grows with the number of
        /// proposals: compare equal numbers.
        package var effective: Double
        /// Share of the ten most frequent.
        package var topTen: Double
        /// The most frequent, those first.
        package var head: [Share]
    }

    /// What one operator proposed, or one model through it.
    package struct Part: Encodable, Sendable {
        /// nil = all together.
        package var variation: String?
        package var model: String?
        package var proposals: Int
        /// Those that are a function of the language, which the rest is counted over.
        package var read: Int
        package var functions: Spread
        package var motifs: Spread
        package var cells: Spread
        package var behaviours: Spread
    }

    /// All together, then by operator and model.
    package var parts: [Part]

    /// Reads the whole journal, and every function in it anew.
    package init(_ store: any RunStore) throws {
        var census = ProposalCensus()
        try store.forEachSlot { census.add($0) }
        census.readAll()
        self.init(census)
    }

    package init(_ records: [SlotRecord]) {
        var census = ProposalCensus()
        for record in records { census.add(record) }
        census.readAll()
        self.init(census)
    }

    /// - Parameter census: in which nothing waits to be read.
    package init(_ census: ProposalCensus) {
        parts = census.counts.sorted { $0.key < $1.key }.map { Part($0.key, $0.value) }
    }
}

extension ProposalTail.Part {
    /// Operator and model, or "all".
    package var name: String { variation.map { $0 + (model.map { ", \($0)" } ?? "") } ?? "all" }

    fileprivate init(_ key: ProposalCensus.Key, _ counts: ProposalCensus.Counts) {
        variation = key.variation
        model = key.model
        proposals = counts.proposals
        read = counts.read
        functions = ProposalTail.Spread(counts.functions)
        motifs = ProposalTail.Spread(counts.motifs)
        cells = ProposalTail.Spread(counts.cells)
        behaviours = ProposalTail.Spread(counts.behaviours)
    }
}

extension ProposalTail.Spread {
    private static let headSize = 10

    /// - Parameter counts: of each thing, above 0.
    package init(_ counts: [String: Int]) {
        let total = Double(counts.values.reduce(0, +))
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let top = sorted.prefix(Self.headSize)
        distinct = counts.count
        // In the order of the counts, so that the sum does not depend on the dictionary's.
        effective =
            counts.isEmpty
            ? 0 : exp(-sorted.reduce(0) { $0 + Double($1.value) / total * log(Double($1.value) / total) })
        topTen = total > 0 ? Double(top.reduce(0) { $0 + $1.value }) / total : 0
        head = top.map { ProposalTail.Share(name: $0.key, count: $0.value) }
    }
}

/// `ProposalTail` in words, at most 80 columns wide.
package enum TailText {
    package static func render(_ tail: ProposalTail, _ ink: Ink = .plain) -> String {
        guard let all = tail.parts.first, all.read > 0 else { return "no proposal could be read yet" }
        var columns = Columns([.left, .right, .right, .right, .right, .right])
        columns.add(["operator", "read", "functions", "motifs", "cells", "behaviours"])
        columns.add(["", ""] + Array(repeating: "eff. top", count: 4))
        for part in tail.parts {
            columns.add(
                [part.name, "\(part.read)"]
                    + [part.functions, part.motifs, part.cells, part.behaviours].map {
                        "\(Figures.rate($0.effective)) \(Int((100 * $0.topTen).rounded()))%"
                    })
        }
        var lines = [
            ink.heading("How varied proposals are") + ": of each kind the effective number (exp of the",
            "entropy: as varied as so many equally frequent ones; it grows with the number",
            "read), and the share of the ten most frequent (top)",
        ]
        lines += SummaryText.indented(columns.lines)
        for (title, spread) in [("functions", all.functions), ("motifs", all.motifs), ("cells", all.cells)] {
            lines += ["", ink.heading("Most frequent \(title)") + " (\(spread.distinct) in all)"]
            var heads = Columns([.right, .left])
            for share in spread.head {
                heads.add(["\(Int((100 * Double(share.count) / Double(all.read)).rounded()))%", share.name])
            }
            lines += SummaryText.indented(heads.lines)
        }
        return lines.joined(separator: "\n")
    }
}
