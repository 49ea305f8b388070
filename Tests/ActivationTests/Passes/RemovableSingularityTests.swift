import ActivationCompiler
import ActivationIR
import ActivationPasses
import Testing

@Suite("Removable singularities")
struct RemovableSingularityTests {
    struct Quotient: Sendable, CustomTestStringConvertible {
        var text: String
        /// Value and slope at 0, in the limit.
        var value: Double
        var slope: Double

        var testDescription: String { text }

        /// The quotient with its hole filled, in the three ways people write it.
        var spellings: [String] {
            [
                "return x == 0.0f ? \(value)f : \(text);", "return fabsf(x) < 1e-6f ? \(value)f : \(text);",
                "float y = \(value)f; if (x != 0.0f) { y = \(text); } return y;",
            ].flatMap { [$0, $0.replacing("return ", with: "return 2.0f * x + (").replacing(/;\s*$/, with: ");")] }
        }
    }

    static let quotients = [
        Quotient(text: "sinf(x) / x", value: 1, slope: 0), Quotient(text: "sinf(1.5f * x) / x", value: 1.5, slope: 0),
        Quotient(text: "(1.0f - cosf(x)) / x", value: 0, slope: 0.5),
        Quotient(text: "(expf(fminf(x, 20.0f)) - 1.0f) / x", value: 1, slope: 0.5),
        Quotient(text: "(1.0f - expf(-fmaxf(x, -20.0f))) / x", value: 1, slope: -0.5),
        Quotient(text: "tanhf(x) / x", value: 1, slope: 0), Quotient(text: "erff(x) / x", value: 1.1283792, slope: 0),
        Quotient(text: "log1pf(fmaxf(x, -0.5f)) / x", value: 1, slope: -0.5),
        Quotient(text: "logf(1.0f + fmaxf(x, -0.5f)) / x", value: 1, slope: -0.5),
        Quotient(text: "x / (expf(x) - 1.0f)", value: 1, slope: -0.5),
        Quotient(text: "x / tanhf(x)", value: 1, slope: 0),
        Quotient(text: "x / sinhf(x)", value: 1, slope: 0), Quotient(text: "sinf(x) / tanhf(x)", value: 1, slope: 0),
        Quotient(text: "sinf(x) * (1.0f / x)", value: 1, slope: 0),
    ]

    /// Both sides of 0, from the smallest normal number; kernels in training read smaller ones as 0.
    private static let near: [Float] = [1.2e-38, 1e-30, 1e-20, 1e-12, 1e-8, 1e-6, 1e-5].flatMap { [$0, -$0] }
    private static let beside: [Float] = [0.01, -0.01]

    @Test(
        "every way to fill the hole is sound, alone or in a sum, and the slope beside it is the limit",
        arguments: quotients)
    func sound(quotient: Quotient) throws {
        for (index, body) in quotient.spellings.enumerated() {
            let candidate = try compile("float activation(float x) { \(body) }")
            let extra = index.isMultiple(of: 2) ? 0.0 : 2
            let points = (Self.near + Self.beside).map(Double.init)
            let outputs = Interpreter.evaluate(candidate.gradient, inputs: points, precision: .single)
            #expect(outputs.joined().allSatisfy { $0.isFinite }, "\(body): \(outputs)")
            for place in points.indices.suffix(2) {
                #expect(
                    abs(outputs[1][place] - quotient.slope - extra) < 0.02,
                    "\(body) at \(points[place]): \(outputs[1][place])")
                #expect(abs(outputs[0][place] - quotient.value - extra * points[place]) < 0.02)
            }
        }
    }

    @Test("the compiled kernels are finite there too, and have that slope")
    func kernels() throws {
        let candidates = try Self.quotients.map { try compile("float activation(float x) { \($0.spellings[1]) }") }
        let compiled = try CompiledKernels(candidates.map(\.kernel))
        for (number, quotient) in Self.quotients.enumerated() {
            let columns = try compiled.evaluate(number, inputs: Self.near + Self.beside, parameters: []).gradient
            #expect(columns.joined().allSatisfy { $0.isFinite }, "\(quotient.text): \(columns)")
            for slope in columns[1].suffix(2) {
                #expect(abs(Double(slope) - quotient.slope - 2) < 0.02, "\(quotient.text)")
            }
        }
    }

    @Test(
        "behind a saturated function, in a product, in a chain of a trained scale",
        arguments: [
            "return tanhf(x == 0.0f ? 1.0f : sinf(x) / x) + gelu(x);",
            "return (x == 0.0f ? 1.0f : sinf(x) / x) * (x == 0.0f ? 1.0f : tanhf(x) / x);",
            "float z = 2.0f * x; float y = 1.0f; if (z != 0.0f) { y = sinf(z) / z; } return y * tanhf(z) + z;",
            "float a = trainable(1.5f); float u = a * x; return (u == 0.0f ? 1.0f : sinf(u) / u) + x;",
            "float a = trainable(1.5f); return x * (x == 0.0f ? a : sinf(a * x) / x) + x;",
            "float z = 2.0f * x; return (x == 0.0f ? 2.0f : sinf(z) / x) + tanhf(z);",
            "return sinc(x) * x + sinc(2.0f * x);", "return x == 1.0f ? 2.0f : (x * x - 1.0f) / (x - 1.0f);",
        ])
    func composed(body: String) throws {
        _ = try compile("float activation(float x) { \(body) }")
    }

    @Test(
        "a divisor that overflows makes the slope zero, not NaN; tanh in exponentials is tanh",
        arguments: [
            ("x / (2.0f + expf(-x))", nil), ("x / (expf(0.5f * x) + expf(-0.5f * x))", nil),
            ("(expf(2.0f * x) - 1.0f) / (expf(2.0f * x) + 1.0f)", "tanhf(x)"),
            ("(1.0f - expf(-x)) / (1.0f + expf(-x))", "tanhf(0.5f * x)"),
        ] as [(String, String?)])
    func overflow(text: String, meant: String?) throws {
        let candidate = try compile(expression: text)
        if let meant { #expect(candidate.fingerprint == (try compile(expression: meant).fingerprint)) }
    }

    @Test("a hole that float32 cannot fill by skipping one point is refused: (1 − cos x)/x² is 0/0 where x² underflows")
    func unsound() throws {
        func verdict(_ guardText: String) -> CompilationResult {
            ActivationPipeline().compile(
                "float activation(float x) { return \(guardText) ? 0.5f : (1.0f - cosf(x)) / (x * x); }")
        }
        guard case .unsound(let reason) = verdict("x == 0.0f") else {
            Issue.record("accepted")
            return
        }
        #expect(reason.contains("NaN"))
        guard case .compiled = verdict("fabsf(x) < 0.001f") else {
            Issue.record("refused")
            return
        }
    }
}
