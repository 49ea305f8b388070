import ActivationCodegen
import CTrainer
import EvolveTypes
import Foundation
import Testing

@testable import Evaluation

/// x + p[0] sin(w x) in three forms: w written into the text, frozen in p[1], or trained there.
private enum Ripple {
    static func kernel(_ w: String, initials: String, parameters: Int, frozen: Int) -> KernelSource {
        let byWidth = parameters == 2 ? "dp[batch * units + i] = p[0] * x * cosf(\(w) * x);" : ""
        return KernelSource(
            text: """
                #include <stdint.h>
                #include <math.h>
                static const float initials[2] = {\(initials)};
                int32_t evt_kernel_parameters(void) { return \(parameters); }
                int32_t evt_kernel_frozen(void) { return \(frozen); }
                const float *evt_kernel_initials(void) { return initials; }
                void evt_kernel_forward_gradient(const float *z, const float *bias, float *y, float *dx, float *dp,
                                                 int64_t batch, int64_t units, const float *p) {
                    for (int64_t i = 0; i < batch * units; i++) {
                        float x = z[i] + bias[i % units];
                        y[i] = x + p[0] * sinf(\(w) * x);
                        dx[i] = 1 + p[0] * (\(w) * cosf(\(w) * x));
                        dp[i] = sinf(\(w) * x);
                        \(byWidth)
                    }
                }
                void evt_kernel_forward(const float *z, const float *bias, float *y, int64_t batch, int64_t units,
                                        const float *p) {
                    for (int64_t i = 0; i < batch * units; i++) {
                        float x = z[i] + bias[i % units];
                        y[i] = x + p[0] * sinf(\(w) * x);
                    }
                }
                """, initials: [])
    }

    static let written = kernel("3.0f", initials: "0.5f, 0.0f", parameters: 1, frozen: 0)
    static let frozen = kernel("p[1]", initials: "0.5f, 3.0f", parameters: 1, frozen: 1)
    static let trained = kernel("p[1]", initials: "0.5f, 3.0f", parameters: 2, frozen: 0)
}

@Suite("Frozen values of a kernel")
struct FrozenValueTests {
    /// Outcomes of two networks. `initials` take the place of the kernel's own.
    private func train(
        _ source: KernelSource, initials: [Float]? = nil, optimiser: SuitePolicy.Training.Optimiser = .adam
    ) async throws -> [Double] {
        _ = TestMachine.ready
        var suite = SuitePolicy.tiny(steps: 40)
        suite.training.optimiser = optimiser
        var kernel = evt_kernel()
        var message = [CChar](repeating: 0, count: 200)
        let path = try await TestMachine.compile(source)
        try #require(evt_kernel_open(path, &kernel, &message, message.count) == EVT_OK)
        defer { evt_kernel_close(&kernel) }
        let tasks = try [0, 2].map { LoadedTask(try suite.data(of: $0)) }
        let models = tasks.map { evt_model(task: UnsafePointer($0.task), seed: 5) }
        var outcomes = [evt_outcome](repeating: evt_outcome(), count: models.count)
        let own = kernel.initials
        try (initials ?? []).withUnsafeBufferPointer { given in
            if initials != nil { kernel.initials = given.baseAddress }
            try suite.withTraining { training in
                var bytes = 0
                try #require(evt_workspace_bytes(&kernel, &training, models, 2, &bytes) == EVT_OK)
                let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
                defer { memory.deallocate() }
                try #require(evt_train(&kernel, &training, models, 2, &outcomes, nil, memory, bytes) == EVT_OK)
            }
        }
        kernel.initials = own
        return withExtendedLifetime(tasks) { outcomes.flatMap { [$0.train, $0.out_of_distribution] } }
    }

    @Test("stay as they are while the others train: bit for bit as if they were written in the text")
    func frozen() async throws {
        for optimiser in SuitePolicy.Training.Optimiser.allCases {
            let written = try await train(Ripple.written, optimiser: optimiser)
            let frozen = try await train(Ripple.frozen, optimiser: optimiser)
            let trained = try await train(Ripple.trained, optimiser: optimiser)
            #expect(frozen == written)
            #expect(trained != written, "else the test would see nothing")
        }
    }

    @Test("may be replaced in an open kernel, and so may what trained values start from")
    func replaced() async throws {
        let other = Ripple.kernel("2.5f", initials: "0.25f, 0.0f", parameters: 1, frozen: 0)
        let written = try await train(other)
        #expect(try await train(Ripple.frozen, initials: [0.25, 2.5]) == written)
        #expect(try await train(Ripple.frozen, initials: [0.5, 2.5]) != written)
        #expect(try await train(Ripple.frozen, initials: [0.25, 3]) != written)
    }

    @Test("cannot be more than the trainer takes")
    func tooMany() async throws {
        let kernel = Ripple.kernel("p[1]", initials: "0.5f, 3.0f", parameters: 1, frozen: 1024)
        let path = try await TestMachine.compile(kernel)
        var opened = evt_kernel()
        var message = [CChar](repeating: 0, count: 500)
        #expect(evt_kernel_open(path, &opened, &message, message.count) == EVT_NOT_LOADED)
        let said = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #expect(said.hasSuffix("1 trainable and 1024 frozen parameters"))
    }
}
