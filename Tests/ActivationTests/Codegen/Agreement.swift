import ActivationCodegen
import ActivationIR
import ActivationPasses

/// How well kernels agree with the interpreter in double precision, and where the comparison means something.
///
/// A value agrees when it is within `tolerance` of the exact one, relative to it or to 0.25 if it is smaller, plus
/// `spreads` times how ill-conditioned the place is: what rounding every step to float32 in the interpreter, and moving x
/// by one unit in the last place, does to the value. `plain` counts those that agree without that allowance. Where the
/// spread is above 0.001 there is nothing to compare; such places are counted as `ill`.
struct Agreement {
    let tolerance: Double
    let spreads: Double
    private(set) var compared = 0
    private(set) var plain = 0
    private(set) var ill = 0
    private(set) var failures: [String] = []

    init(tolerance: Double, spreads: Double) {
        self.tolerance = tolerance
        self.spreads = spreads
    }

    /// Columns of values: the kernel's, and the interpreter's in three ways.
    mutating func note(
        _ name: String, _ columns: [[Float]], exact: [[Double]], rounded: [[Double]], shaken: [[Double]]
    ) {
        for (column, values) in columns.enumerated() {
            for (place, value) in values.enumerated() {
                let reference = exact[column][place]
                let spread = abs(rounded[column][place] - reference) + abs(shaken[column][place] - reference)
                guard spread < 1e-3 * max(1, abs(reference)) else {
                    ill += 1
                    continue
                }
                compared += 1
                let error = abs(Double(value) - reference)
                let allowed = tolerance * max(abs(reference), 0.25)
                if error <= allowed {
                    plain += 1
                } else if !(error <= allowed + spreads * spread) {
                    failures.append("\(name), column \(column), place \(place): \(value), not \(reference)")
                }
            }
        }
    }

    /// The kernel's values, of one sample with so many units.
    @discardableResult
    mutating func note(
        elementwise kernels: CompiledKernels, _ number: Int, _ name: String, _ gradient: Program, _ inputs: [Float]
    ) throws -> (gradient: [[Float]], forward: [Float]) {
        let kernel = try kernels.evaluate(
            number, inputs: inputs, parameters: gradient.parameters.map { Float($0.initial) })
        let doubles = inputs.map(Double.init)
        note(
            name, kernel.gradient, exact: Interpreter.evaluate(gradient, inputs: doubles),
            rounded: Interpreter.evaluate(gradient, inputs: doubles, precision: .single),
            shaken: Interpreter.evaluate(gradient, inputs: doubles.map { $0 * (1 + 0x1p-23) }, precision: .single))
        return kernel
    }
}
