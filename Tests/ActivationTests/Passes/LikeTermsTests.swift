import ActivationCompiler
import ActivationIR
import ActivationPasses
import Foundation
import Testing

@Suite("Like terms")
struct LikeTermsTests {
    @Test(
        "a sum with like terms becomes the one that a careful author would write",
        arguments: [
            ("x - 1.5f * x", "-0.5f * x"), ("2.0f * x + 3.0f * x", "5.0f * x"), ("x * 2.0f * 3.0f", "6.0f * x"),
            ("2.0f * sinf(x) + x - 0.5f * sinf(x)", "1.5f * sinf(x) + x"),
            ("2.0f * (x * tanhf(x)) + tanhf(x) * x * 3.0f", "5.0f * (x * tanhf(x))"),
            ("(x + 1.0f) + 2.0f", "3.0f + x"), ("(x + 1.0f) + (sinf(x) + 2.0f)", "3.0f + x + sinf(x)"),
            ("2.0f * (x + sinf(x)) - x", "x + 2.0f * sinf(x)"),
            ("(2.0f * x) * (3.0f * sinf(x))", "6.0f * x * sinf(x)"),
            ("2.0f * x * tanhf(x) * 3.0f", "6.0f * x * tanhf(x)"),
            ("3.0f * expf(-x * x) + x - 3.0f * expf(-x * x)", "x"),
            ("-(x + 0.5f * x)", "-1.5f * x"),
        ])
    func collected(written: String, meant: String) throws {
        let (written, meant) = (try compile(expression: written), try compile(expression: meant))
        #expect(written.canonicalHash == meant.canonicalHash, "\(ProgramText.print(written.program))")
        #expect(written.cost == meant.cost)
    }

    @Test("what cancels stays where it might be infinite: 2/x − 1/x − 1/x is NaN at 0")
    func unsafe() {
        let program = Examples.program { b, x in
            let pole = b.over(b.real(1), x)
            return b.plus(x, b.minus(b.minus(b.times(b.real(2), pole), pole), pole))
        }
        #expect(Simplifier.run(program).nodes.contains { $0.op == .divide })
    }

    @Test("a sum that others need is not torn apart")
    func shared() throws {
        // Collecting x + (x + sin x) would compute x + sin x beside it.
        let candidate = try compile(expression: "(x + (x + sinf(x))) * tanhf(x + sinf(x))")
        #expect(candidate.program.nodes.count { [.add, .multiply].contains($0.op) } == 3)
    }

    @Test("neither a coefficient that float32 cannot hold nor a product that overflows comes of it")
    func range() throws {
        let large = Examples.program { b, x in
            b.plus(b.times(b.real(2e38), b.unary(.sin, x)), b.times(b.real(2e38), b.unary(.sin, x)))
        }
        for node in Simplifier.run(large).nodes where node.op == .constant { #expect(Float(node.payload).isFinite) }
        // (1e-20·a)·(1e-25·a) with a = x⁴: the product of the constants is no float32 number.
        let tiny = try compile(
            "float activation(float x) { float a = x * x * x * x; return (1e-20f * a) * (1e-25f * a); }")
        for node in tiny.program.nodes where node.op == .constant { #expect(Float(node.payload).isNormal) }
    }

    @Test("sums and products of thousands of terms are read within half a megabyte of stack")
    func depth() async {
        let program = Examples.program { b, x in
            var (sum, product) = (x, x)
            for number in 1...4000 {
                sum = b.plus(sum, b.unary(.sin, b.times(b.real(Double(number)), x)))
                product = b.times(product, b.unary(.cos, b.times(b.real(Double(number)), x)))
            }
            return b.plus(b.plus(sum, product), product)
        }
        let isVerified = await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: Verifier.verify(Simplifier.run(program)).isEmpty) }
            thread.stackSize = 1 << 19
            thread.start()
        }
        #expect(isVerified)
    }
}
