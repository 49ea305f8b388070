import ActivationIR

/// What one element of a layer costs in training: the value and its derivatives, in additions.
///
/// Counted over the gradient program, because that is what the training kernel runs: a sine costs its cosine too, a
/// sigmoid's derivative is nearly free. What does not depend on the pre-activation is computed once a layer and counts
/// nothing. docs/measured/cost.json holds how well this ranks measured times.
package struct Cost: Codable, Hashable, Sendable {
    package var arithmetic: Double
    package var transcendental: Double
    package var total: Double { arithmetic + transcendental }

    package init(arithmetic: Double, transcendental: Double) {
        self.arithmetic = arithmetic
        self.transcendental = transcendental
    }

    /// A trainable's slope is written to memory for every element: as much time as so many additions.
    package static let storedSlope = 3.0

    /// Of a program that reads its layer, what is computed once a sample or once a unit counts as on a layer of 32 × 32,
    /// and what is computed once a layer counts nothing; a statistic or a shift is a pass over all elements wherever it
    /// stands.
    /// - Parameter gradient: outputs y, dy/dx, then dy/dp for each parameter, or a layer program's reverse; simplified.
    package static func of(gradient: Program) -> Cost {
        byLine(gradient: gradient).values.reduce(into: Cost(arithmetic: 0, transcendental: 0)) { total, line in
            total.arithmetic += line.arithmetic
            total.transcendental += line.transcendental
        }
    }

    /// The same, by source line of the operation or of the operation it differentiates (0: of no line). Lines that cost
    /// nothing are left out.
    package static func byLine(gradient: Program) -> [Int: Cost] {
        let (live, extents) = (gradient.isLive, gradient.extents)
        var lines: [Int: Cost] = [:]
        var decays: Set<ValueID> = []
        for (id, node) in gradient.nodes.enumerated() {
            if node.op == .parameter {
                lines[node.line, default: Cost(arithmetic: 0, transcendental: 0)].arithmetic += storedSlope
            }
            let row = OperatorTable[node.op]
            let share = row.readsLayer ? 1 : Self.share(extents[id])
            guard live[id], share > 0 else { continue }
            switch row.cost {
            case .free: break
            case .arithmetic(let amount):
                lines[node.line, default: Cost(arithmetic: 0, transcendental: 0)].arithmetic += share * amount
            case .transcendental(let amount):
                let isShared = row.startsWithDecay && !decays.insert(node.operands[0]).inserted
                lines[node.line, default: Cost(arithmetic: 0, transcendental: 0)].transcendental +=
                    share * (isShared ? amount - OperatorTable[.exp].cost.amount : amount)
            }
        }
        return lines
    }

    /// How many of a layer's elements compute a value of this extent.
    private static func share(_ extent: LayerExtent) -> Double {
        extent == .element ? 1 : extent.isEmpty ? 0 : 1.0 / 32
    }
}
