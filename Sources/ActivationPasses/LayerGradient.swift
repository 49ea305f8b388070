import ActivationIR

/// The reverse of an activation over a layer, whatever form its gradient program has.
package struct LayerGradient: Sendable {
    /// [batch × units].
    package var y: [[Double]]
    /// dL/dx, [batch × units].
    package var x: [[Double]]
    /// dL/dp of each trainable.
    package var parameters: [Double]

    /// - Parameters:
    ///   - gradient: what `Gradient.differentiate` gave.
    ///   - cotangent: dL/dy, [batch × units].
    package static func evaluate(
        _ gradient: Program, x: [[Double]], cotangent: [[Double]], parameters: [Double]? = nil,
        precision: Interpreter.Precision = .double
    ) -> LayerGradient {
        let outputs = Interpreter.evaluateLayer(
            gradient, x: x, cotangent: cotangent, parameters: parameters, precision: precision)
        let isReverse = gradient.readsLayer
        let parts = outputs.dropFirst().map { values in
            isReverse ? values : zip(values, cotangent).map { zip($0, $1).map { $0 * $1 } }
        }
        return LayerGradient(
            y: outputs[0], x: parts[0], parameters: parts.dropFirst().map { $0.joined().reduce(0, +) })
    }
}
