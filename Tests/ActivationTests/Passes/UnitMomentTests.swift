import ActivationCompiler
import ActivationIR
import ActivationParser
import ActivationPasses
import Testing

@Suite("Functions with outputs of unit second moment")
struct UnitMomentTests {
    private static func program(_ value: String) throws -> Program {
        try #require(SourceParser.parse("float activation(float x) { return \(value); }").program)
    }

    @Test(
        "The second moment over normal inputs is what it is in closed form",
        arguments: [
            ("x", 1.0), ("3.0f * x", 9), ("fmaxf(x, 0.0f)", 0.5), ("x * x", 3),
            ("x > 1.0f ? 2.0f : 0.0f * x", 0.634621),
            ("sinf(x)", 0.432332), ("gelu(x)", 0.425206), ("trainable(2.0f) * x", 4),
        ])
    func moments(value: String, moment: Double) throws {
        let root = try #require(UnitMoment.of(try Self.program(value)))
        #expect(abs(root * root - moment) < 2e-3 * moment)
    }

    @Test("The normalised form is the same function divided by a constant, and it has unit second moment")
    func normalised() throws {
        let program = try Self.program("0.3f * tanhf(x) + x * x")
        let scaled = try #require(UnitMoment.normalised(program))
        let points = [-3.0, -0.5, 0, 0.1, 2]
        let ratios = zip(
            Interpreter.evaluate(program, inputs: points)[0], Interpreter.evaluate(scaled, inputs: points)[0]
        ).filter { $0.0 != 0 }.map { $0 / $1 }
        #expect(ratios.allSatisfy { abs($0 - ratios[0]) < 1e-12 * abs(ratios[0]) } && ratios.count == 4)
        #expect(abs((UnitMoment.of(scaled) ?? 0) - 1) < 1e-9)
    }

    @Test("A layer's statistics are seen in a normal layer")
    func layer() throws {
        let root = try #require(UnitMoment.of(try Self.program("x - unit_mean(x)")))
        #expect(abs(root * root - 31.0 / 32) < 0.05)
    }

    @Test("A function that is 0 or not finite there has no such form, and says so")
    func without() throws {
        #expect(UnitMoment.normalised(try Self.program("x - x")) == nil)
        let source = "float activation(float x) { return expf(x * x) * x; }"
        guard case .unsound(let reason) = ActivationPipeline().compile(source, form: .unitMoment) else {
            return  // refused as written already
        }
        #expect(reason.contains("second moment") || reason.contains("finite"))
    }

    @Test("Scales of the output do not matter to the form that is compiled")
    func scaleFree() throws {
        func kernel(_ value: String) throws -> String? {
            let source = "float activation(float x) { return \(value); }"
            guard case .compiled(let compiled) = ActivationPipeline().compile(source, form: .unitMoment) else {
                return nil
            }
            return compiled.kernel.text
        }
        #expect(try kernel("sinf(x)") == kernel("4.0f * sinf(x)"))
        #expect(try kernel("sinf(x)") != kernel("sinf(2.0f * x)"))
    }
}
