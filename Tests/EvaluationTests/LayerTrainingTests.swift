import ActivationCodegen
import ActivationCompiler
import ActivationPasses
import EvolveTypes
import Testing

@testable import Evaluation

@Suite("Training with layer kernels")
struct LayerTrainingTests {
    private static func kernel(_ body: String) throws -> KernelSource {
        let result = ActivationPipeline().compile("float activation(float x)\n{\n\(body)\n}\n")
        guard case .compiled(let candidate) = result else { throw Failure(.badInput, "\(result)") }
        return candidate.kernel
    }

    static let activations = [
        """
        float c = x - tensor_mean(x);
        float z = c / (sqrtf(tensor_mean(c * c) + 1e-6f) + 1e-6f);
        return sign(x) * log1pf(0.5f * fabsf(x)) + 0.2f * expf(-0.5f * z * z) * sinf(2.0f * x);
        """,
        "return x + 0.1f * sinf(unit_shift(x, 1) * unit_shift(x, -1));",
        "float w = expf(x - unit_max(x)); return x * w / unit_sum(w) * unit_count();",
        """
        float gain = trainable(1.0f);
        float c = x - unit_mean(x);
        return gelu(gain * c / sqrtf(unit_mean(c * c) + 1e-3f));
        """,
    ]

    @Test("Turbulent, a coupled chirp, a softmax-like and a layer-normalised activation train and are scored")
    func train() async throws {
        let suite = SuitePolicy.tiny(margin: 40)
        let pool = try TestMachine.pool(suite)
        let evaluator = SuiteEvaluator(
            suite: suite, runSeed: 7, compiler: try TestMachine.required(TestMachine.compiler), pool: pool,
            reference: TestKernels.gelu)
        for body in Self.activations {
            let kernel = try Self.kernel(body)
            let verdict = try await evaluator.search(kernel, rivals: []).verdict
            let score = try #require(verdict.score, "\(verdict) of \(body)")
            #expect(score.tasks.count == 4 && abs(score.gain.mean) < 15, "\(score.gain)")
            #expect(try await evaluator.search(kernel, rivals: []).verdict.score?.gain == score.gain, "trained twice")
        }
        await pool.shutdown()
    }

    @Test("in a layer of one unit a statistic of the units is the value: the layer path trains as the elementwise does")
    func oneUnit() async throws {
        var suite = SuitePolicy.tiny(margin: 40)
        suite.network.hidden = [1, 1]
        // Not a multiple of the batch: the last test batch is filled up.
        suite.points.outOfDistribution = 27
        let pool = try TestMachine.pool(suite)
        let element = try Self.kernel("float a = trainable(0.5f); return tanhf(x) + a * sinf(x);")
        let layer = try Self.kernel(
            "float a = trainable(0.5f); return tanhf(unit_mean(x)) + a * sinf(unit_shift(x, 1));")
        #expect(layer.text.contains("evt_kernel_layer_backward") && !element.text.contains("evt_kernel_layer"))
        let evaluator = SuiteEvaluator(
            suite: suite, runSeed: 7, compiler: try TestMachine.required(TestMachine.compiler), pool: pool,
            reference: element)
        let score = try #require(try await evaluator.search(layer, rivals: []).verdict.score)
        #expect(score.tasks.flatMap(\.gains).allSatisfy { abs($0) < 0.1 }, "\(score.tasks.map(\.gains))")
        await pool.shutdown()
    }
}
