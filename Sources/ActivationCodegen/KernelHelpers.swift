/// The C functions that kernels call besides those of <math.h>: inline, without branches, made for being vectorised.
enum KernelHelpers {
    struct Helper {
        /// The function that `text` defines for others; it may have parts.
        var name: String
        var text: String
        /// The helpers that it calls.
        var requires: [String] = []
    }

    /// Goes before them: a call that is not inlined would not be vectorised.
    static let inline = "#define evt_inline static inline __attribute__((always_inline))"

    /// The helpers that a program needs which calls `names`, in the order in which they must stand in the text.
    static func closure(of names: Set<String>) -> [Helper] {
        var needed = names
        let all = choices + maths
        for helper in all.reversed() where needed.contains(helper.name) { needed.formUnion(helper.requires) }
        return all.filter { needed.contains($0.name) }
    }

    /// Choices by value, and the remainder. Each stands behind those it calls.
    private static let choices: [Helper] = [
        // Not `c ? a : b`: GCC would move the computation of an arm, with its calls, under the condition, and calls under
        // a condition are not vectorised. Choosing by bits leaves it nothing to move; both arms are always computed.
        Helper(
            name: "evt_select",
            text: """
                evt_inline float evt_select(int condition, float a, float b) {
                    union { float value; int32_t bits; } first = {a}, second = {b}, result;
                    const int32_t mask = -condition;
                    result.bits = (first.bits & mask) | (second.bits & ~mask);
                    return result.value;
                }
                """),
        Helper(
            name: "evt_masked_multiply",
            text: """
                evt_inline float evt_masked_multiply(float a, float b) { return evt_select(a == 0.0f, 0.0f, a * b); }
                """, requires: ["evt_select"]),
        // C's fmin and fmax: of NaN and a number, the number. Of two zeros, either sign may come out.
        Helper(
            name: "evt_minimum",
            text: """
                evt_inline float evt_minimum(float a, float b) { return evt_select((a < b) | (b != b), a, b); }
                """, requires: ["evt_select"]),
        Helper(
            name: "evt_maximum",
            text: """
                evt_inline float evt_maximum(float a, float b) { return evt_select((b < a) | (b != b), a, b); }
                """, requires: ["evt_select"]),
        // fmodf itself is not vectorised. The quotient in double is exact to one unit up to 2^29, and is then put right;
        // the remainder is exact there. Beyond, only its range and sign are kept.
        Helper(
            name: "evt_remainder",
            text: """
                evt_inline float evt_remainder(float a, float b) {
                    const double size = __builtin_fabs((double)a);
                    const double divisor = __builtin_fabs((double)b);
                    double rest = size - __builtin_trunc(size / divisor) * divisor;
                    rest = rest < 0.0 ? rest + divisor : rest;
                    rest = rest >= divisor ? rest - divisor : rest;
                    rest = (rest < divisor) | (rest != rest) ? rest : 0.0;
                    // By infinity: 0·∞ is no number, but the remainder is a itself.
                    rest = (divisor > 1e300) & (size < divisor) ? size : rest;
                    return __builtin_copysignf((float)rest, a);
                }
                """),
    ]
}
