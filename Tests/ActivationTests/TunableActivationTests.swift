import ActivationCompiler
import ActivationParser
import EvolveTypes
import Foundation
import Testing

@Suite("Open numbers of a candidate")
struct TunableActivationTests {
    /// The numbers of a source that are tuned, by their values.
    private func numbers(_ source: String) throws -> [Double] {
        guard case .compiled = ActivationPipeline().compile(source) else { throw Failure(.badInput, source) }
        return ActivationPipeline().tunable(source)?.numbers.map(\.literal.value) ?? []
    }

    private func body(_ expression: String) -> String { "float activation(float x) { return \(expression); }\n" }

    @Test("are floats that say how much, in the order of the text")
    func choice() throws {
        #expect(try numbers(body("x + 0.25f * sinf(3.5f * x)")) == [0.25, 3.5])
        #expect(try numbers(body("tanhf(x)")).isEmpty)
        // A threshold of 0, a 1 in a sum or above a fraction line, a whole exponent: these say what.
        #expect(try numbers(body("x > 0.0f ? x : 0.5f * x")) == [0.5])
        #expect(try numbers(body("0.5f * x * (1.0f + erff(0.75f * x))")) == [0.5, 0.75])
        #expect(try numbers(body("x / (1.0f + expf(-1.5f * x))")) == [1.5])
        #expect(try numbers(body("1.0f / (2.0f + x * x) + sinf(1.0f * x)")) == [2, 1])
        #expect(try numbers(body("powf(x, 2.0f) / (3.0f + powf(fabsf(x), 1.5f))")) == [3, 1.5])
    }

    @Test("are not counts: integers, bounds of loops, sizes, shifts")
    func counts() throws {
        let loop = """
            float activation(float x)
            {
                float c[2] = {0.5f, 0.25f};
                float n = 2.0f;
                float y = 0.0f;
                for (int i = 0; i < n; i++) {
                    y = y + c[i] * sinf(2 * x);
                }
                return y + 0.125f * unit_shift(x, 1.0f);
            }
            """
        #expect(try numbers(loop) == [0.5, 0.25, 0.125])
    }

    @Test("are what trained values start from, and once each whoever calls and repeats them")
    func trained() throws {
        let source = """
            #define WIDTH 0.5f
            static const float height = 0.3f;
            static float bump(float v) { return expf(-0.7f * v * v); }
            float activation(float x)
            {
                float a = trainable(0.1f), b = trainable(-0.2f);
                return x + a * bump(WIDTH * x) + b * height * bump(x + WIDTH);
            }
            """
        let candidate = try #require(ActivationPipeline().tunable(source))
        #expect(candidate.numbers.map { Float($0.literal.value) } == [0.5, 0.3, 0.7, 0.1, 0.2])
        // Trained values first, frozen ones behind them.
        #expect(candidate.numbers.map(\.places) == [[2], [3], [4], [0], [1]])
        #expect(candidate.numbers.map(\.isNegative) == [false, false, false, false, true])
        #expect(candidate.kernel.initials == [0.1, -0.2, 0.5, 0.3, 0.7])
        #expect(candidate.kernel.text.contains("int32_t evt_kernel_parameters(void) { return 2; }"))
        #expect(candidate.kernel.text.contains("int32_t evt_kernel_frozen(void) { return 3; }"))
    }

    @Test("are at most six, the first of the text")
    func most() throws {
        let terms = (1...9).map { "0.\($0)f * sinf(x * \($0))" }.joined(separator: " + ")
        #expect(try numbers(body(terms)).map { Float($0) } == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    }

    @Test("leave an ordinary kernel's text as it was: nothing in it is frozen")
    func ordinary() {
        guard case .compiled(let compiled) = ActivationPipeline().compile(body("x + 0.25f * sinf(3.5f * x)")) else {
            Issue.record("refused")
            return
        }
        #expect(!compiled.kernel.text.contains("frozen"))
    }

    @Test("are replaced in the text, and nothing else is")
    func replacement() throws {
        let source = """
            /* Größe 0.5f */ // ∿ 3.0f
            float   activation(float x) {
            \treturn x-0.50f*sinf( 3.0F*x )  // 0.5f
                ;
            }
            """
        let candidate = try #require(ActivationPipeline().tunable(source))
        #expect(candidate.source(with: [0.5, 3], idea: nil) == source)
        let other = try #require(candidate.source(with: [-0.25, 1e-5], idea: nil))
        #expect(
            other
                == source.replacingOccurrences(of: "0.50f*", with: "(-0.25f)*").replacingOccurrences(
                    of: "3.0F", with: "1e-05f"))
        guard case .compiled(let compiled) = ActivationPipeline().compile(other) else {
            Issue.record("refused: \(other)")
            return
        }
        #expect(compiled.formula.contains("0.25"))
    }

    @Test("come with another idea: in the place of a comment that has the first line, else before everything")
    func idea() {
        #expect(
            LiteralText.replacingIdea(in: "// Snake\nfloat f;\n", with: "Tuned: Snake") == "// Tuned: Snake\nfloat f;\n"
        )
        #expect(LiteralText.replacingIdea(in: "float f; // Snake\n", with: "Tuned") == "// Tuned\nfloat f; // Snake\n")
        #expect(LiteralText.replacingIdea(in: "// a \\\nb\nfloat f;", with: "T") == "// T\n// a \\\nb\nfloat f;")
    }
}
