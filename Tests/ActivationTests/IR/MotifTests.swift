import ActivationIR
import ActivationParser
import ActivationPasses
import Testing

@Suite("Motifs")
struct MotifTests {
    private static func program(_ body: String) throws -> Program {
        Simplifier.run(try #require(SourceParser.parse("float activation(float x) { \(body) }").program))
    }

    @Test("A motif is an operation and what stands in it, whatever the numbers and the order")
    func shapes() throws {
        let swish = try Self.program("return x * sigmoid(x);")
        #expect(Motif.of(swish) == ["multiply(sigmoid, x)", "sigmoid(x)"])
        #expect(Motif.of(swish) == Motif.of(try Self.program("return sigmoid(x) * x;")))
        let scaled = try Self.program("float a = trainable(0.5f); return x * sigmoid(2.0f * x) + a;")
        #expect(Motif.of(scaled).isSuperset(of: ["multiply(sigmoid, x)", "multiply(c, x)", "sigmoid(multiply)"]))
        #expect(Motif.of(scaled).contains("add(multiply, p)"))
    }

    @Test("Functions are what is not arithmetic or a choice")
    func functions() throws {
        let program = try Self.program("return x > 0.0f ? sinf(x) + tanhf(x) : -x / (1.0f + expf(x));")
        #expect(Motif.functions(of: program).isSuperset(of: ["sin", "tanh"]))
        #expect(
            Motif.functions(of: program).isDisjoint(with: ["add", "multiply", "divide", "select", "negate", "less"]))
    }
}
