import ActivationCompiler
import ActivationIR

/// A function on its way out of the house: what it computes, and all that the file says of it.
package struct ExportedFunction: Sendable {
    /// Where it comes from.
    package struct Origin: Codable, Hashable, Sendable {
        /// Who made the function.
        package enum Maker: String, Codable, Sendable {
            /// Whoever wrote the file.
            case file
            /// Whoever published it: it is of the library.
            case known
            /// The same: the search began with it.
            case seed
            /// An operator of the search, out of seed programs.
            case search
            /// Language models, or the search out of what they proposed.
            case model
        }

        package var maker: Maker
        /// The language models that proposed it or an ancestor of it.
        package var models: [String]
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
            _ maker: Maker, name: String, models: [String] = [], candidate: Int? = nil, digest: String? = nil,
            findings: [String] = [], attributions: [String] = []
        ) {
            self.maker = maker
            self.models = models
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
    /// dL/dy: uneven, so that nothing cancels and no two elements can be taken for each other.
    package var g: [[Double]]
    package var y: [[Double]]
    /// dL/dx.
    package var dx: [[Double]]
    /// dL/dp, for each parameter.
    package var dp: [Double]

    /// - Parameter x: [batch × units].
    package init(_ function: ExportedFunction, x: [[Double]]) {
        self.x = x
        let g = x.enumerated().map { row, values in
            values.indices.map { 1 + 0.25 * Double((row * 7 + $0 * 3) % 5) }
        }
        self.g = g
        let outputs = Interpreter.evaluateLayer(function.gradient, x: x, cotangent: g)
        y = outputs[0]
        // Of one element, the gradient program yields df/dx and df/dp.
        let parts = outputs.dropFirst().map { output in
            function.readsLayer
                ? output : zip(output, g).map { slopes, factors in zip(slopes, factors).map { $0 * $1 } }
        }
        dx = parts[0]
        dp = parts.dropFirst().map { $0.joined().reduce(0, +) }
    }

    /// A few, for the file itself.
    package init(_ function: ExportedFunction) {
        self.init(
            function,
            x: function.readsLayer
                ? [[-1.5, -0.5, 0.25, 2], [1, -2, 0.5, 0.125], [3, 0, -0.75, -1]]
                : [[-4.1, -2.3, -1.2, -0.45, 0, 0.35, 1.1, 2.2, 4.3]])
    }
}
