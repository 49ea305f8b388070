import CTrainer
import EvolveTypes
import Foundation

/// The function that a task's networks have to learn, in its own coordinates (before standardisation).
package struct TargetFunction: Sendable {
    package var inputs: Int
    package var outputs: Int
    /// The outputs for a point of `inputs` coordinates; not finite where the function has no value.
    package var values: @Sendable ([Double]) -> [Double]

    /// - Parameter shift: frequency and scale add an input, the last one.
    /// - Throws: `Failure(.badInput)` when the target's numbers are out of range or its formula cannot be read.
    package init(_ target: SuitePolicy.Target, shift: TaskShift = .extrapolation) throws {
        self = try Self(unshifted: target)
        let (base, values) = (inputs, values)
        switch shift {
        case .frequency:
            inputs += 1
            self.values = { point in values(point[..<base].map { $0 * point[base] }) }
        case .scale:
            inputs += 1
            self.values = { point in values(Array(point[..<base])).map { $0 * point[base] } }
        default: break
        }
    }

    private init(unshifted target: SuitePolicy.Target) throws {
        switch target {
        case .polynomial(let inputs, let degree, let seed):
            try Self.require(1...10, inputs, "inputs of a polynomial")
            try Self.require(1...12, degree, "degree of a polynomial")
            self.init(inputs: inputs, value: Self.polynomial(inputs: inputs, degree: degree, seed: seed))
        case .fourier(let terms, let seed):
            try Self.require(1...100, terms, "terms of a Fourier sum")
            self.init(inputs: 1, value: Self.fourier(terms: terms, seed: seed))
        case .sphericalHarmonics(let degree, let seed):
            try Self.require(1...20, degree, "degree of spherical harmonics")
            self.init(inputs: 3, value: Self.sphericalHarmonics(degree: degree, seed: seed))
        case .feynman(let equation):
            let formula = try Formula(parsing: equation.formula, variables: equation.variables)
            self.init(inputs: equation.variables.count) { formula.value(at: $0) }
        case .chaotic(let map):
            try Self.require(1...16, map.steps, "steps of a chaotic map")
            self.init(inputs: map.coordinates, outputs: map.coordinates) { map.state(after: $0) }
        case .piecewise(let pieces):
            try Self.require(1...10, pieces.inputs, "inputs of a piecewise function")
            try Self.require(1...1_000, pieces.pieces, "pieces of a piecewise function")
            try Self.require(0...(pieces.pieces - 1), pieces.jumps, "jumps of a piecewise function")
            self.init(inputs: pieces.inputs, value: pieces.function())
        case .longTail, .table:
            throw Failure(.internalError, "examples are no function")
        }
    }

    private init(inputs: Int, value: @escaping @Sendable ([Double]) -> Double) {
        self.init(inputs: inputs, outputs: 1) { [value($0)] }
    }

    private init(inputs: Int, outputs: Int, values: @escaping @Sendable ([Double]) -> [Double]) {
        self.inputs = inputs
        self.outputs = outputs
        self.values = values
    }

    private static func require(_ range: ClosedRange<Int>, _ value: Int, _ what: String) throws {
        guard range.contains(value) else {
            throw Failure(
                .badInput, "\(what) is \(value); it must lie between \(range.lowerBound) and \(range.upperBound)")
        }
    }

    /// Every monomial of total degree 0 ... `degree` with a standard normal coefficient.
    private static func polynomial(inputs: Int, degree: Int, seed: UInt64) -> @Sendable ([Double]) -> Double {
        var random = RandomStream(key: ["polynomial", String(inputs), String(degree), String(seed)])
        let terms = exponents(inputs: inputs, degree: degree).map { (exponents: $0, factor: random.normal()) }
        return { point in
            terms.reduce(0) { sum, term in
                sum + zip(point, term.exponents).reduce(term.factor) { $0 * pow($1.0, Double($1.1)) }
            }
        }
    }

    private static func exponents(inputs: Int, degree: Int) -> [[Int]] {
        guard inputs > 0 else { return [[]] }
        return (0...degree).flatMap { first in
            exponents(inputs: inputs - 1, degree: degree - first).map { [first] + $0 }
        }
    }

    /// Σ aᵢ sin(2π fᵢ x + φᵢ): a standard normal, f uniform in 0.25 ... 1.5 periods per unit (the training box is
    /// two units wide), φ uniform.
    private static func fourier(terms: Int, seed: UInt64) -> @Sendable ([Double]) -> Double {
        var random = RandomStream(key: ["fourier", String(terms), String(seed)])
        let waves = (0..<terms).map { _ in
            (
                amplitude: random.normal(), frequency: 0.25 + 1.25 * random.uniform(),
                phase: 2 * Double.pi * random.uniform()
            )
        }
        return { point in
            waves.reduce(0) { $0 + $1.amplitude * sin(2 * .pi * $1.frequency * point[0] + $1.phase) }
        }
    }

    /// Σ c Y over the real spherical harmonics of degree 1 ... `degree` (degree 0 is a constant, which
    /// standardisation removes), c standard normal; the point is (x, y, z) on the unit sphere.
    private static func sphericalHarmonics(degree: Int, seed: UInt64) -> @Sendable ([Double]) -> Double {
        var random = RandomStream(key: ["spherical-harmonics", String(degree), String(seed)])
        let terms = (1...degree).flatMap { l in (-l...l).map { m in (l: l, m: m, factor: random.normal()) } }
        return { point in
            terms.reduce(0) { $0 + $1.factor * realSphericalHarmonic(degree: $1.l, order: $1.m, at: point) }
        }
    }

    /// The real, orthonormal spherical harmonic: √2 P̄ cos(mφ) for m > 0, P̄ for m = 0, √2 P̄ sin(|m|φ) for m < 0, with
    /// P̄ the normalised Legendre function of cos θ = z, Condon–Shortley phase included.
    package static func realSphericalHarmonic(degree: Int, order: Int, at point: [Double]) -> Double {
        var legendre = Double.nan
        let status = evt_legendre(Int32(degree), Int32(abs(order)), min(1, max(-1, point[2])), &legendre)
        guard status == EVT_OK else { return .nan }
        if order == 0 { return legendre }
        let angle = Double(abs(order)) * atan2(point[1], point[0])
        return 2.0.squareRoot() * legendre * (order > 0 ? cos(angle) : sin(angle))
    }
}

extension RandomStream {
    /// Standard normal (Box and Muller 1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }
}
