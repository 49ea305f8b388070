import ActivationIR

/// A function divided by the root of its second moment, so that what it hands on has a second moment of 1 where its own
/// inputs have one.
///
/// With weights of variance 1 / fan-in and standardised inputs every layer's pre-activations then start with unit second
/// moment, whatever the function: two functions compared in this form differ in shape, not in the size of their outputs and
/// with it in the size of the steps.
package enum UnitMoment {
    /// √E[f(Z)²] for a standard normal Z, trainable values at their initial ones.
    /// - Returns: nil when it is 0 or not finite.
    package static func of(_ program: Program) -> Double? {
        let moment = program.readsLayer ? layerMoment(program) : elementMoment(program)
        guard moment.isFinite, moment > 1e-12 else { return nil }
        return moment.squareRoot()
    }

    /// - Returns: nil when the function has no such form.
    package static func normalised(_ program: Program) -> Program? {
        guard let scale = of(program) else { return nil }
        var builder = ProgramBuilder(extending: program)
        let factor = builder.constant(1 / scale)
        let output = builder.binary(.multiply, factor, program.outputs[0])
        return Simplifier.run(builder.finish(outputs: [output]))
    }

    /// The trapezoid rule on ±8, which is as good as exact for what is smooth, and within 1e-3 where it has kinks and jumps.
    private static func elementMoment(_ program: Program) -> Double {
        let points = (0...16_000).map { -8 + Double($0) / 1000 }
        let weights = points.map { Normal.density($0) }
        let values = Interpreter.evaluate(program, inputs: points)[0]
        let total = weights.reduce(0, +)
        return zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } / total
    }

    /// The mean over a layer of 64 × 32 whose values lie at normal quantiles.
    private static func layerMoment(_ program: Program) -> Double {
        let (batch, units) = (64, 32)
        let layer = LayerSample.spread(batch, units, size: 0.5).map { row in row.map { Normal.quantile($0 + 0.5) } }
        let values = Interpreter.evaluateLayer(program, x: layer)[0].flatMap(\.self)
        return values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    }
}
