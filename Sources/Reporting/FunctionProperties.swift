import ActivationIR
import Foundation

/// What a function is like, found by evaluating it: nothing of it is proved.
///
/// Of functions of one element, at the initial values of their trainables; shape and slopes on [−10, 10].
package struct FunctionProperties: Codable, Hashable, Sendable {
    package enum Trend: String, Codable, Sendable { case increasing, decreasing, neither }

    package var left: FunctionTail
    package var right: FunctionTail
    /// f(0) and f′(0).
    package var atZero: [Double]
    /// Where it is 0, whether it goes on to the other sign or not; ascending.
    package var zeros: [Double]
    /// Stretches on which it is 0: from, to.
    package var flats: [[Double]]
    /// Where its value jumps: x, and the values at both sides.
    package var jumps: [[Double]]
    /// Where it turns: x and f(x).
    package var turns: [[Double]]
    package var trend: Trend
    /// The largest |f′| that was found, and where: no Lipschitz constant of a function without jumps is smaller.
    package var lipschitz: [Double]
    /// Over standard normal pre-activations: E f, E f², E f′².
    package var mean: Double
    package var secondMoment: Double
    package var slopeMoment: Double
    /// What becomes of standard normal inputs in a deep network at its initialisation, layer by layer, as the trainer sets it up:
    /// weights of variance 1 / fan-in, wide layers, no biases (Poole et al. 2016).
    package var layers: [Layer]
    /// The standard deviation of weights, times √fan-in, that keeps the mean square of 1 from layer to layer (the `gain` of
    /// torch.nn.init); nil of a function that is 0 on normal inputs.
    package var keepingGain: Double?
    /// What the mean square of a gradient is multiplied by in each layer then; nil likewise.
    package var keptSlope: Double?

    /// Of a layer's outputs, over its units.
    package struct Layer: Codable, Hashable, Sendable {
        package var mean: Double
        package var variance: Double
        /// The mean square of the gradient by the inputs' pre-activations, as a share of that by this layer's outputs.
        package var slope: Double
    }

    private static let depth = 8

    /// - Parameter gradient: outputs y, dy/dx and others; nil of a function that reads its layer, or is not finite
    ///   everywhere on [−10, 10].
    package init?(_ gradient: Program) {
        guard !gradient.readsLayer, gradient.outputs.count > 1 else { return nil }
        var two = gradient
        two.outputs = Array(gradient.outputs.prefix(2))
        let program = two
        func evaluate(_ x: [Double]) -> (f: [Double], slope: [Double]) {
            let results = Interpreter.evaluate(program, inputs: x)
            return (results[0], results[1])
        }
        let zero = evaluate([0])
        atZero = [zero.f[0], zero.slope[0]]
        guard let shape = FunctionShape(on: -10...10, evaluate) else { return nil }
        (zeros, flats, jumps, turns) = (shape.zeros, shape.flats, shape.jumps, shape.turns)
        (trend, lipschitz) = (shape.trend, shape.steepest)
        left = FunctionTail(-1) { evaluate($0).f }
        right = FunctionTail(1) { evaluate($0).f }
        let normal = NormalGrid()
        let values = evaluate(normal.points)
        mean = normal.expectation(values.f)
        secondMoment = normal.expectation(values.f.map { $0 * $0 })
        slopeMoment = normal.expectation(values.slope.map { $0 * $0 })
        let numbers = atZero + lipschitz + turns.joined() + [mean, secondMoment, slopeMoment]
        guard numbers.allSatisfy(\.isFinite) else { return nil }
        keepingGain = secondMoment > 0 ? 1 / secondMoment.squareRoot() : nil
        keptSlope = secondMoment > 0 ? slopeMoment / secondMoment : nil
        layers = []
        var (size, gradient) = (1.0, 1.0)
        while layers.count < Self.depth {
            let (f, slopes) = layers.isEmpty ? values : evaluate(normal.points.map { $0 * size.squareRoot() })
            let mean = normal.expectation(f)
            size = normal.expectation(f.map { $0 * $0 })
            gradient *= normal.expectation(slopes.map { $0 * $0 })
            guard size.isFinite, gradient.isFinite else { break }
            layers.append(Layer(mean: mean, variance: max(0, size - mean * mean), slope: gradient))
        }
    }
}

/// Points that standard normal expectations are summed over: midpoints, so that none is at a kink at 0 or at another round number.
private struct NormalGrid {
    let points: [Double]
    private let weights: [Double]

    private static let count = 16_000

    init() {
        let step = 16 / Double(Self.count)
        let points = (0..<Self.count).map { -8 + (Double($0) + 0.5) * step }
        self.points = points
        weights = points.map { Normal.density($0) * step }
    }

    func expectation(_ values: [Double]) -> Double { zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } }
}
