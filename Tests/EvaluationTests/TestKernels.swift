import ActivationCodegen
import EvolveTypes

/// Hand-written kernels of the kernel ABI, for tests that must not depend on the printer.
enum TestKernels {
    /// - Parameters:
    ///   - value: C expression in x (and p[0]).
    ///   - derivative: of value by x.
    ///   - byParameter: of value by p[0]; nil = no trainable parameter.
    static func kernel(
        _ value: String, derivative: String, byParameter: String? = nil, initial: Float = 0, prologue: String = ""
    ) -> KernelSource {
        let text = """
            #include <stdint.h>
            #include <math.h>
            #include <stdlib.h>
            #include <unistd.h>
            static const float initials[1] = {\(initial)f};
            int32_t evt_kernel_parameters(void) { return \(byParameter == nil ? 0 : 1); }
            const float *evt_kernel_initials(void) { return initials; }
            void evt_kernel_forward(const float *z, const float *bias, float *y, int64_t batch, int64_t units,
                                    const float *p) {
                \(prologue)
                for (int64_t r = 0; r < batch; r++)
                    for (int64_t u = 0; u < units; u++) {
                        float x = z[r * units + u] + bias[u];
                        y[r * units + u] = \(value);
                    }
            }
            void evt_kernel_forward_gradient(const float *z, const float *bias, float *y, float *dx, float *dp,
                                             int64_t batch, int64_t units, const float *p) {
                \(prologue)
                for (int64_t r = 0; r < batch; r++)
                    for (int64_t u = 0; u < units; u++) {
                        float x = z[r * units + u] + bias[u];
                        y[r * units + u] = \(value);
                        dx[r * units + u] = \(derivative);
                        \(byParameter.map { "dp[r * units + u] = \($0);" } ?? "")
                    }
            }
            """
        return KernelSource(text: text, initials: byParameter == nil ? [] : [initial])
    }

    static let gelu = kernel(
        "0.5f * x * (1.0f + erff(x * 0.70710678f))",
        derivative: "0.5f * (1.0f + erff(x * 0.70710678f)) + x * 0.39894228f * expf(-0.5f * x * x)")
    static let relu = kernel("x > 0 ? x : 0", derivative: "x > 0 ? 1 : 0")
    static let tanh = kernel("tanhf(x)", derivative: "1 - tanhf(x) * tanhf(x)")
    /// x + p sin x
    static let ripple = kernel(
        "x + p[0] * sinf(x)", derivative: "1 + p[0] * cosf(x)", byParameter: "sinf(x)", initial: 0.5)
    /// Learns nothing: a network of it is linear.
    static let identity = kernel("x", derivative: "1")

    static let notANumber = kernel("x / 0 - x / 0", derivative: "1")
    static let segfault = kernel("x", derivative: "1", prologue: "*(volatile int *)8 = 1;")
    static let abort = kernel("x", derivative: "1", prologue: "abort();")
    static let exits = kernel("x", derivative: "1", prologue: "_Exit(3);")
    static let spins = kernel("x", derivative: "1", prologue: "for (volatile int i = 0;;) i++;")
}
