import ActivationIR
import Foundation

/// Examines a gradient program before anything is trained with it, at the initial parameters.
///
/// 1. Every output (y, dy/dx, dy/dp) is finite on a wide grid, with every intermediate value rounded to float32, so that
///    what overflows in a kernel overflows here.
/// 2. Every derivative agrees with central differences in double precision wherever those converge; at kinks, jumps and
///    where rounding rules the differences, nothing is concluded.
///
/// Programs that read their layer are tried on layers instead: `LayerSoundness`.
package enum SoundnessGate {
    /// Both zeros, denormals, powers of ten up to 1e4, and a dense middle, all in both signs.
    static let grid: [Double] = {
        let tiny = [1.401298464324817e-45, 1e-40, 1.1754943508222875e-38, 1e-30, 1e-20, 1e-12, 1e-8]
        let small = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.03]
        let dense = stride(from: 0.0625, through: 12, by: 0.0625).map { $0 }
        let large = [15.0, 20, 30, 50, 70, 88, 89, 90, 100, 104, 200, 300, 500, 1000, 2000, 3000, 5000, 9999, 1e4]
        let positive = tiny + small + dense + large
        return [0.0, -0.0] + positive.flatMap { [$0, -$0] }
    }()

    /// Off round numbers, where kinks sit.
    private static let smoothGrid: [Double] = (0..<160).map { (index: Int) -> Double in
        let jitter = 0.0137 * Double(index % 7)
        return -7.98 + 0.1 * Double(index) + jitter
    }

    /// - Parameter gradient: outputs y, dy/dx, then dy/dp for each parameter.
    /// - Returns: nil if sound, else one sentence that names what fails, where, and how.
    package static func check(_ gradient: Program) -> String? {
        gradient.readsLayer ? LayerSoundness.check(gradient) : nonFinite(gradient) ?? disagreement(gradient)
    }

    private static func nonFinite(_ gradient: Program) -> String? {
        let outputs = Interpreter.evaluate(gradient, inputs: grid, precision: .single)
        for (index, values) in outputs.enumerated() {
            let places = values.indices.filter { !values[$0].isFinite }
            guard let place = places.min(by: { abs(grid[$0]) < abs(grid[$1]) }) else { continue }
            let value = values[place].isNaN ? "NaN" : "\(values[place])"
            return "\(name(of: index, in: gradient)) is not finite in float32: it is \(value) at x = \(grid[place]). "
                + "It must be finite from -10000 to 10000: keep divisors and roots positive, and exponents bounded."
        }
        return nil
    }

    private static func disagreement(_ gradient: Program) -> String? {
        let parameters = gradient.parameters.map(\.initial)
        let derivatives = Interpreter.evaluate(gradient, inputs: smoothGrid)
        for index in 1..<gradient.outputs.count {
            let differences = FiniteDifference.slopes(
                of: gradient, at: smoothGrid, parameters: parameters, parameter: index == 1 ? nil : index - 2)
            for (place, estimate) in differences.enumerated() {
                guard let estimate, !estimate.agrees(with: derivatives[index][place]) else { continue }
                return "\(name(of: index, in: gradient)) is \(derivatives[index][place]) at x = \(smoothGrid[place]), "
                    + "but finite differences give \(estimate.slope)."
            }
        }
        return nil
    }

    private static func name(of output: Int, in gradient: Program) -> String {
        switch output {
        case 0: "The value"
        case 1: "The derivative by x"
        default: "The derivative by the trainable \(gradient.parameters[output - 2].name)"
        }
    }
}
