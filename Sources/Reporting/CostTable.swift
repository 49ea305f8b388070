import ActivationCompiler
import ActivationPasses
import Foundation

/// What a function costs, operations per element for value and derivatives, and in which lines of its source.
package struct CostTable: Codable, Hashable, Sendable {
    package var arithmetic: Double
    package var transcendental: Double
    package var total: Double
    package var lines: [Line]

    package struct Line: Codable, Hashable, Sendable {
        /// 0: operations of no line.
        package var line: Int
        package var arithmetic: Double
        package var transcendental: Double
        package var total: Double
        package var text: String
    }

    package init(_ candidate: CompiledActivation) {
        arithmetic = candidate.cost.arithmetic
        transcendental = candidate.cost.transcendental
        total = candidate.cost.total
        let source = candidate.source.split(separator: "\n", omittingEmptySubsequences: false)
        lines = Cost.byLine(gradient: candidate.gradient).sorted { $0.key < $1.key }.map { number, cost in
            Line(
                line: number, arithmetic: cost.arithmetic, transcendental: cost.transcendental, total: cost.total,
                text: source.indices.contains(number - 1) ? source[number - 1].trimmingCharacters(in: .whitespaces) : ""
            )
        }
    }

    /// Where the cost sits: cost, line and its text; two columns narrower than a terminal.
    package var table: [String] {
        var columns = Columns([.right, .right])
        let costly = lines.filter { $0.total > 0 }
        columns.add(["cost", "line"])
        for line in costly { columns.add([Figures.cost(line.total), "\(line.line)"]) }
        let heads = columns.lines
        return heads.prefix(1)
            + zip(heads.dropFirst(), costly).flatMap { head, line in
                Wrapping.lines(
                    Ink.legible(line.text), first: head + "  ", then: String(repeating: " ", count: head.count + 6),
                    width: Wrapping.width - 2)
            }
    }
}
