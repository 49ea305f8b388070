import EvolveTypes

/// The state of a chaotic map some steps later, as a function of the state now. One output for each coordinate.
package struct ChaoticMap: Codable, Hashable, Sendable {
    package enum Rule: Codable, Hashable, Sendable {
        /// x ↦ rate · x (1 − x) on [0, 1] (May 1976).
        case logistic(rate: Double)
        /// (x, y) ↦ (1 − a x² + y, b x) (Hénon 1976).
        case henon(a: Double, b: Double)
    }

    package var rule: Rule
    /// States ahead.
    package var steps: Int

    package init(_ rule: Rule, steps: Int) {
        self.rule = rule
        self.steps = steps
    }

    package var coordinates: Int {
        switch rule {
        case .logistic: 1
        case .henon: 2
        }
    }

    /// The states that tasks are made of, per coordinate. Networks are trained on the middle two thirds.
    package var states: [ClosedRange<Double>] {
        switch rule {
        case .logistic: [0...1]
        case .henon: [-1.5...1.5, -0.45...0.45]
        }
    }

    package func state(after state: [Double]) -> [Double] {
        var state = state
        for _ in 0..<steps {
            switch rule {
            case .logistic(let rate): state = [rate * state[0] * (1 - state[0])]
            case .henon(let a, let b): state = [1 - a * state[0] * state[0] + state[1], b * state[0]]
            }
        }
        return state
    }
}
