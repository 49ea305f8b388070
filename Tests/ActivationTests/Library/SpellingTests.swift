import ActivationCompiler
import ActivationIR
import Testing

@Suite("Identity of spellings")
struct SpellingTests {
    /// A file of the library, and other ways to write its function.
    static let groups: [(name: String, expressions: [String])] = [
        ("silu", ["x / (1.0f + expf(-x))", "0.5f * x * (1.0f + tanhf(0.5f * x))", "x - x * sigmoid(-x)"]),
        ("sigmoid", ["1.0f / (1.0f + expf(-x))", "0.5f + 0.5f * tanhf(0.5f * x)", "1.0f - sigmoid(-x)"]),
        ("tanh", ["2.0f * sigmoid(2.0f * x) - 1.0f", "-tanhf(-x)", "tanhf(0.5f * x + 0.5f * x)"]),
        ("softplus", ["x + softplus(-x)", "fmaxf(x, 0.0f) + log1pf(expf(-fabsf(x)))"]),
        ("relu", ["0.5f * (x + fabsf(x))", "x > 0.0f ? x : 0.0f", "x * step(x)", "x - fminf(x, 0.0f)"]),
        ("leaky_relu", ["fmaxf(x, 0.01f * x)", "relu(x) - 0.01f * relu(-x)"]),
        ("absolute", ["relu(x) + relu(-x)", "x < 0.0f ? -x : x", "fmaxf(x, -x)", "sign(x) * x"]),
        ("hard_tanh", ["fmaxf(-1.0f, fminf(1.0f, x))", "0.5f * (fabsf(x + 1.0f) - fabsf(x - 1.0f))"]),
        ("relu6", ["fminf(relu(x), 6.0f)", "relu(x) - relu(x - 6.0f)"]),
        ("gelu", ["gelu(x)", "0.5f * x * erfcf(-x * M_SQRT1_2)", "x - 0.5f * x * erfcf(x * M_SQRT1_2)"]),
        ("gelu_tanh", ["gelu_tanh(x)", "x * sigmoid(1.59576912f * (x + 0.044715f * x * x * x))"]),
        ("elu", ["relu(x) + fminf(0.0f, expm1f(x))", "relu(x) + expm1f(fminf(x, 0.0f))"]),
        ("mish", ["x * tanhf(log1pf(expf(fminf(x, 30.0f))))"]),
        ("softsign", ["x > 0.0f ? x / (1.0f + x) : x / (1.0f - x)"]),
        ("square", ["powf(x, 2.0f)", "fabsf(x) * fabsf(x)"]),
        ("cube", ["powf(x, 3.0f)", "x * fabsf(x) * fabsf(x)"]),
        ("squared_relu", ["x * relu(x)", "x > 0.0f ? x * x : 0.0f"]),
        ("gaussian", ["expf(-x * x / 2.0f)", "1.0f / expf(0.5f * fminf(x * x, 150.0f))"]),
        ("quadratic", ["1.0f / (x * x + 1.0f)", "powf(1.0f + x * x, -1.0f)"]),
        ("multi_quadratic", ["sqrtf(1.0f / (1.0f + x * x))", "1.0f / hypotf(1.0f, x)"]),
        ("isru", ["x / hypotf(1.0f, x)"]),
        ("squareplus", ["0.5f * x + sqrtf(0.25f * x * x + 1.0f)"]),
        ("snake", ["x + 0.5f - 0.5f * cosf(2.0f * x)", "x + powf(sinf(x), 2.0f)"]),
        ("sin", ["-sinf(-x)", "2.0f * sinf(0.5f * x) * cosf(0.5f * x)"]),
        ("symlog", ["sign(x) * logf(1.0f + fabsf(x))", "x > 0.0f ? log1pf(x) : -log1pf(-x)"]),
        ("hard_sigmoid", ["fminf(1.0f, fmaxf(0.0f, 0.5f * x + 0.5f))"]),
        ("lisht", ["fabsf(x) * tanhf(fabsf(x))"]),
        ("squ", ["x * (x + 1.0f)", "(x + 0.5f) * (x + 0.5f) - 0.25f"]),
    ]

    @Test("spellings of a library function share its fingerprint and its scale-free one", arguments: groups.map(\.name))
    func spellings(name: String) throws {
        let group = try #require(Self.groups.first { $0.name == name })
        let known = try #require(LibraryEntry.all.first { $0.file == name }).compiled()
        for expression in group.expressions {
            let other = try compile(expression: expression)
            #expect(other.fingerprint == known.fingerprint, "\(name): \(expression)")
            #expect(
                ScaleFreeFingerprint.of(other.program) == ScaleFreeFingerprint.of(known.program),
                "\(name): \(expression)")
        }
    }

    @Test("a thousand pairs of random functions that differ somewhere have different fingerprints")
    func noCollisions() {
        // Values at points that the fingerprint does not look at say whether two functions differ.
        let points = (0..<40).map { -4 + 0.2037 * Double($0) }
        var pairs = 0
        var index = 0
        while pairs < 1_000 {
            let (first, second) = (RandomProgram.make(index), RandomProgram.make(index + 1))
            index += 2
            let values = [first, second].map { Interpreter.evaluate($0, inputs: points)[0] }
            let differ = zip(values[0], values[1]).contains { a, b in
                a.isFinite && b.isFinite && abs(a - b) > 1e-3 * max(1, abs(a))
            }
            guard differ else { continue }
            pairs += 1
            #expect(Fingerprint.of(gradient: first) != Fingerprint.of(gradient: second), "pair at \(index)")
        }
    }
}
