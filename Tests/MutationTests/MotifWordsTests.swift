import ActivationCompiler
import ActivationIR
import Testing

@testable import Mutation

@Suite("Motifs in words")
struct MotifWordsTests {
    @Test("Motifs become fragments of C that a model can read")
    func fragments() {
        let expected = [
            "multiply(sigmoid, x)": "x * sigmoid(x)", "multiply(multiply, tanh)": "(...) * tanhf(x)",
            "sin(multiply)": "sinf(...)", "exp(negate)": "expf(...)", "negate(erf)": "-erff(x)",
            "add(c, cos)": "c + cosf(x)", "multiply(p, sin)": "a * sinf(x)", "divide(x, softplus)": "x / softplus(x)",
            "maximum(c, x)": "fmaxf(c, x)", "subtract(x, maximum)": "x - fmaxf(x, c)",
            "select(less, tanh, x)": "(...) ? tanhf(x) : x", "absolute(x)": "fabsf(x)",
            "subtract(x, unit_mean)": "x - unit_mean(x)",
        ]
        for (motif, text) in expected { #expect(Motif.fragment(motif) == text) }
        for text in ["", "x", "sin", "sin(x", "nothing(x)", "sin(nothing)"] { #expect(Motif.fragment(text) == nil) }
    }

    @Test("The fragment of a function of one number reads as that function")
    func spellings() throws {
        // Operators that only gradients have are in no proposal; a shift is by a constant.
        for op in Operator.allCases
        where Motif.isFunction(op) && OperatorTable[op].arity == 1 && op != .unitShift && op != .cotangent {
            let motif = "\(op.name)(x)"
            let fragment = try #require(Motif.fragment(motif))
            let text = "float activation(float x) { return x + \(fragment); }"
            let program = try #require(ActivationPipeline().read(text).activation?.program, "\(text)")
            #expect(Motif.of(program).contains(motif), "\(text): \(Motif.of(program).sorted())")
        }
    }
}
