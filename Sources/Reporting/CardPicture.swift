import ActivationCompiler
import ActivationIR

/// f and f′ on [−6, 6], at the initial values of trainables.
struct CardPicture: Sendable {
    private let curves: [[Double]]

    /// Nil of a text that is no function of one element.
    init?(_ source: String) {
        guard case .compiled(let compiled) = ActivationPipeline().compile(source), !compiled.gradient.readsLayer else {
            return nil
        }
        let x = (0...480).map { -6 + 12 * Double($0) / 480 }
        curves = Array(Interpreter.evaluate(compiled.gradient, inputs: x).prefix(2))
    }

    var lines: [String] {
        ["f (full) and f′ (dotted)"] + TerminalPlot.lines(curves, labels: ("-6", "6"))
    }
}
