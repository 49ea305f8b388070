/// The C functions that kernels call besides those of <math.h>: inline, without branches, built of vectorisable calls.
enum KernelHelpers {
    struct Helper {
        var name: String
        var text: String
        /// The functions of <math.h> it calls, as `evt_…`.
        var library: [String] = []
        var needsSelect = false
    }

    /// In the order in which they must stand in the text.
    static let helpers: [Helper] = [
        // Not `c ? a : b`: GCC would move the computation of an arm, with its calls, under the condition, and calls under
        // a condition are not vectorised. Choosing by bits leaves it nothing to move; both arms are always computed.
        Helper(
            name: "evt_select",
            text: """
                static inline float evt_select(int condition, float a, float b) {
                    union { float value; int32_t bits; } first = {a}, second = {b}, result;
                    const int32_t mask = -condition;
                    result.bits = (first.bits & mask) | (second.bits & ~mask);
                    return result.value;
                }
                """),
        // The exponential's argument is ≤ 0: nothing overflows, and small values keep their relative accuracy.
        Helper(
            name: "evt_sigmoid",
            text: """
                static inline float evt_sigmoid(float a) {
                    const float decay = evt_expf(-__builtin_fabsf(a));
                    const float right = 1.0f / (1.0f + decay);
                    return evt_select(a < 0.0f, decay * right, right);
                }
                """, library: ["expf"], needsSelect: true),
        Helper(
            name: "evt_softplus",
            text: """
                static inline float evt_softplus(float a) {
                    return (a > 0.0f ? a : 0.0f) + evt_log1pf(evt_expf(-__builtin_fabsf(a)));
                }
                """, library: ["expf", "log1pf"]),
        Helper(
            name: "evt_masked_multiply",
            text: """
                static inline float evt_masked_multiply(float a, float b) { return evt_select(a == 0.0f, 0.0f, a * b); }
                """, needsSelect: true),
        // C's fmin and fmax: of NaN and a number, the number. Of two zeros, either sign may come out.
        Helper(
            name: "evt_minimum",
            text: """
                static inline float evt_minimum(float a, float b) { return evt_select((a < b) | (b != b), a, b); }
                """, needsSelect: true),
        Helper(
            name: "evt_maximum",
            text: """
                static inline float evt_maximum(float a, float b) { return evt_select((b < a) | (b != b), a, b); }
                """, needsSelect: true),
        // fmodf itself is not vectorised. The quotient in double is exact to one unit up to 2^29, and is then put right;
        // the remainder is exact there. Beyond, only its range and sign are kept.
        Helper(
            name: "evt_remainder",
            text: """
                static inline float evt_remainder(float a, float b) {
                    const double size = __builtin_fabs((double)a);
                    const double divisor = __builtin_fabs((double)b);
                    double rest = size - __builtin_trunc(size / divisor) * divisor;
                    rest = rest < 0.0 ? rest + divisor : rest;
                    rest = rest >= divisor ? rest - divisor : rest;
                    rest = (rest < divisor) | (rest != rest) ? rest : 0.0;
                    return __builtin_copysignf((float)rest, a);
                }
                """),
    ]
}
