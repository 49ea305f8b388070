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

    /// - Parameter gradient: outputs y, dy/dx, then dy/dp for each parameter; simplified.
    package static func of(gradient: Program) -> Cost {
        byLine(gradient: gradient).values.reduce(into: Cost(arithmetic: 0, transcendental: 0)) { total, line in
            total.arithmetic += line.arithmetic
            total.transcendental += line.transcendental
        }
    }

    /// The same, by source line of the operation or of the operation it differentiates (0: of no line). Lines that cost
    /// nothing are left out.
    package static func byLine(gradient: Program) -> [Int: Cost] {
        let (live, depends) = (gradient.isLive, gradient.dependsOnInput)
        var lines: [Int: Cost] = [:]
        var decays: Set<ValueID> = []
        for (id, node) in gradient.nodes.enumerated() {
            if node.op == .parameter {
                lines[node.line, default: Cost(arithmetic: 0, transcendental: 0)].arithmetic += storedSlope
            }
            guard live[id], depends[id] else { continue }
            let row = OperatorTable[node.op]
            switch row.cost {
            case .free: break
            case .arithmetic(let amount):
                lines[node.line, default: Cost(arithmetic: 0, transcendental: 0)].arithmetic += amount
            case .transcendental(let amount):
                let isShared = row.startsWithDecay && !decays.insert(node.operands[0]).inserted
                lines[node.line, default: Cost(arithmetic: 0, transcendental: 0)].transcendental +=
                    isShared ? amount - OperatorTable[.exp].cost.amount : amount
            }
        }
        return lines
    }
}
