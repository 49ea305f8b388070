/// Our own elementary functions, where they are faster than those of the vector maths library: written so that the C
/// compiler inlines them into a kernel's loop, vectorises them, and computes once what two of them share: a sine and a
/// cosine of one argument their range reduction and both polynomials, erf(a) its Gaussian exp(−a²) with the
/// derivative, softplus its exp(−|a|) with the sigmoid.
///
/// Within 3 units in the last place of the true value (sine and cosine of |a| > 1: or 1.2e-7, near their zeros; zero for
/// denormal exponentials), for all arguments: ±0, ±∞ and NaN give what C's functions give. Polynomials are weighted minimax fits with coefficients rounded to float32 one after
/// another, lowest first, the others fitted again. Range reductions are after Cody and Waite (1980).
///
/// The sine and cosine hold up to `evt_far` only, beyond which the two or three parts of π/2 have too few digits: a kernel
/// notes whether an argument was larger, and then computes the whole block again with the library's functions.
extension KernelHelpers {
    static let maths: [Helper] = [
        Helper(
            name: "evt_bits",
            text: """
                evt_inline int32_t evt_bits(float value) {
                    union { float value; int32_t bits; } both = {value};
                    return both.bits;
                }
                evt_inline float evt_float(int32_t bits) {
                    union { int32_t bits; float value; } both = {bits};
                    return both.value;
                }
                """),
        // Adding 1.5·2²³ rounds to a whole number, which then stands in the lowest bits; the power of two is added to the
        // exponent, so the ends of the range are chosen at last. The result is 0 where it would be denormal.
        Helper(
            name: "evt_exp",
            text: """
                evt_inline float evt_exp(float a) {
                    const float shifted = a * 1.442695f + 12582912.0f;
                    const float n = shifted - 12582912.0f;
                    const float r = (a - n * 0.69314575f) - n * 1.4286068e-06f;
                    const float q = (((0.0013820468f * r + 0.00836925f) * r + 0.041668285f) * r + 0.16666517f) * r + 0.49999994f;
                    const float p = r * r * q + r + 1.0f;
                    const float value = evt_float(evt_bits(p) + (int32_t)((uint32_t)evt_bits(shifted) << 23));
                    const float topped = a <= 88.72283f ? value : a + __builtin_inff();
                    return a < -87.33654f ? 0.0f : topped;
                }
                """, requires: ["evt_bits"]),
        // r = a − n·π/2, with the sign of a zero a. With fused products the first difference is exact; without, π/2 has three parts that n does not
        // fill up.
        Helper(
            name: "evt_turned",
            text: """
                #if defined(__FMA__) || defined(__aarch64__)
                evt_inline float evt_quarter(float a, float n) { return (a - n * 1.5707963f) - n * 7.54979e-08f; }
                evt_inline int32_t evt_far(float a) { return __builtin_fabsf(a) > 1e5f; }
                #else
                evt_inline float evt_quarter(float a, float n) {
                    return ((a - n * 1.5703125f) - n * 4.837512969970703125e-4f) - n * 7.549789948768648e-8f;
                }
                evt_inline int32_t evt_far(float a) { return __builtin_fabsf(a) > 8e3f; }
                #endif
                // The sine of a + shift quarter turns.
                evt_inline float evt_turned(float a, int32_t shift) {
                    const float shifted = a * 0.63661975f + 12582912.0f;
                    const float r = evt_quarter(a, shifted - 12582912.0f);
                    const float s = r * r;
                    const float sine = (((-0.00019494399f * s + 0.0083320085f) * s - 0.16666652f) * s + 1.0f) * r;
                    const float cosine =
                        ((2.4411447e-05f * s - 0.0013887127f) * s + 0.04166664f) * s * s + (1.0f - 0.5f * s);
                    const int32_t turns = evt_bits(shifted) + shift;
                    const float value = evt_bits(shifted) & 1 ? (shift ? sine : cosine) : (shift ? cosine : sine);
                    return evt_float(evt_bits(value) ^ (int32_t)((uint32_t)(turns & 2) << 30));
                }
                """, requires: ["evt_bits"]),
        Helper(
            name: "evt_sin", text: "evt_inline float evt_sin(float a) { return evt_turned(a, 0); }",
            requires: ["evt_turned"]),
        Helper(
            name: "evt_cos", text: "evt_inline float evt_cos(float a) { return evt_turned(a, 1); }",
            requires: ["evt_turned"]),
        // Near 0 a·P(a²); from there 1 − exp(−a²)·R(|a|), where R = exp(a²)·erfc(a) is smooth, and beyond 4 not seen.
        Helper(
            name: "evt_erf",
            text: """
                evt_inline float evt_erf(float a) {
                    const float s = a * a;
                    const float gaussian = evt_exp(-s);
                    const float size = __builtin_fabsf(a);
                    const float z = size < 4.0f ? size : 4.0f;
                    const float rest =
                        ((((((-0.0004915367f * z + 0.0072658295f) * z - 0.047482334f) * z + 0.18224408f) * z - 0.46135843f) * z
                            + 0.82114744f) * z - 1.0631521f) * z + 0.9894106f;
                    const float near = ((((-0.0005513453f * s + 0.004889928f) * s - 0.026688848f) * s + 0.11279441f) * s
                        - 0.37612242f) * s + 1.1283791f;
                    return size < 0.95f ? a * near : __builtin_copysignf(1.0f - gaussian * rest, a);
                }
                """, requires: ["evt_exp"]),
        // The exponential's argument is ≤ 0: nothing overflows, and small values keep their relative accuracy.
        Helper(
            name: "evt_sigmoid",
            text: """
                evt_inline float evt_sigmoid(float a) {
                    const float decay = evt_exp(-__builtin_fabsf(a));
                    const float right = 1.0f / (1.0f + decay);
                    return a < 0.0f ? decay * right : right;
                }
                """, requires: ["evt_exp"]),
        // log(1 + decay) = decay·P(decay) over [0, 1].
        Helper(
            name: "evt_softplus",
            text: """
                evt_inline float evt_softplus(float a) {
                    const float decay = evt_exp(-__builtin_fabsf(a));
                    const float near = ((((((((-0.0033108105f * decay + 0.020169048f) * decay - 0.057595447f) * decay + 0.10673291f)
                        * decay - 0.1535091f) * decay + 0.1969376f) * decay - 0.24958248f) * decay + 0.33330476f) * decay
                        - 0.4999993f) * decay + 1.0f;
                    return (a > 0.0f ? a : 0.0f) + decay * near;
                }
                """, requires: ["evt_exp"]),
    ]
}
