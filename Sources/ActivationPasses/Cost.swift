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
    /// and counts nothing.
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
        for (node, depends) in zip(simple.nodes, simple.dependsOnInput) where depends {
            switch OperatorTable[node.op].cost {
            case .free: break
            case .arithmetic(let amount):
                lines[node.line, default: Cost(arithmetic: 0, transcendental: 0)].arithmetic += amount
            case .transcendental(let amount):
                lines[node.line, default: Cost(arithmetic: 0, transcendental: 0)].transcendental += amount
            }
        }
        return lines
    }
}
