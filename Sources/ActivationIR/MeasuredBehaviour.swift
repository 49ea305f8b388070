import EvolveTypes

extension BehaviourDescriptor {
    /// Measures the gradient program at its initial parameters; nil where a slope is not finite, as beside a pole that the
    /// points of the soundness gate have missed.
    package init?(of gradient: Program) {
        func slopes(from low: Double, to high: Double, points: Int) -> [Double] {
            let grid = (0..<points).map { low + (high - low) * Double($0) / Double(points - 1) }
            return Interpreter.evaluate(gradient, inputs: grid)[1]
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        // Slopes within the quantum of rounding error count as flat, or noise in a plateau would count as turns.
        let middle = slopes(from: -6, to: 6, points: 481)
        let signs = middle.filter { abs($0) > 1e-6 }.map { $0 > 0 }
        let (left, right) = (
            mean(slopes(from: -30, to: -10, points: 101)), mean(slopes(from: 10, to: 30, points: 101))
        )
        guard left.isFinite, right.isFinite, middle.allSatisfy(\.isFinite) else { return nil }
        self.init(
            leftSlope: left, rightSlope: right,
            turns: zip(signs, signs.dropFirst()).count { $0 != $1 })
    }
}
