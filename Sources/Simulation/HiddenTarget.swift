import ActivationIR
import EvolveTypes
import Foundation

/// A function that a search is to find, known to nobody in it: what stands in for training.
///
/// The gain of a candidate is how much less of the target's variance it leaves unexplained than GELU does, in
/// decibels, at the quantiles of a normal distribution and up to scale and offset of the output. Each family of tasks
/// has a target of its own, of which half is common to all: as in a suite, they pull in different directions.
package struct HiddenTarget: Sendable {
    private let targets: [String: [Double]]
    private let reference: [String: Double]
    private let clip: Double

    /// Pre-activations, of standard deviation 2.
    private static let inputs = (0..<128).map { 2 * Normal.quantile((Double($0) + 0.5) / 128) }
    /// Unexplained share of the variance that counts as none: as a network cannot be perfect either.
    private static let floor = 1e-3

    /// - Parameters:
    ///   - number: which of the targets.
    ///   - clip: of a gain, decibels.
    package init(number: Int, families: [String], clip: Double) {
        self.clip = clip
        let common = Self.mixture(["\(number)", "common"])
        targets = Dictionary(
            Set(families).map { family in
                (family, Self.standardised(zip(common, Self.mixture(["\(number)", family])).map { $0 + 0.7 * $1 }))
            }, uniquingKeysWith: { first, _ in first })
        let gelu = Self.inputs.map { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) }
        reference = targets.mapValues { Self.unexplained($0, by: gelu) }
    }

    /// Of each family, in decibels; nil when the function is not finite everywhere.
    package func gains(of program: Program) -> [String: Double]? {
        let values = Interpreter.evaluate(program, inputs: Self.inputs)[0]
        guard values.allSatisfy(\.isFinite) else { return nil }
        return targets.reduce(into: [:]) { gains, target in
            let ratio =
                ((reference[target.key] ?? 1) + Self.floor) / (Self.unexplained(target.value, by: values) + Self.floor)
            gains[target.key] = min(clip, max(-clip, 10 * log10(ratio)))
        }
    }

    /// 1 − r².
    private static func unexplained(_ target: [Double], by values: [Double]) -> Double {
        let standard = standardised(values)
        let r = zip(target, standard).reduce(0) { $0 + $1.0 * $1.1 } / Double(target.count)
        return max(0, 1 - r * r)
    }

    /// Mean 0, variance 1; zeros where there is no variance.
    private static func standardised(_ values: [Double]) -> [Double] {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        guard variance > 0, variance.isFinite else { return values.map { _ in 0 } }
        return values.map { ($0 - mean) / variance.squareRoot() }
    }

    /// Three of a kind that activations are made of, each with its own place, width and weight.
    private static func mixture(_ key: [String]) -> [Double] {
        var stream = RandomStream(key: ["hidden target"] + key)
        var sum = inputs.map { _ in 0.0 }
        for _ in 0..<3 {
            let shape = stream.index(below: 5)
            let (place, width) = (1.5 * stream.normal(), exp(0.7 * stream.normal()))
            let weight = (0.5 + stream.uniform()) * (stream.uniform() < 0.5 ? -1 : 1)
            let part = standardised(
                inputs.map { x in
                    let z = (x - place) / width
                    return switch shape {
                    case 0: x / (1 + exp(-z))
                    case 1: exp(-z * z / 2)
                    case 2: sin(2 * z)
                    case 3: tanh(z)
                    default: max(0, z)
                    }
                })
            sum = zip(sum, part).map { $0 + weight * $1 }
        }
        return standardised(sum)
    }
}
