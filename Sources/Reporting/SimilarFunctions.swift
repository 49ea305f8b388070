import ActivationCompiler
import ActivationIR
import EvolveTypes
import Foundation
import Retrieval
import RunStore

/// The candidates of runs whose values and slopes are nearest to a function's, over standard normal pre-activations.
package struct SimilarFunctions: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        /// Of several runs, its store.
        package var store: String?
        package var id: CandidateID
        /// Root mean square of f − g and of f′ − g′ together; up to scale, as a share of the candidate's own, from 0 to 1.
        package var distance: Double
        package var verdict: String
        /// Of its first evaluation or, if it fell behind in the race, as far as that went; nil = it was not trained.
        package var gain: Estimate?
        package var formula: String?
        /// The sub-expression that is alike, where it is not the whole.
        package var part: String?
        /// b and a of a·f(b·x), f the function that was asked about; with `upToScale`.
        package var inputScale: Double?
        package var outputScale: Double?
    }

    /// What is asked for.
    package struct Request: Sendable {
        package var search: RetrievalIndex.Request
        package var upToScale: Bool

        package init(search: RetrievalIndex.Request = RetrievalIndex.Request(), upToScale: Bool = false) {
            self.search = search
            self.upToScale = upToScale
        }
    }

    /// A run, as it is called and as it was read.
    package struct Source: Sendable {
        package var store: String
        package var reader: RunReader
        package var behaviours: RunBehaviours

        package init(store: String, reader: RunReader, behaviours: RunBehaviours) {
            self.store = store
            self.reader = reader
            self.behaviours = behaviours
        }
    }

    /// Nearest first.
    package var entries: [Entry]
    /// Functions that it was compared with, and those that have no place among them.
    package var compared: Int
    package var leftOut: Int
    /// Whether it is farther from all of them than they are from each other; nil where there are too few to tell.
    package var isFar: Bool?
    package var upToScale: Bool
    /// Whether the insides of functions were looked at, too.
    package var parts: Bool

    package init(to function: CompiledActivation, in runs: [Source], _ request: Request = Request()) throws {
        var table = BehaviourTable()
        var owners: [(run: Int, slot: Int)] = []
        for (number, run) in runs.enumerated() {
            // Owners of the joined table are places in `owners`.
            table.append(run.behaviours.table, ownersFrom: owners.count)
            owners += (0..<run.behaviours.read).map { (number, $0) }
        }
        let index = RetrievalIndex(table)
        let answer: RetrievalIndex.Answer?
        if request.upToScale {
            answer = index.nearestUpToScale(to: function.program, request.search)
        } else {
            answer = Behaviour(of: function.program).map { index.nearest(to: $0, request.search) }
        }
        guard let answer else {
            throw Failure(
                .badInput,
                function.program.readsLayer
                    ? "a function that reads its layer has no place among those of one element"
                    : "the function is not finite, or too large, where most pre-activations are")
        }
        entries = try answer.matches.map { match in
            let (run, slot) = owners[match.owner]
            let record = try runs[run].reader.record(of: slot)
            let (formula, part) = Self.formulas(of: record, node: match.node)
            return Entry(
                store: runs.count > 1 ? runs[run].store : nil, id: slot, distance: match.distance,
                verdict: record.verdict.name, gain: record.verdict.score?.gain, formula: formula, part: part,
                inputScale: request.upToScale ? match.inputScale : nil,
                outputScale: request.upToScale ? match.outputScale : nil)
        }
        compared = runs.reduce(0) { $0 + $1.behaviours.table.functions }
        leftOut = runs.reduce(0) { $0 + $1.behaviours.without }
        isFar = answer.isFar
        upToScale = request.upToScale
        parts = request.search.granularity == .parts
    }

    private static func formulas(of record: SlotRecord, node: ValueID?) -> (whole: String?, part: String?) {
        guard let source = record.source, case .compiled(var function) = ActivationPipeline().compile(source)
        else { return (nil, nil) }
        let whole = function.formula
        guard let node, function.program.nodes.indices.contains(node) else { return (whole, nil) }
        function.program.outputs = [node]
        return (whole, function.formula)
    }
}

package enum SimilarText {
    package static func render(_ similar: SimilarFunctions, _ ink: Ink = .plain) -> String {
        guard !similar.entries.isEmpty else { return "there is no candidate to compare it with" }
        let head =
            "Nearest of \(Figures.count(similar.compared))" + (similar.parts ? ", whole or a part," : ",")
            + " by values and slopes" + (similar.upToScale ? " up to scale," : "") + " over normal inputs:"
        var lines = Wrapping.lines(head).map { ink.heading($0) } + table(similar)
        if similar.entries.contains(where: { abs($0.inputScale ?? 1) < Self.narrow }) {
            lines += Wrapping.lines(
                "Where the input is scaled down to less than \(Self.narrow), only the middle of a function is seen, which is nearly "
                    + "straight in most.")
        }
        if similar.isFar == true {
            lines.append("Far from everything: they are nearer to each other than it is to any.")
        }
        if similar.leftOut > 0 {
            lines.append(
                "Left out: \(Figures.count(similar.leftOut)) that read their layer, or are not finite everywhere.")
        }
        return lines.joined(separator: "\n")
    }

    private static let narrow = 0.2

    /// A line each; scales and parts leave no room for formulas, which then have lines of their own.
    private static func table(_ similar: SimilarFunctions) -> [String] {
        let manyStores = similar.entries.contains { $0.store != nil }
        let isLong = similar.parts || similar.upToScale
        /// Of all columns those that say something.
        func shown<Cell>(_ store: Cell, _ scale: Cell, _ formula: Cell, _ others: [Cell]) -> [Cell] {
            (manyStores ? [store] : []) + others + (similar.upToScale ? [scale] : []) + (isLong ? [] : [formula])
        }
        var columns = Columns(shown(.left, .left, .left, [.right, .right, .right]))
        columns.add(shown("store", "at", "formula", ["candidate", "distance", "first dB"]))
        for entry in similar.entries {
            let gain = entry.verdict == "scored" ? entry.gain.map { Figures.gain($0.mean) } ?? "–" : entry.verdict
            columns.add(
                shown(
                    Columns.cut(entry.store ?? "", to: 18), scaled(entry), entry.formula ?? "",
                    ["\(entry.id)", Figures.loss(entry.distance), gain]))
        }
        let rows = SummaryText.indented(columns.lines(width: isLong ? nil : 78))
        guard isLong else { return rows }
        let margin = "      "
        return rows.prefix(1)
            + zip(rows.dropFirst(), similar.entries).flatMap { row, entry in
                let formula = entry.formula ?? ""
                let whole = (similar.parts ? "all of " : "") + formula
                let words = entry.part.flatMap { similar.parts ? "\($0)  in  \(formula)" : nil } ?? whole
                return [row] + Wrapping.lines(words, first: margin, then: margin + "  ")
            }
    }

    /// "-3·f(0.5·x)".
    private static func scaled(_ entry: SimilarFunctions.Entry) -> String {
        func factor(_ value: Double?) -> String {
            let text = String(format: "%.3g", value ?? 1)
            return text == "1" ? "" : text == "-1" ? "−" : text.replacing("-", with: "−") + "·"
        }
        return "\(factor(entry.outputScale))f(\(factor(entry.inputScale))x)"
    }
}
