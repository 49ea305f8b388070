import EvolveTypes
import Foundation

/// Names an activation up to the scale and sign of its input and output: f(x) and a·f(b·x) share it for all a, b ≠ 0.
/// The weights on both sides of a layer can undo such scales, so functions of one key are near-duplicates: what differs
/// between them is initialisation and the size of a training step.
///
/// Method. Let D(s) = 1 − cos² of the angle between the values of f(s·u) and of f(2s·u), u on a grid over [−1, 1]. D moves
/// with b along s and does not see a. The canonical input scale is the smallest s at which D reaches a level, the highest of
/// a ladder that D clearly exceeds anywhere; the canonical output scale is the root mean square there. f is then read on a
/// grid that the first does not share, and of its four mirror images the text that sorts first is hashed. Where D vanishes
/// (ReLU, |x|, x²: every scale is like every other) the input scale is 1.
///
/// Limits: s is looked for from 2⁻¹² to 2¹², so a function whose shape lies outside is read at scale 1; a feature narrower
/// than a sixteenth of an octave may be missed; offsets of input and output are not undone (softplus and −softplus(−x) + x
/// differ); trainables keep their own scales, x·sigmoid(b·x) from b = 1 and from b = 2 differ. Values agree in quanta of
/// 2⁻¹⁰, so nearly equal functions may share the key and, rarely, a rounding on a quantum's edge parts two of one family:
/// a mark for reports, not a reason to refuse.
package enum ScaleFreeFingerprint {
    /// - Parameter program: verified; output y comes first.
    /// - Returns: lower-case hexadecimal SHA-256, 64 characters.
    package static func of(_ program: Program) -> String {
        var program = program
        program.outputs = [program.outputs[0]]
        let scale = inputScale(program)
        let inputs = reading.map { scale * $0 }
        let columns = (program.parameters.isEmpty ? [0] : offsets).map { offset in
            let parameters = program.parameters.map { $0.initial + offset }
            return Interpreter.evaluate(program, inputs: inputs, parameters: parameters)[0]
        }
        // Without the far points, which would make a growing function's middle look like zero.
        let middle = columns[0].dropFirst(16).dropLast(16)
        let size = (middle.reduce(0) { $0 + $1 * $1 } / Double(middle.count)).squareRoot()
        let images = [1.0, -1].flatMap { sign in
            [false, true].map { mirrored in
                columns.map { column in
                    (mirrored ? column.reversed() : column).map { code(sign * $0 / size) }.joined(separator: ",")
                }.joined(separator: ";")
            }
        }
        return Digest.hex("\(program.parameters.count)\n" + (images.min() ?? ""))
    }

    /// Symmetric, so that a mirror image is the reversed column; off round numbers, where kinks sit. Dense near the
    /// canonical scale, then out to 60 times it, where functions that agree at first may part.
    private static let reading: [Double] = {
        let near = (0..<48).map { 0.0237 + 0.0831 * Double($0) + 0.0113 * sin(Double($0)) }
        let right = near + (1...16).map { 3.97 * exp(0.17 * Double($0)) }
        return right.reversed().map { -$0 } + right
    }()

    private static let scanning: [Double] = (0..<64).map { (2 * Double($0) - 63) / 64 }
    private static let ladder = [0.1, 0.01, 1e-3, 1e-4, 1e-5]
    private static let offsets = [0, 0.13, -0.07]
    /// Steps of the scan in an octave, and the octaves on either side of 1.
    private static let steps = 16
    private static let octaves = 12

    private static func inputScale(_ program: Program) -> Double {
        let exponents = (-octaves * steps...octaves * steps).map { Double($0) / Double(steps) }
        let columns = values(program, exponents + (1...steps).map { Double(octaves) + Double($0) / Double(steps) })
        let scan = exponents.indices.map { difference(columns[$0], columns[$0 + steps]) }
        guard let most = scan.max(), let level = ladder.first(where: { most >= 1.5 * $0 }),
            let first = scan.firstIndex(where: { $0 >= level }), first > 0
        else { return 1 }
        var (below, above) = (exponents[first - 1], exponents[first])
        for _ in 0..<50 {
            let middle = (below + above) / 2
            let pair = values(program, [middle, middle + 1])
            if difference(pair[0], pair[1]) >= level { above = middle } else { below = middle }
        }
        return exp2(above)
    }

    /// A column for each scale, given as its exponent.
    private static func values(_ program: Program, _ exponents: [Double]) -> [ArraySlice<Double>] {
        // Many at once: the interpreter's price for a call is that of some hundred values.
        stride(from: 0, to: exponents.count, by: 32).flatMap { first in
            let scales = exponents[first..<min(first + 32, exponents.count)].map { exp2($0) }
            let inputs = scales.flatMap { scale in scanning.map { scale * $0 } }
            let values = Interpreter.evaluate(program, inputs: inputs)[0]
            return scales.indices.map { values[$0 * scanning.count..<($0 + 1) * scanning.count] }
        }
    }

    /// 1 − cos² of the angle between two columns; 0 where one vanishes or is not finite.
    private static func difference(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
        let (aa, bb, ab) = zip(a, b).reduce((0.0, 0.0, 0.0)) { sums, pair in
            (sums.0 + pair.0 * pair.0, sums.1 + pair.1 * pair.1, sums.2 + pair.0 * pair.1)
        }
        let rest = 1 - ab * ab / (aa * bb)
        return rest.isFinite ? rest : 0
    }

    /// In quanta of 2⁻¹⁰, absolute below 1 and relative to the binary exponent above.
    private static func code(_ value: Double) -> String {
        guard value.isFinite else { return "none" }
        let exponent = value == 0 ? 0 : max(0, Int(value.exponent))
        let quantum = scalbn(0x1p-10, exponent)
        // As a multiple of the finest quantum, so that a value rounded up to a power of two is written as the power is.
        return "\((value / quantum).rounded() * scalbn(1, exponent) + 0)"
    }
}
