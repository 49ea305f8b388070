import EvolveTypes
import Foundation

/// Names an activation by its behaviour: algebraically equal spellings share a fingerprint, different functions do not.
///
/// Taken over the values of every output of the gradient program (y, dy/dx, dy/dp…) on a fixed grid, at the initial
/// parameters and at two settings with all parameters moved by one offset, which tells apart parameters that enter the
/// function differently but have equal slopes at the start.
/// A program that reads its layer is run over two fixed layers instead of the grid.
/// Columns of dy/dp are sorted, so the order in which trainables are declared does not count; a function with
/// trainables has more columns than the same function with constants.
package enum Fingerprint {
    /// 208 points. Off round numbers, for two reasons: kinks sit on round numbers, and there the derivative is a
    /// convention, in which equal functions may differ; and polynomials of dyadic points fall on exact ties of the
    /// quantum, which rounding errors would break at random.
    static let grid: [Double] = {
        let golden = 0.6180339887498949
        let dense = (0..<200).map { index in
            -6 + 0.06 * (Double(index) + (Double(index) * golden).truncatingRemainder(dividingBy: 1))
        }
        let far = [10.0, 30, 100].flatMap { [-$0 - golden, $0 + golden] }
        return dense + far
    }()

    /// Both zeros, where only y is read.
    private static let zeros: [Double] = [0.0, -0.0]
    private static let offsets = [0, 0.13, -0.07]

    /// - Parameter gradient: outputs y, dy/dx, then dy/dp for each parameter.
    /// - Returns: lower-case hexadecimal SHA-256, 64 characters.
    package static func of(gradient: Program) -> String {
        if gradient.readsLayer { return ofLayer(gradient: gradient) }
        var columns = [String](repeating: "", count: gradient.outputs.count)
        // Without parameters the offsets change nothing; their text is then left out.
        for offset in gradient.parameters.isEmpty ? [0] : offsets {
            let parameters = gradient.parameters.map { $0.initial + offset }
            let outputs = Interpreter.evaluate(gradient, inputs: grid + zeros, parameters: parameters)
            for (index, values) in outputs.enumerated() {
                let kept = index == 0 ? values[...] : values.prefix(grid.count)
                write(kept, to: &columns[index])
            }
        }
        let slopes = columns.prefix(2)
        let trainables = columns.dropFirst(2).sorted()
        return Digest.hex((slopes + trainables).joined(separator: "\n"))
    }

    /// Of a reverse program: y and dL/dx of every element and the sums dL/dp, on two layers.
    private static func ofLayer(gradient: Program) -> String {
        var columns = [String](repeating: "", count: gradient.outputs.count)
        for offset in gradient.parameters.isEmpty ? [0] : offsets {
            let parameters = gradient.parameters.map { $0.initial + offset }
            for (batch, units, size) in [(5, 4, 3.0), (3, 7, 6.0)] {
                let outputs = Interpreter.evaluateLayer(
                    gradient, x: LayerSample.spread(batch, units, size: size),
                    cotangent: LayerSample.spread(batch, units, size: 1, start: 100), parameters: parameters)
                for (index, values) in outputs.enumerated() {
                    let flat = values.flatMap { $0 }
                    write(index < 2 ? flat[...] : [flat.reduce(0, +)], to: &columns[index])
                }
            }
        }
        return Digest.hex((["layer"] + columns.prefix(2) + columns.dropFirst(2).sorted()).joined(separator: "\n"))
    }

    /// Values with commas between them, and a semicolon.
    private static func write(_ values: ArraySlice<Double>, to text: inout String) {
        text.reserveCapacity(text.utf8.count + 10 * values.count)
        for (place, value) in values.enumerated() {
            if place > 0 { text += "," }
            write(value, to: &text)
        }
        text += ";"
    }

    /// A value in quanta of 2⁻²⁰, absolute below 1 and relative to the binary exponent above; a word when not finite.
    private static func write(_ value: Double, to text: inout String) {
        if value.isNaN {
            text += "nan"
        } else if value.isInfinite {
            text += value < 0 ? "-inf" : "inf"
        } else {
            var exponent = value == 0 ? 0 : max(0, Int(value.exponent))
            var quanta = (value * scalbn(0x1p20, -exponent)).rounded(.toNearestOrEven)
            if abs(quanta) == 0x1p21 {  // Rounded up to a power of two: written as the power itself is.
                quanta /= 2
                exponent += 1
            }
            text += String(Int(quanta))
            if exponent > 0 {
                text += "e"
                text += String(exponent)
            }
        }
    }
}
