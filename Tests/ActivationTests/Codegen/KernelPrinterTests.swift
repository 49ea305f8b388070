import ActivationCodegen
import ActivationIR
import ActivationPasses
import EvolveTypes
import Foundation
import Testing

@Suite("Kernel printer")
struct KernelPrinterTests {
    private static func kernel(_ program: Program) -> KernelSource {
        KernelPrinter.print(gradient: Gradient.differentiate(Simplifier.run(program)))
    }

    @Test("the printed text of a small function is this")
    func goldenText() {
        let source = Self.kernel(
            Examples.program { b, x in
                b.times(b.trainable(name: "a", initial: 0.1), b.unary(.tanh, x))
            })
        #expect(source.initials == [0.1])
        #expect(source.hash == Digest.hex(source.text))
        #expect(
            source.text.hasPrefix(
                """
                // An activation function and its derivatives, printed from a verified program.
                #include <stdint.h>

                __attribute__((simd("notinbranch"), const)) float evt_tanhf(float) __asm__("tanhf");

                int32_t evt_kernel_parameters(void) { return 1; }

                const float *evt_kernel_initials(void) {
                    static const float initials[] = {0.1f};
                    return initials;
                }

                static __attribute__((noinline)) void evt_columns(
                    const float *restrict z, const float *restrict bias, float *restrict y, float *restrict dx,
                    float *restrict dp, int64_t batch, int64_t units, int64_t step, int64_t plane, const float *restrict p) {
                    (void)p; (void)plane; (void)z; (void)bias;
                    const float v1 = p[0];
                    for (int64_t sample = 0; sample < batch; sample++) {
                #pragma omp simd
                        for (int32_t unit = 0; unit < 16; unit++) {
                            const float x = z[unit] + bias[unit];
                            const float v2 = evt_tanhf(x);
                            const float v3 = v1 * v2;
                            const float v5 = v2 * v2;
                            const float v6 = 1.0f - v5;
                            const float v7 = v1 * v6;
                            y[unit] = v3;
                            dx[unit] = v7;
                            dp[0 * plane + unit] = v2;
                        }
                        z += units; y += units; dx += step; dp += step;
                    }
                }

                """))
    }

    /// Examples, every operator by itself, and random programs, compiled together.
    private struct Batch {
        var names: [String]
        var gradients: [Program]
        var compiled: CompiledKernels

        init() throws {
            let operators = OperatorTable.rows.filter {
                $0.resultType == .real && $0.arity > 0 && $0.op != .maskedMultiply && !$0.readsLayer
            }
            let programs =
                Examples.all.map { ($0.name, $0.program) } + operators.map { ($0.name, VectorisationTests.showing($0)) }
                + (0..<40).map { ("random \($0)", RandomProgram.make($0)) }
            names = programs.map(\.0)
            gradients = programs.map { Gradient.differentiate(Simplifier.run($0.1)) }
            compiled = try CompiledKernels(gradients.map(KernelPrinter.print(gradient:)))
        }
    }

    @Test("kernels compile in silence, are vectorised, and agree with the interpreter")
    func agreement() throws {
        let batch = try Batch()
        let (gradients, compiled) = (batch.gradients, batch.compiled)
        #expect(compiled.messages.isEmpty, "\(compiled.messages)")
        for (name, (all, vectorised)) in zip(batch.names, zip(compiled.loopCounts, compiled.vectorisedLoops)) {
            #expect(all > 0 && vectorised == all, "\(name): \(vectorised) of its \(all) loops are vectorised")
        }
        var stream = RandomStream(key: ["kernel inputs"])
        // 37 units: two full columns of 16, and a rest.
        let inputs = [0, -0.0, 1, -1, 10, -10, 100] + (0..<30).map { _ in Float(8 * stream.uniform() - 4) }
        var agreement = Agreement(tolerance: 4e-6, spreads: 8)
        for (number, gradient) in gradients.enumerated() {
            let kernel = try agreement.note(elementwise: compiled, number, batch.names[number], gradient, inputs)
            #expect(
                zip(kernel.forward, kernel.gradient[0]).allSatisfy {
                    $0 == $1 || $0.isNaN && $1.isNaN || abs($0 - $1) <= 1e-6 + 4e-6 * abs($1)
                }, "\(batch.names[number]): forward and forward_gradient differ")
        }
        for failure in agreement.failures { Issue.record("\(failure)") }
        #expect(agreement.compared > 4000, "only \(agreement.compared) values compared")
    }

    @Test("masked sinc: value 1 and slope exactly 0 at both zeros, finite at denormals")
    func maskedSinc() throws {
        let compiled = try CompiledKernels([Self.kernel(Examples.maskedSinc)])
        let least = Float.leastNonzeroMagnitude
        let inputs: [Float] = [0, -0.0, least, -least, 100 * least, 2e-38, 1e-20, 1e-3, 1, 100, 1e4]
        let values = try compiled.evaluate(0, inputs: inputs, parameters: []).gradient
        #expect(values[0][0] == 1 && values[0][1] == 1)
        #expect(values[1][0] == 0 && values[1][1] == 0)
        #expect(values[1].allSatisfy { $0.isFinite })
    }

    @Test("the remainder by infinity is the number itself; of infinity, and by zero, it is none")
    func remainders() throws {
        let programs = [Double.infinity, 3, 0].map { divisor in
            Examples.program { b, x in b.binary(.remainder, x, b.real(divisor)) }
        }
        let compiled = try CompiledKernels(programs.map { KernelPrinter.print(gradient: Gradient.differentiate($0)) })
        let inputs: [Float] = [5, -5, 0, .infinity, -.infinity, .nan]
        for (number, divisor) in [Float.infinity, 3, 0].enumerated() {
            let values = try compiled.evaluate(number, inputs: inputs, parameters: []).gradient[0]
            for (x, value) in zip(inputs, values) {
                let exact = fmodf(x, divisor)
                #expect(value == exact || value.isNaN && exact.isNaN, "\(x) by \(divisor): \(value), not \(exact)")
            }
        }
    }

    @Test("z, bias, batch and units mean what the interface says; initials and counts come out")
    func interface() throws {
        let compiled = try CompiledKernels([Self.kernel(Examples.snake), Self.kernel(Examples.relu)])
        #expect(try compiled.function("parameters", of: 0, as: CompiledKernels.Count.self)() == 1)
        #expect(try compiled.function("parameters", of: 1, as: CompiledKernels.Count.self)() == 0)
        #expect(try compiled.function("initials", of: 0, as: CompiledKernels.Initials.self)()?.pointee == 1)
        let z: [Float] = [-1, 0, 1, 2, 3, 4]
        let bias: [Float] = [0.5, -0.5, 10]
        var (y, dx, dp) = (
            [Float](repeating: 9, count: 6), [Float](repeating: 9, count: 6), [Float](repeating: 9, count: 6)
        )
        try compiled.function("forward_gradient", of: 1, as: CompiledKernels.ForwardGradient.self)(
            z, bias, &y, &dx, &dp, 2, 3, [0])
        #expect(y == [0, 0, 11, 2.5, 2.5, 14])
        #expect(dx == [0, 0, 1, 1, 1, 1])
        #expect(dp == [9, 9, 9, 9, 9, 9])
        try compiled.function("forward_gradient", of: 0, as: CompiledKernels.ForwardGradient.self)(
            z, bias, &y, &dx, &dp, 2, 3, [2])
        let wave = sin(2 * 2.5)
        #expect(abs(Double(y[3]) - (2.5 + wave * wave / 2)) < 1e-6)
        let slope = 2.5 * sin(4 * 2.5) / 2 - wave * wave / 4
        #expect(abs(Double(dp[3]) - slope) < 1e-5)
    }
}
