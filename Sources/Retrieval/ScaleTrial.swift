import ActivationIR
import Foundation

/// A query at other input scales.
struct ScaleTrial {
    /// ±2^exponent.
    struct Scale: Hashable {
        var exponent: Double
        var isMirrored: Bool

        var value: Double { (isMirrored ? -1 : 1) * exp2(exponent) }

        func moved(by octaves: Double) -> Scale { Scale(exponent: exponent + octaves, isMirrored: isMirrored) }
    }

    /// A row, and the scale at which the query is nearest to it.
    struct Found {
        var row: Int
        var scale: Scale
        var share: Double
        var outputScale: Double
    }

    typealias Scaled = (scale: Scale, behaviour: Behaviour)

    static let coarse: [Scale] = [false, true].flatMap { mirrored in
        (-12...12).map { Scale(exponent: Double($0) / 4, isMirrored: mirrored) }
    }
    /// Octaves of the finer grid's step.
    private static let fine = 1.0 / 32

    let program: Program

    init(_ program: Program) { self.program = program }

    /// At the scales at which there is one.
    func behaviours(_ scales: [Scale]) -> [Scaled] {
        zip(scales, Behaviour.scaled(program, by: scales.map(\.value))).compactMap { scale, behaviour in
            behaviour.map { (scale, $0) }
        }
    }

    /// The best rows of the nearest functions, on the fine grid.
    func measure(_ rows: [Int], _ coarse: [Scaled], in table: BehaviourTable, owners: Int) -> [Found] {
        var grids: [Scale: [Scaled]] = [:]
        let found = rows.compactMap { row -> Found? in
            guard let near = Self.best(coarse, row, table) else { return nil }
            if grids[near.scale] == nil {
                // The scale itself too: it is there even where its neighbours have no behaviour.
                grids[near.scale] = behaviours((-8...8).map { near.scale.moved(by: Double($0) * Self.fine) })
            }
            return grids[near.scale].flatMap { Self.best($0, row, table) }
        }
        return Ranking.firstOfEach(Self.sorted(found), table, owners) { $0.row }
    }

    /// Golden section around each one's scale, all at once: a call of the interpreter costs as much as some hundred values.
    func refine(_ found: [Found], in table: BehaviourTable) -> [Found] {
        let ratio = (5.0.squareRoot() - 1) / 2
        var best = found
        var low = found.map { $0.scale.exponent - Self.fine }
        var high = found.map { $0.scale.exponent + Self.fine }
        for _ in 0..<Self.steps {
            let inner = found.indices.flatMap { place in
                [high[place] - ratio * (high[place] - low[place]), low[place] + ratio * (high[place] - low[place])].map
                {
                    Scale(exponent: $0, isMirrored: found[place].scale.isMirrored)
                }
            }
            let behaviours = Behaviour.scaled(program, by: inner.map(\.value))
            for place in found.indices {
                let pair = [2 * place, 2 * place + 1].map { index in
                    behaviours[index].map { Self.found($0, inner[index], found[place].row, table) }
                }
                for trial in pair { if let trial, trial.share < best[place].share { best[place] = trial } }
                if (pair[0]?.share ?? .infinity) <= (pair[1]?.share ?? .infinity) {
                    high[place] = inner[2 * place + 1].exponent
                } else {
                    low[place] = inner[2 * place].exponent
                }
            }
        }
        return Self.sorted(best)
    }

    /// To 1e-7 octaves.
    private static let steps = 28

    private static func best(_ scaled: [Scaled], _ row: Int, _ table: BehaviourTable) -> Found? {
        scaled.map { found($0.behaviour, $0.scale, row, table) }.min { $0.share < $1.share }
    }

    private static func found(_ query: Behaviour, _ scale: Scale, _ row: Int, _ table: BehaviourTable) -> Found {
        let (share, outputScale) = query.curve.withUnsafeBufferPointer { q in
            table.withCurve(row) { Curves.distanceUpToScale(of: $0, from: q) }
        }
        return Found(row: row, scale: scale, share: share, outputScale: outputScale)
    }

    private static func sorted(_ found: [Found]) -> [Found] {
        found.sorted { ($0.share, $0.row) < ($1.share, $1.row) }
    }
}
