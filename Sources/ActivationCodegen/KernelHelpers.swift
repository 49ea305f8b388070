/// The C functions that kernels call besides those of <math.h>: inline, straight-line, built of vectorisable calls.
enum KernelHelpers {
    struct Helper {
        var text: String
        /// The functions of <math.h> it calls.
        var library: [String]
    }

    static let helpers: [String: Helper] = [
        // Both exponentials have arguments ≤ 0: nothing overflows, and small values keep their relative accuracy.
        "evt_sigmoid": Helper(
            text: """
                static inline float evt_sigmoid(float a) {
                    const float decay = expf(-__builtin_fabsf(a));
                    const float right = 1.0f / (1.0f + decay);
                    return a < 0.0f ? decay * right : right;
                }
                """, library: ["expf"]),
        "evt_softplus": Helper(
            text: """
                static inline float evt_softplus(float a) {
                    return (a > 0.0f ? a : 0.0f) + log1pf(expf(-__builtin_fabsf(a)));
                }
                """, library: ["expf", "log1pf"]),
        "evt_masked_multiply": Helper(
            text: """
                static inline float evt_masked_multiply(float a, float b) { return a == 0.0f ? 0.0f : a * b; }
                """, library: []),
        // C's fmin and fmax: of NaN and a number, the number. Of two zeros, either sign may come out.
        "evt_minimum": Helper(
            text: "static inline float evt_minimum(float a, float b) { return (a < b) | (b != b) ? a : b; }", library: []),
        "evt_maximum": Helper(
            text: "static inline float evt_maximum(float a, float b) { return (b < a) | (b != b) ? a : b; }", library: []),
        // fmodf itself is not vectorised. The quotient in double is exact to one unit up to 2^29, and is then put right;
        // the remainder is exact there. Beyond, only its range and sign are kept.
        "evt_remainder": Helper(
            text: """
                static inline float evt_remainder(float a, float b) {
                    const double size = __builtin_fabs((double)a);
                    const double divisor = __builtin_fabs((double)b);
                    double rest = size - __builtin_trunc(size / divisor) * divisor;
                    rest = rest < 0.0 ? rest + divisor : rest;
                    rest = rest >= divisor ? rest - divisor : rest;
                    rest = rest < divisor || rest != rest ? rest : 0.0;
                    return __builtin_copysignf((float)rest, a);
                }
                """, library: []),
    ]
}
