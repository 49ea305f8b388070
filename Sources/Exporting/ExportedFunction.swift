import ActivationCompiler
import ActivationIR

/// A function on its way out of the house: what it computes, and all that the file says of it.
package struct ExportedFunction: Sendable {
    /// Where it comes from.
    package struct Origin: Codable, Hashable, Sendable {
        /// Of the run, or of the file.
        package var name: String
        package var candidate: Int?
        /// Of the whole run, SHA-256.
        package var digest: String?
        /// What was measured, one sentence a line.
        package var findings: [String]
        /// Lines that the licences of models want shown.
        package var attributions: [String]

        package init(
            name: String, candidate: Int? = nil, digest: String? = nil, findings: [String] = [],
            attributions: [String] = []
        ) {
            self.name = name
            self.candidate = candidate
            self.digest = digest
            self.findings = findings
            self.attributions = attributions
        }
    }

    /// A C identifier in lower case.
    package let name: String
    package let compiled: CompiledActivation
    package let origin: Origin

    package init(name: String, compiled: CompiledActivation, origin: Origin) {
        self.name = name
        self.compiled = compiled
        self.origin = origin
    }

    var program: Program { compiled.program }
    var gradient: Program { compiled.gradient }
    /// Those that are trained; parameters behind them have no influence.
    var parameters: [Parameter] { Array(gradient.parameters.prefix(gradient.outputs.count - 2)) }
    var readsLayer: Bool { gradient.readsLayer }
}

/// Values of a function by the reference interpreter, for who wants to check a file.
package struct TestValues: Codable, Hashable, Sendable {
    /// [batch × units]; of a function of one element, one row.
    package var x: [[Double]]
    /// dL/dy: ones, or something uneven where elements depend on each other.
    package var g: [[Double]]
    package var y: [[Double]]
    /// dL/dx.
    package var dx: [[Double]]
    /// dL/dp, for each parameter.
    package var dp: [Double]

    /// - Parameter x: [batch × units].
    package init(_ function: ExportedFunction, x: [[Double]]) {
        self.x = x
        let isLayer = function.readsLayer
        g = x.enumerated().map { row, values in
            values.indices.map { isLayer ? 1 + 0.25 * Double((row * 7 + $0 * 3) % 5) : 1 }
        }
        let outputs = Interpreter.evaluateLayer(function.gradient, x: x, cotangent: g)
        y = outputs[0]
        dx = outputs[1]
        dp = outputs.dropFirst(2).map { $0.joined().reduce(0, +) }
    }

    /// A few, for the file itself.
    package init(_ function: ExportedFunction) {
        self.init(
            function,
            x: function.readsLayer
                ? [[-1.5, -0.5, 0.25, 2], [1, -2, 0.5, 0.125], [3, 0, -0.75, -1]]
                : [[-4, -2, -1, -0.5, 0, 0.5, 1, 2, 4]])
    }
}
