import ActivationCodegen
import ActivationParser
import ActivationPasses
import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

@Suite("Printed kernels")
struct PrintedKernelTests {
    private func printed(_ body: String) throws -> KernelSource {
        let result = SourceParser.parse("float activation(float x)\n{\n\(body)\n}\n")
        let program = try #require(result.program, "\(result.diagnostics)")
        return KernelPrinter.print(gradient: Gradient.differentiate(Simplifier.run(program)))
    }

    @Test("compile, load and train like the hand-written ones")
    func gelu() async throws {
        let pool = try TestMachine.pool(.tiny())
        let compiler = try TestMachine.required(TestMachine.compiler)
        let kernel = try printed("    return gelu(x);")
        let values = try await KernelProbe(compiler: compiler, pool: pool).values(of: kernel, at: [-2, 0, 0.5])
        for value in values {
            let x = Double(value.x)
            let cdf = 0.5 * (1 + erf(x / 2.0.squareRoot()))
            #expect(abs(Double(value.f) - x * cdf) < 1e-6)
            #expect(abs(Double(value.df) - cdf - x * exp(-x * x / 2) / (2 * Double.pi).squareRoot()) < 1e-6)
        }
        let evaluator = SuiteEvaluator(
            suite: .tiny(), runSeed: 7, compiler: compiler, pool: pool, reference: TestKernels.gelu)
        let score = try #require(try await evaluator.search(kernel, rivals: []).verdict.score)
        // Same function, other rounding: the trajectories stay close over 60 steps.
        #expect(abs(score.gain.mean) < 0.5)
        await pool.shutdown()
    }

    @Test("call vector functions only: a sine and its derivative do not become one scalar call")
    func vectorised() async throws {
        let kernel = try printed("    return x + sinf(x) * sinf(x);")
        let library = try Data(contentsOf: URL(filePath: try await TestMachine.compile(kernel)))
        func names(_ text: String) -> Bool { library.range(of: Data(text.utf8)) != nil }
        // Vector names of glibc's libmvec; other C libraries have none.
        if names("_ZGV") { #expect(names("v_sinf") && names("v_cosf")) }
        #expect(!names("sincosf"))
    }

    @Test("train their parameters from the printed initial values")
    func trainable() async throws {
        let pool = try TestMachine.pool(.tiny())
        let compiler = try TestMachine.required(TestMachine.compiler)
        let kernel = try printed("    float a = trainable(0.5f);\n    return x + a * sinf(x);")
        let evaluator = SuiteEvaluator(
            suite: .tiny(), runSeed: 7, compiler: compiler, pool: pool, reference: TestKernels.ripple)
        let score = try #require(try await evaluator.search(kernel, rivals: []).verdict.score)
        #expect(abs(score.gain.mean) < 0.5)
        #expect(score.gain != (try await evaluator.search(TestKernels.tanh, rivals: []).verdict.score)?.gain)
        await pool.shutdown()
    }
}
