import ActivationIR

/// Exact derivatives by reverse mode over the operator table's rules.
///
/// An adjoint (dy/d node) flows from the output to the operands, each time multiplied by a partial derivative. An arm that
/// a select did not take must get exactly zero, also where the arm's own derivatives are infinite or NaN. Two means:
/// - A partial that is a choice between something and zero becomes a guard of the adjoint. Guards stay outside the
///   products; they become selects where adjoints with different guards meet in one operation, or at the end.
/// - An adjoint that may be zero on purpose, because guards were resolved in it, because it passed a saturated function
///   (tanh far out) or an infinite divisor, is masked: it meets a partial that is not known to be finite in a
///   `maskedMultiply`, where zero wins.
///
/// Near a removable singularity the parts of a quotient's derivative are infinite and cancel: cos(x)/x − sin(x)/x² at a
/// denormal x. So the divisor stays outside the products too, until all parts have met: (cos(x) − sin(x)/x)/x is 0 there.
package enum Gradient {
    /// An element's slope says nothing where values depend on other elements. There the reverse program starts from an
    /// input `cotangent`, dL/dy of every element, and gives dL/dx; a statistic hands its adjoint on by its `adjoint` rule.
    ///
    /// - Parameters:
    ///   - program: verified, with one output y.
    ///   - isSimplified: whether `program` came from `Simplifier.run`.
    ///   - observe: hears of the sweep's outcome and of every pass over it.
    /// - Returns: a program with outputs y, dy/dx, then dy/dp for each parameter of `program`; of a program that reads its
    ///   layer y, dL/dx, then for each parameter the element's part of dL/dp, to be summed over the layer. Simplified.
    package static func differentiate(
        _ program: Program, isSimplified: Bool = false, observe: PassObserver? = nil
    ) -> Program {
        precondition(program.outputs.count == 1, "an activation has one output")
        let forward = isSimplified ? program : Simplifier.reduce(program)
        let y = forward.outputs[0]
        var sweep = ReverseSweep(forward)
        let seed =
            forward.readsLayer ? sweep.editor.builder.append(.cotangent) : sweep.editor.builder.constant(1)
        sweep.run(from: y, seed: seed)
        let zero = sweep.editor.builder.constant(0)
        var outputs = [y, zero] + forward.parameters.map { _ in zero }
        for (id, node) in forward.nodes.enumerated() {
            guard let adjoint = sweep.adjoint(of: id) else { continue }
            if node.op == .input { outputs[1] = adjoint }
            if node.op == .parameter { outputs[2 + Int(node.payload)] = adjoint }
        }
        let swept = sweep.editor.builder.finish(outputs: outputs)
        observe?(PassRecord(pass: FrontEndPass.reverse, stage: .gradient, program: swept))
        let gradient = Simplifier.reduce(swept, stage: .gradient, observe: observe)
        observe?(PassRecord(pass: FrontEndPass.gradient, stage: .gradient, program: gradient))
        return gradient
    }
}
