import ActivationCompiler
import ActivationIR

/// f and f′ on a grid, at the initial values of trainables.
package struct FunctionCurves: Sendable {
    package let x: [Double]
    package let f: [Double]
    package let slope: [Double]

    /// Nil of a text that is no function of one element.
    package init?(_ source: String, on range: ClosedRange<Double>, points: Int) {
        guard case .compiled(let compiled) = ActivationPipeline().compile(source), !compiled.gradient.readsLayer else {
            return nil
        }
        let width = range.upperBound - range.lowerBound
        x = (0..<points).map { range.lowerBound + width * Double($0) / Double(points - 1) }
        let results = Interpreter.evaluate(compiled.gradient, inputs: x)
        (f, slope) = (results[0], results[1])
    }
}
