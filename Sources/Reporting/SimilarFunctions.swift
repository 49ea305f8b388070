import ActivationCompiler
import ActivationIR
import EvolveTypes
import Retrieval

/// The candidates of runs whose values and slopes are nearest to a function's, over standard normal pre-activations.
package struct SimilarFunctions: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        /// Of several runs, its store.
        package var store: String?
        package var id: CandidateID
        /// Root mean square of f − g and of f′ − g′ together; up to scale, as a share of the candidate's own, from 0 to 1.
        package var distance: Double
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
            let (formula, part) = try Self.formulas(of: slot, node: match.node, in: runs[run].reader)
            return Entry(
                store: runs.count > 1 ? runs[run].store : nil, id: slot, distance: match.distance, formula: formula,
                part: part, inputScale: request.upToScale ? match.inputScale : nil,
                outputScale: request.upToScale ? match.outputScale : nil)
        }
        compared = runs.reduce(0) { $0 + $1.behaviours.table.functions }
        leftOut = runs.reduce(0) { $0 + $1.behaviours.without }
        isFar = answer.isFar
        upToScale = request.upToScale
    }

    private static func formulas(
        of slot: Int, node: ValueID?, in run: RunReader
    ) throws -> (whole: String?, part: String?) {
        guard let source = try run.record(of: slot).source,
            case .compiled(var function) = ActivationPipeline().compile(source)
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
        let manyStores = similar.entries.contains { $0.store != nil }
        let hasParts = similar.entries.contains { $0.part != nil }
        /// Of all columns those that say something.
        func shown<Cell>(_ store: Cell, _ id: Cell, _ distance: Cell, _ scaled: Cell, _ part: Cell, _ formula: Cell)
            -> [Cell]
        {
            let cells = [
                (store, manyStores), (id, true), (distance, true), (scaled, similar.upToScale), (part, hasParts),
            ]
            return cells.filter(\.1).map(\.0) + [formula]
        }
        var columns = Columns(shown(.left, .right, .right, .left, .left, .left))
        columns.add(shown("store", "candidate", "distance", "at", "its part", "formula"))
        for entry in similar.entries {
            columns.add(
                shown(
                    entry.store ?? "", "\(entry.id)", Figures.loss(entry.distance), scaled(entry),
                    FrontText.cut(entry.part ?? "all of it", to: 30), FrontText.cut(entry.formula ?? "", to: 50)))
        }
        let head =
            "Nearest of \(Figures.count(similar.compared)), by values and slopes over normal inputs"
            + (similar.upToScale ? ", up to scale:" : ":")
        var lines = [ink.heading(head)] + SummaryText.indented(columns.lines)
        if similar.isFar == true {
            lines.append("Far from everything: they are nearer to each other than it is to any.")
        }
        if similar.leftOut > 0 {
            lines.append(
                "Left out: \(Figures.count(similar.leftOut)) that read their layer, or are not finite everywhere.")
        }
        return lines.joined(separator: "\n")
    }

    /// "-3·f(0.5·x)".
    private static func scaled(_ entry: SimilarFunctions.Entry) -> String {
        func factor(_ value: Double?) -> String {
            let text = Figures.loss(value ?? 1)
            return text == "1" ? "" : text == "-1" ? "−" : text.replacing("-", with: "−") + "·"
        }
        return "\(factor(entry.outputScale))f(\(factor(entry.inputScale))x)"
    }
}
