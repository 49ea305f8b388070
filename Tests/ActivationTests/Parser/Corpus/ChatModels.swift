import Foundation

/// Large chat models: prose, headings, fences, careful comments, a test around the function.
extension VoicedSnippet {
    static let chat: [VoicedSnippet] = [
        .accepted(
            "an explanation, a fence, a summary",
            """
            Great question! Here's an activation that combines **GELU** with a sinusoidal ripple:

            ```c
            // GELU plus a ripple that helps extrapolate periodic targets
            float activation(float x)
            {
                const float kAlpha = 0.1f;
                const float gate = 0.5f * (1.0f + erff(x * (float)M_SQRT1_2));
                return x * gate + kAlpha * sinf(2.0f * x);
            }
            ```

            ### Why it works
            - `erff` keeps it smooth
            - the sine (amplitude 0.1) adds `periodicity`
            """
        ) { gelu($0) + 0.1 * sin(2 * $0) },
        .accepted(
            "the parent first, then the improvement",
            """
            The parent was:
            ```c
            float activation(float x) { return tanhf(x); }
            ```
            My improved version:
            ```c
            float activation(float x) { return tanhf(x) + 0.1f * x; }
            ```
            """
        ) { tanh($0) + 0.1 * $0 },
        .accepted(
            "a usage example in a fence of its own",
            """
            ```c
            float activation(float x) { return x * sigmoid(1.702f * x); }
            ```
            You can call it like this:
            ```c
            int main(void) {
                printf("%f\\n", activation(1.0f));
                return 0;
            }
            ```
            """
        ) { $0 * sigmoid(1.702 * $0) },
        .accepted(
            "a complete program with main",
            """
            ```c
            #include <stdio.h>
            #include <math.h>

            #ifndef M_PI
            #define M_PI 3.14159265358979323846
            #endif

            /**
             * Snake with a linear trend.
             * @param x pre-activation
             * @return activated value
             */
            static inline float activation(const float x)
            {
                const float s = sinf((float)M_PI * x);
                return x + s * s;
            }

            int main(int argc, char **argv)
            {
                for (float v = -2.0f; v <= 2.0f; v += 0.5f) {
                    printf("f(%g) = %g\\n", v, activation(v));
                }
                return 0;
            }
            ```
            """
        ) { $0 + pow(sin(Double.pi * $0), 2) },
        .accepted(
            "helpers with documentation, guarded for C++",
            """
            ```c
            #pragma once
            #ifdef __cplusplus
            extern "C" {
            #endif

            /* Numerically stable logistic function. */
            static inline float stable_sigmoid(float z)
            {
                if (z >= 0.0f) {
                    const float e = expf(-z);
                    return 1.0f / (1.0f + e);
                }
                const float e = expf(z);
                return e / (1.0f + e);
            }

            float activation(float x)
            {
                return x * stable_sigmoid(x);
            }

            #ifdef __cplusplus
            }
            #endif
            ```
            """
        ) { $0 * sigmoid($0) },
        .accepted(
            "a vector wrapper beside it",
            """
            ```c
            float activation(float x) { return fmaxf(x, 0.0f) - 0.1f * expf(-x * x); }

            void activation_array(const float *in, float *out, int n) {
                for (int i = 0; i < n; ++i) out[i] = activation(in[i]);
            }
            ```
            """
        ) { max($0, 0) - 0.1 * exp(-$0 * $0) },
        .accepted(
            "a macro for the square, named constants",
            """
            Here is my proposal:

            ```C
            #define SQUARE(v) ((v) * (v))
            #define CLAMP(v, lo, hi) ((v) < (lo) ? (lo) : ((v) > (hi) ? (hi) : (v)))
            #define SLOPE 0.05f

            float activation(float x) {
                float c = CLAMP(x, -3.0f, 3.0f);
                return SLOPE * x + c / (1.0f + SQUARE(c - 0.5f));
            }
            ```
            """
        ) { x in
            let c = min(max(x, -3), 3)
            return 0.05 * x + c / (1 + (c - 0.5) * (c - 0.5))
        },
        .accepted(
            "guards against infinity and not-a-number",
            """
            ```c
            float activation(float x) {
                if (isnan(x) || isinf(x)) return 0.0f;   // robustness
                if (x > 20.0f) { return x; }
                else if (x < -20.0f) { return 0.0f; }
                return log1pf(expf(x));
            }
            ```
            """
        ) { softplus($0) },
        .accepted(
            "a prototype first, activation before its helper",
            """
            ```c
            static float bump(float t, float w);

            float activation(float x)
            {
                return x + bump(x, 2.0f) - bump(x - 1.0f, 0.5f);
            }

            static float bump(float t, float w)
            {
                return expf(-(t * t) / (2.0f * w * w));
            }
            ```
            """
        ) { $0 + exp(-$0 * $0 / 8) - exp(-($0 - 1) * ($0 - 1) / 0.5) },
        .accepted(
            "modes by switch",
            """
            ```c
            float activation(float x) {
                const int mode = 2;
                float y;
                switch (mode) {
                    case 0:
                        y = x;
                        break;
                    case 1:
                        y = tanhf(x);
                        break;
                    case 2:
                    case 3: {
                        float t = x * x;
                        y = x / sqrtf(1.0f + t);
                        break;
                    }
                    default:
                        y = 0.0f;
                }
                return y;
            }
            ```
            """
        ) { $0 / (1 + $0 * $0).squareRoot() },
        .accepted(
            "a thinking block, then the code without a fence",
            """
            <think>
            The user wants an activation. Maybe use something like sinc (x = 0 is singular).
            </think>
            float activation(float x)
            {
                return x == 0.0f ? 1.0f : sinf(x) / x;
            }
            Let me know if you want variants!
            """
        ) { $0 == 0 ? 1 : sin($0) / $0 },
        .accepted(
            "an indented fence in a list",
            """
            1. **Soft-clipped ramp**

               ```c
               float activation(float x) {
                   float a = fabsf(x);
                   return copysignf(log1pf(a), x);
               }
               ```
            2. It is odd and monotone.
            """
        ) { ($0 < 0 ? -1 : 1) * log1p(abs($0)) },
        .accepted(
            "typedef of the number type",
            """
            ```c
            typedef float real;

            static real mix(real a, real b, real t) { return a + t * (b - a); }

            real activation(real x) {
                const real gate = sigmoid(4.0f * x);
                return mix(0.1f * x, x, gate);
            }
            ```
            """
        ) { 0.1 * $0 + sigmoid(4 * $0) * 0.9 * $0 },
        .accepted(
            "constants as double, a cast at the end",
            """
            ```c
            double activation(double x) {
                const double a = 1.6732632423543772;
                const double scale = 1.0507009873554805;
                return (float)(x > 0.0 ? scale * x : scale * a * (exp(x) - 1.0));
            }
            ```
            """
        ) { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * (exp($0) - 1)) },
        .refused(
            "a struct of parameters",
            """
            ```c
            typedef struct { float a; float b; } Params;

            float activation(float x) {
                Params p = {0.5f, 1.0f};
                return p.a * x + p.b;
            }
            ```
            """, (1, "'typedef' is not available")),
        .refused(
            "state between calls",
            """
            ```c
            static float running_mean = 0.0f;
            float activation(float x) {
                running_mean = 0.9f * running_mean + 0.1f * x;
                return x - running_mean;
            }
            ```
            """, (3, "'running_mean' is global and must not change")),
        .refused(
            "printing while it computes",
            """
            ```c
            float activation(float x) {
                float y = tanhf(x);
                printf("%f\\n", y);
                return y + noise(x);
            }
            ```
            """, (3, "'printf' is input or output"), (4, "unknown function 'noise'")),
        .refused(
            "a random leak",
            """
            ```c
            #include <stdlib.h>
            float activation(float x) {
                float leak = 0.01f + 0.02f * ((float)rand() / RAND_MAX);
                return x > 0 ? x : leak * x;
            }
            ```
            """, (3, "an activation is a function of x alone")),
        .refused(
            "a function of another name",
            """
            ```c
            float my_cool_activation(float x) { return x * tanhf(softplus(x)); }
            ```
            """, (1, "must be named activation; rename 'my_cool_activation'")),
        .refused(
            "not a number on purpose",
            """
            ```c
            float activation(float x) { return x < -1.0f ? NAN : sqrtf(x + 1.0f); }
            ```
            """, (1, "NAN")),
        .refused(
            "Newton's method until it converges",
            """
            ```c
            float activation(float x) {
                float y = x;
                while (fabsf(y * y * y + y - x) > 1e-6f) {
                    y -= (y * y * y + y - x) / (3.0f * y * y + 1.0f);
                }
                return y;
            }
            ```
            """, (3, "how often this loop runs depends on x")),
    ]
}
