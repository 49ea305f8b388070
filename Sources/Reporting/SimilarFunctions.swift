import ActivationCompiler
import ActivationIR
import EvolveTypes
import Foundation
import Synchronization

/// The candidates of a run whose values and slopes are nearest to a function's, over standard normal pre-activations.
package struct SimilarFunctions: Codable, Sendable {
    package struct Entry: Codable, Sendable {
        package var id: CandidateID
        /// Root mean square of f − g and of f′ − g′ together.
        package var distance: Double
        package var formula: String?
    }

    /// Nearest first.
    package var entries: [Entry]
    /// Candidates that it was compared with: those of the run's first 2,000 slots, and its elites.
    package var compared: Int

    /// At the middles of shares that are equally likely.
    private static let points = (0..<256).map { Normal.quantile((Double($0) + 0.5) / 256) }

    package init(to function: CompiledActivation, in run: RunReader, count: Int = 10) throws {
        guard let own = Self.values(function.gradient) else {
            throw Failure(.badInput, "a function that reads its layer has no place among those of one element")
        }
        let others = try run.comparable()
        let found = Mutex<[Entry]>([])
        DispatchQueue.concurrentPerform(iterations: others.count) { place in
            guard case .compiled(let other) = ActivationPipeline().compile(others[place].source),
                let values = Self.values(other.gradient)
            else { return }
            let square = zip(own, values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            let distance = (square / Double(Self.points.count)).squareRoot()
            guard distance.isFinite else { return }
            let entry = Entry(id: others[place].id, distance: distance, formula: other.formula)
            found.withLock { $0.append(entry) }
        }
        let all = found.withLock { $0.sorted { ($0.distance, $0.id) < ($1.distance, $1.id) } }
        entries = Array(all.prefix(count))
        compared = all.count
    }

    /// Of f, then of f′.
    private static func values(_ gradient: Program) -> [Double]? {
        guard !gradient.readsLayer else { return nil }
        var program = gradient
        program.outputs = Array(gradient.outputs.prefix(2))
        return Interpreter.evaluate(program, inputs: points).flatMap(\.self)
    }
}

package enum SimilarText {
    package static func render(_ similar: SimilarFunctions, _ ink: Ink = .plain) -> String {
        guard !similar.entries.isEmpty else { return "the run has no candidate to compare it with" }
        var columns = Columns([.right, .right, .left])
        columns.add(["candidate", "distance", "formula"])
        for entry in similar.entries {
            columns.add(["\(entry.id)", Figures.loss(entry.distance), FrontText.cut(entry.formula ?? "", to: 50)])
        }
        let head = "Nearest of \(Figures.count(similar.compared)), by values and slopes over normal inputs:"
        return ([ink.heading(head)] + SummaryText.indented(columns.lines)).joined(separator: "\n")
    }
}
