import ActivationCompiler
import Foundation
import Reporting
import Testing

/// Known functions, whose properties are in books.
@Suite("What a function is like")
struct FunctionPropertiesTests {
    private static func properties(_ value: String) throws -> FunctionProperties {
        guard
            case .compiled(let function) = ActivationPipeline().compile(
                "float activation(float x) { return \(value); }")
        else { throw CocoaError(.featureUnsupported) }
        return try #require(FunctionProperties(function.gradient))
    }

    @Test("ReLU: a limit and a line, half of the second moment, and He's gain √2 (He et al. 2015)")
    func relu() throws {
        let relu = try Self.properties("fmaxf(x, 0.0f)")
        #expect(relu.left.kind == .limit && relu.left.offset == 0)
        #expect(relu.right.kind == .line && relu.right.slope == 1)
        #expect(relu.trend == .increasing && relu.lipschitz[0] == 1 && relu.turns.isEmpty)
        #expect(relu.flats == [[-10, 0]] && relu.zeros.isEmpty && relu.jumps.isEmpty)
        #expect(abs(relu.mean - 1 / (2 * Double.pi).squareRoot()) < 1e-6)
        #expect(abs(relu.secondMoment - 0.5) < 1e-6 && abs(relu.slopeMoment - 0.5) < 1e-6)
        #expect(abs((relu.keepingGain ?? 0) - 2.0.squareRoot()) < 1e-6 && abs((relu.keptSlope ?? 0) - 1) < 1e-6)
        // The mean square halves with each layer, and so does that of the gradient.
        #expect(relu.layers.count == 8)
        for (depth, layer) in relu.layers.enumerated() {
            let half = pow(0.5, Double(depth + 1))
            #expect(abs(layer.slope / half - 1) < 1e-4)
            #expect(abs((layer.variance + layer.mean * layer.mean) / half - 1) < 1e-4)
        }
    }

    @Test("GELU turns once, at -0.7518, where it is -0.16997")
    func gelu() throws {
        let gelu = try Self.properties("gelu(x)")
        #expect(
            gelu.turns.count == 1 && abs(gelu.turns[0][0] + 0.75179) < 1e-4 && abs(gelu.turns[0][1] + 0.16997) < 1e-4)
        #expect(gelu.trend == .neither && gelu.zeros.count == 1 && abs(gelu.zeros[0]) < 1e-9)
        #expect(abs(gelu.lipschitz[0] - 1.12890) < 1e-4 && abs(gelu.lipschitz[1] - 2.0.squareRoot()) < 2e-3)
        // E x·Φ(x) = 1 / (2√π).
        #expect(abs(gelu.mean - 0.5 / Double.pi.squareRoot()) < 1e-6)
    }

    @Test("tanh has limits, a square is a power, a sine swings, softplus leans on a line")
    func tails() throws {
        let tanh = try Self.properties("tanhf(x)")
        #expect(tanh.left.offset == -1 && tanh.right.offset == 1 && tanh.right.kind == .limit)
        let square = try Self.properties("x * x")
        #expect(square.right.kind == .power && square.right.exponent == 2 && square.lipschitz[0] == 20)
        // E x² = 1, E x⁴ = 3, E 4x² = 4.
        #expect(
            abs(square.mean - 1) < 1e-6 && abs(square.secondMoment - 3) < 1e-6 && abs(square.slopeMoment - 4) < 1e-6)
        let sine = try Self.properties("sinf(x)")
        #expect(sine.left.kind == .oscillates && sine.right.kind == .oscillates && sine.zeros.count == 7)
        // E sin² = (1 − e⁻²) / 2, E cos² = (1 + e⁻²) / 2.
        #expect(abs(sine.secondMoment - (1 - exp(-2)) / 2) < 1e-6 && abs(sine.slopeMoment - (1 + exp(-2)) / 2) < 1e-6)
        #expect(sine.right.slope == 0 && abs((sine.right.amplitude ?? 0) - 1) < 0.01)
        let snake = try Self.properties("x + sinf(x) * sinf(x)")
        #expect(snake.left.kind == .oscillates && abs((snake.left.slope ?? 0) - 1) < 1e-3)
        #expect(abs((snake.right.offset ?? 0) - 0.5) < 0.05 && abs((snake.right.amplitude ?? 0) - 0.5) < 0.05)
        let quick = try Self.properties("sinf(12.566371f * x)")
        #expect(quick.right.kind == .oscillates)
        let wider = try Self.properties("x * sinf(x)")
        #expect(wider.right.kind == .oscillates && wider.right.amplitude == nil)
        let softsign = try Self.properties("x / (1.0f + fabsf(x))")
        #expect(softsign.right.kind == .limit && abs((softsign.right.offset ?? 0) - 1) < 1e-6)
        let inverse = try Self.properties("asinhf(x)")
        #expect(inverse.right.kind == .logarithm && abs((inverse.right.factor ?? 0) - 1) < 1e-4)
        let root = try Self.properties("sqrtf(x * x + 1.0f)")
        #expect(root.left.kind == .line && root.left.slope == -1 && root.right.words == "→ x")
        let shifted = try Self.properties("softplus(x) - 2.0f")
        #expect(shifted.left.offset == -2 && shifted.right.kind == .line && abs((shifted.right.offset ?? 0) + 2) < 1e-6)
    }

    @Test("Zeros that are touched, stretches of them, and jumps, which are neither zeros nor slopes")
    func touches() throws {
        let touching = try Self.properties("(x - 2.0f) * (x - 2.0f) * x * x")
        #expect(touching.zeros.count == 2 && abs(touching.zeros[0]) < 1e-6 && abs(touching.zeros[1] - 2) < 1e-6)
        #expect(try Self.properties("fabsf(x)").zeros == [0])
        #expect(try Self.properties("x * sinf(x)").zeros.count == 7)
        #expect(try Self.properties("expf(-x * x) * (2.0f + sinf(5.0f * x))").zeros.isEmpty)
        #expect(try Self.properties("gelu(x)").flats.isEmpty)
        let step = try Self.properties("x > 0.5f ? 1.0f : 0.0f")
        #expect(step.jumps == [[0.5, 0, 1]] && step.trend == .increasing && step.flats == [[-10, 0.5]])
        #expect(step.rows.contains { $0.0 == "jumps" && $0.1.hasSuffix("not Lipschitz") })
        #expect(abs(step.mean - 0.5 * erfc(0.5 / 2.0.squareRoot())) < 1e-3)
        let floor = try Self.properties("floorf(x)")
        #expect(floor.jumps.count >= 19 && floor.trend == .increasing && !floor.zeros.contains(1))
        #expect(floor.right.kind == .oscillates && abs((floor.right.offset ?? 0) + 0.5) < 0.02)
        // Steep is no jump.
        let steep = try Self.properties("tanhf(1000.0f * (x - 0.0005f))")
        #expect(steep.jumps.isEmpty && abs(steep.lipschitz[0] - 1_000) < 1)
        #expect(abs(try Self.properties("expf(fminf(x, 3.0f))").lipschitz[0] - exp(3)) < 1e-3)
    }

    @Test("In words the ranges stand by what was found on them")
    func words() throws {
        let rows = Dictionary(
            try Self.properties("gelu(x)").rows.map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
        #expect(rows["zeros"] == "0, on [−10, 10]" && rows["trend"] == "rises and falls on [−10, 10]")
        #expect(rows["to +∞"] == "→ x" && rows["to −∞"] == "→ 0")
        #expect(rows["kept in size"]?.hasPrefix("by weights of standard deviation 1.53 / √fan-in") == true)
    }
}
