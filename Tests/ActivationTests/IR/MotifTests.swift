import ActivationIR
import ActivationParser
import ActivationPasses
import Testing

@Suite("Motifs")
struct MotifTests {
    private static func program(_ body: String) throws -> Program {
        Simplifier.run(try #require(SourceParser.parse("float activation(float x) { \(body) }").program))
    }

    @Test("A motif can be taken apart again; arithmetic of arithmetic names no function")
    func parts() throws {
        let swish = try #require(Motif.parts(of: "multiply(sigmoid, x)"))
        #expect(swish.operation == .multiply && swish.operands == [.sigmoid, .input])
        let program = try Self.program(
            "float a = trainable(1.0f); return x > a ? unit_mean(x) * x : -2.0f * x / sinf(x);")
        for motif in Motif.of(program) {
            let (operation, operands) = try #require(Motif.parts(of: motif), "\(motif)")
            #expect(OperatorTable[operation].arity == operands.count)
        }
        for motif in ["multiply(sigmoid, x)", "sin(add)", "maximum(c, x)"] { #expect(Motif.namesFunction(motif)) }
        for motif in ["multiply(add, x)", "add(c, x)", "select(less, x, multiply)", "negate(p)", "no motif"] {
            #expect(!Motif.namesFunction(motif))
        }
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
