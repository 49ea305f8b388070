import ActivationIR

/// What one evaluation of an activation costs, in additions per element.
package struct Cost: Codable, Hashable, Sendable {
    package var arithmetic: Double
    package var transcendental: Double
    package var total: Double { arithmetic + transcendental }

    package init(arithmetic: Double, transcendental: Double) {
        self.arithmetic = arithmetic
        self.transcendental = transcendental
    }

    /// The cost of the program's outputs, simplified. What does not depend on the pre-activation is computed once a layer
    /// and counts nothing. Of a program that reads its layer, what is computed once a sample or once a unit counts as on a
    /// layer of 32 × 32, and what is computed once a layer counts nothing; a statistic or a shift is a pass over all
    /// elements wherever it stands.
    package static func of(_ program: Program) -> Cost {
        byLine(program).values.reduce(into: Cost(arithmetic: 0, transcendental: 0)) { total, line in
            total.arithmetic += line.arithmetic
            total.transcendental += line.transcendental
        }
    }

    /// The same, by source line (0: operations that passes made). Lines that cost nothing are left out.
    package static func byLine(_ program: Program) -> [Int: Cost] {
        let simple = Simplifier.run(program)
        var lines: [Int: Cost] = [:]
        for (node, extent) in zip(simple.nodes, simple.extents) {
            let info = OperatorTable[node.op]
            let share = info.readsLayer ? 1 : Self.share(extent)
            guard share > 0, info.cost != .free else { continue }
            let cost = lines[node.line] ?? Cost(arithmetic: 0, transcendental: 0)
            lines[node.line] =
                if case .transcendental(let amount) = info.cost {
                    Cost(arithmetic: cost.arithmetic, transcendental: cost.transcendental + share * amount)
                } else {
                    Cost(arithmetic: cost.arithmetic + share * info.cost.amount, transcendental: cost.transcendental)
                }
        }
        return lines
    }

    /// How many of a layer's elements compute a value of this extent.
    private static func share(_ extent: LayerExtent) -> Double {
        extent == .element ? 1 : extent.isEmpty ? 0 : 1.0 / 32
    }
}
