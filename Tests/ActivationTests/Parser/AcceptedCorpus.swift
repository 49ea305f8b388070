import Foundation
import Testing

/// A snippet that must be accepted, and what it means.
struct AcceptedSnippet: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var source: String
    /// The same function in double precision.
    var meaning: @Sendable (Double) -> Double

    init(_ name: String, _ source: String, _ meaning: @escaping @Sendable (Double) -> Double) {
        testDescription = name
        self.source = source
        self.meaning = meaning
    }

    /// A body of activation.
    static func body(
        _ name: String, _ body: String, _ meaning: @escaping @Sendable (Double) -> Double
    ) -> AcceptedSnippet {
        AcceptedSnippet(name, "float activation(float x)\n{\n\(body)\n}\n", meaning)
    }

    static func value(
        _ expression: String, _ meaning: @escaping @Sendable (Double) -> Double
    ) -> AcceptedSnippet {
        body(expression, "    return \(expression);", meaning)
    }
}

private func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }
private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

extension AcceptedSnippet {
    static let all = programs + controlFlow + integers + expressions

    /// Whole programs in the voices of different models.
    static let programs: [AcceptedSnippet] = [
        AcceptedSnippet(
            "the example of the design",
            """
            // GELU with a trainable ripple
            float activation(float x)
            {
                float a = trainable(0.1f);
                float g = 0.5f * x * (1.0f + erff(x * 0.70710678f));
                return g + a * sinf(x);
            }
            """
        ) { gelu($0) + 0.1 * sin($0) },
        AcceptedSnippet(
            "headers, macros, a helper, K&R braces",
            """
            #include <math.h>
            #include <stdio.h>
            #define _GNU_SOURCE
            #define ALPHA 0.25f
            #define SCALE (ALPHA * 2.0f)

            static inline float bump(const float t) {
              return expf(-t * t);
            }

            float activation(float x) {
              /* a bump on a line */
              return ALPHA * x + SCALE * bump(x - 1.0f);
            }
            """
        ) { 0.25 * $0 + 0.5 * exp(-($0 - 1) * ($0 - 1)) },
        AcceptedSnippet(
            "double and unsuffixed names",
            "double activation(double z) { double s = 1.0 / (1.0 + exp(-z)); return z * s; }"
        ) { $0 * sigmoid($0) },
        AcceptedSnippet(
            "helpers that call helpers, and a prototype",
            """
            float outer(float v);
            float inner(float v) { return v * v; }
            float outer(float v) { return inner(v) + inner(v + 1.0f); }
            float activation(float x) { return outer(x) - inner(x); }
            """
        ) { ($0 + 1) * ($0 + 1) },
        AcceptedSnippet(
            "a helper with the name of an idiom wins over the idiom",
            """
            static float sigmoid(float v) { return v > 0.0f ? 1.0f : 0.0f; }
            float activation(float x) { return x * sigmoid(x); }
            """
        ) { max($0, 0) },
        AcceptedSnippet(
            "global constants and tables",
            """
            static const float weights[] = {0.5f, -0.25f, 0.125f};
            const float bias = 0.75f;
            float activation(float x) {
                float sum = bias;
                float power = x;
                for (int k = 0; k < 3; ++k) {
                    sum += weights[k] * power;
                    power *= x;
                }
                return sum;
            }
            """
        ) { 0.75 + 0.5 * $0 - 0.25 * $0 * $0 + 0.125 * $0 * $0 * $0 },
        AcceptedSnippet(
            "safe Padé",
            """
            float activation(float x) {
                const float num[4] = {0.0f, 1.0f, 0.5f, 0.25f};
                float p = 0.0f, q = 0.0f, t = 1.0f;
                for (int j = 0; j < 4; j++) { p += num[j] * t; if (j > 0) q += fabsf(0.1f * t); t *= x; }
                return p / (1.0f + q);
            }
            """
        ) { x in
            (x + 0.5 * x * x + 0.25 * x * x * x) / (1 + 0.1 * (abs(x) + x * x + abs(x * x * x)))
        },
    ]

    static let controlFlow: [AcceptedSnippet] = [
        .body("if and else", "float y; if (x > 0) { y = x; } else { y = expf(x) - 1.0f; } return y;") {
            $0 > 0 ? $0 : exp($0) - 1
        },
        .body("early return", "if (x > 1.0f) return 1.0f; if (x < -1.0f) return -1.0f; return x;") {
            min(max($0, -1), 1)
        },
        .body(
            "else if chain",
            "if (x < -1) return 0; else if (x < 0) return x + 1; else if (x < 2) return 1; else return x;"
        ) {
            $0 < -1 ? 0 : $0 < 0 ? $0 + 1 : $0 < 2 ? 1 : $0
        },
        .body(
            "nested branches", "float y = 0; if (x > 0) { if (x > 2) y = 2; else { y = x; y *= 2; } y += 1; } return y;"
        ) {
            $0 > 0 ? ($0 > 2 ? 3 : 2 * $0 + 1) : 0
        },
        .body("a branch that is not taken keeps its arms apart", "return x == 0.0f ? 1.0f : sinf(x) / x;") {
            $0 == 0 ? 1 : sin($0) / $0
        },
        .body("break on x", "float s = 0; for (int i = 0; i < 5; i++) { if (s > x) break; s += 1; } return s;") { x in
            var s = 0.0
            for _ in 0..<5 {
                if s > x { break }
                s += 1
            }
            return s
        },
        .body(
            "continue on x",
            "float s = 0; for (int i = 1; i <= 4; i++) { if (x < i) continue; s += i * x; } return s + x;"
        ) { x in
            (1...4).reduce(x) { x < Double($1) ? $0 : $0 + Double($1) * x }
        },
        .body("return from inside a loop", "for (int i = 0; i < 6; i++) { if (i * 0.5f > x) return i; } return 9 + x;")
        { x in
            for i in 0..<6 where Double(i) * 0.5 > x { return Double(i) }
            return 9 + x
        },
        .body("while with a counter", "int n = 0; float y = x; while (n < 3) { y = sinf(y); n++; } return y;") {
            sin(sin(sin($0)))
        },
        .body(
            "a loop that x may end early",
            "float y = x; int n = 0; while (n < 8 && y > 1.0f) { y *= 0.5f; ++n; } return y + n;"
        ) { x in
            var (y, n) = (x, 0.0)
            while n < 8, y > 1 { (y, n) = (y * 0.5, n + 1) }
            return y + n
        },
        .body("do while", "float y = 1; int i = 0; do { y *= x; i += 2; } while (i < 6); return y;") { $0 * $0 * $0 },
        .body("two counters", "float s = 0; for (int i = 0, j = 3; i < j; i++, j--) s += x * (j - i); return s;") {
            4 * $0
        },
        .body(
            "nested loops with break",
            """
            float s = 0;
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) { if (j > i) break; s += x; }
            }
            return s;
            """
        ) { 6 * $0 },
        .body(
            "break inside if inside a nested loop on x",
            """
            float s = 0;
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) { if (x > j) { s += 1; } else { break; } }
                if (s > 4) { break; }
            }
            return s + 0 * x;
            """
        ) { x in
            var s = 0.0
            for _ in 0..<3 {
                for j in 0..<3 { if x > Double(j) { s += 1 } else { break } }
                if s > 4 { break }
            }
            return s
        },
        .body(
            "a forever loop that ends by a constant",
            "int i = 0; float y = x; for (;;) { if (i >= 4) break; y += 1; i++; } return y;"
        ) { $0 + 4 },
        .body(
            "float counter has float32's trip count",
            "float s = 0; for (float t = 0.0f; t < 1.0f; t += 0.1f) s += x; return s;"
        ) { 10 * $0 },
        .body("array written in a loop", "float c[4]; for (int i = 0; i < 4; i++) c[i] = i * x; return c[3] + c[1];") {
            4 * $0
        },
        .body("shadowing", "float y = x; { float y = 2; y += 1; } for (int y = 0; y < 2; y++) { } return y;") { $0 },
        .body(
            "booleans",
            "bool up = x > 0; bool far = fabsf(x) > 1.5f; if (up && !far || x == -3) return 1; return up ? 2 : 3;"
        ) {
            $0 > 0 && !(abs($0) > 1.5) || $0 == -3 ? 1 : $0 > 0 ? 2 : 3
        },
        .body(
            "code that is never run may divide by zero",
            "if (0) { return 1 / 0; } int n = 3; return n > 2 || 1 / 0 ? x : 0;"
        ) { $0 },
        .body(
            "trainable in a loop",
            "float y = 0; for (int i = 1; i <= 3; i++) { float a = trainable(0.5f * i); y += a * x; } return y;"
        ) { 3 * $0 },
    ]

    static let integers: [AcceptedSnippet] = [
        .value("(float)((int)(x * 2.0f))") { (x: Double) in (x * 2).rounded(.towardZero) },
        .value("(int)x % 3 + 7 / 2 + x * 0") { $0.rounded(.towardZero).truncatingRemainder(dividingBy: 3) + 3 },
        .value("(int)x / 2") { ($0.rounded(.towardZero) / 2).rounded(.towardZero) },
        .value("1 / 2 * x + 3 % 2") { _ in 1 },
        .value("-7 / 2 + -7 % 3 + x") { $0 - 4 },
        .value("(x > 0) + (x > 1) + (x > 2)") { ($0 > 0 ? 1 : 0) + ($0 > 1 ? 1 : 0) + ($0 > 2 ? 1 : 0) },
        .value("0x10 * x + 010") { 16 * $0 + 8 },
        .value("x * 0x1.8p1f + 1.e-1 + .5f + 2.") { 3 * $0 + 2.6 },
        .value("lroundf(x * 0.5f) / 2") { (($0 * 0.5).rounded(.toNearestOrAwayFromZero) / 2).rounded(.towardZero) },
        .value("abs((int)x)") { abs($0.rounded(.towardZero)) },
        .value("!x + (bool)x * 4") { ($0 == 0 ? 1 : 0) + ($0 != 0 ? 4 : 0) },
        .body("int variable cuts off", "int n = x * 1.5f; return n;") { ($0 * 1.5).rounded(.towardZero) },
        .body("size_t and unsigned", "unsigned int k = 2u; size_t n = 3UL; long m = 4L; return x * k * n * m;") {
            24 * $0
        },
    ]

    static let expressions: [AcceptedSnippet] = [
        .value("relu(x) + sigmoid(x) + softplus(x)") { max($0, 0) + sigmoid($0) + log(1 + exp($0)) },
        .value("gelu(x)", gelu),
        .value("gelu_tanh(x)") { x in
            0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        },
        .value("silu(x) * sinc(x)") { $0 * sigmoid($0) * ($0 == 0 ? 1 : sin(Double.pi * $0) / (Double.pi * $0)) },
        .value("sign(x) + step(x) + clamp(x, -1.0f, 0.5f)") {
            ($0 > 0 ? 1 : $0 < 0 ? -1 : 0) + ($0 >= 0 ? 1 : 0) + min(max($0, -1), 0.5)
        },
        .value("x * tanhf(log1pf(expf(x)))") { $0 * tanh(log1p(exp($0))) },
        .value("fmaxf(x, 0.1f * x) - fminf(x, 1.0f)") { max($0, 0.1 * $0) - min($0, 1) },
        .value("tanh(1.5 * x) * exp(-0.2 * x * x) + 0.1 * x") { tanh(1.5 * $0) * exp(-0.2 * $0 * $0) + 0.1 * $0 },
        .value("powf(fabsf(x), 1.5f) + hypotf(x, 2.0f) + cbrtf(x)") { pow(abs($0), 1.5) + hypot($0, 2) + cbrt($0) },
        .value("atan2f(x, 2) + fmodf(x, 0.75f) + remainderf(x, 0.75f)") {
            atan2($0, 2) + fmod($0, 0.75) + remainder($0, 0.75)
        },
        .value("roundf(x) + rintf(x) * 10 + nearbyint(x) * 100 + floorf(x) * 1000 + ceil(x) + truncf(x)") { x in
            let even = x.rounded(.toNearestOrEven)
            return x.rounded() + even * 110 + floor(x) * 1000 + ceil(x) + trunc(x)
        },
        .value("fdimf(x, 1.0f) + copysignf(2.0f, x) + fmaf(x, x, 1.0f)") {
            max($0 - 1, 0) + copysign(2, $0) + $0 * $0 + 1
        },
        .value("signbit(x) + isnan(x) * 2 + isinf(x) * 4 + isfinite(x) * 8") { ($0.sign == .minus ? 1 : 0) + 8 },
        .value("x * M_PI + M_SQRT1_2 + M_2_SQRTPI + M_LN2 + M_E") {
            $0 * Double.pi + 0.5.squareRoot() + 2 / Double.pi.squareRoot() + log(2) + exp(1)
        },
        .value("fminf(INFINITY, x) + FLT_EPSILON * 0") { $0 },
        .value("exp2f(x) + expm1f(x) + log2f(x * x + 1) + log10f(x * x + 1) + ldexpf(x, 3)") {
            exp2($0) + expm1($0) + log2($0 * $0 + 1) + log10($0 * $0 + 1) + 8 * $0
        },
        .value("asinf(tanhf(x)) + acosf(tanhf(x)) + atanf(x) + asinhf(x) + acoshf(1 + x * x) + atanhf(0.5f * tanhf(x))")
        {
            asin(tanh($0)) + acos(tanh($0)) + atan($0) + asinh($0) + acosh(1 + $0 * $0) + atanh(0.5 * tanh($0))
        },
        .value("sinhf(0.5f * x) + coshf(0.5f * x) + tanf(0.1f * x) + erfcf(x)") {
            sinh(0.5 * $0) + cosh(0.5 * $0) + tan(0.1 * $0) + erfc($0)
        },
        .value("x > 0 ? x > 1 ? 1 : x : x < -1 ? -1 : x") { min(max($0, -1), 1) },
        .value("x - -x - - -x + +x") { $0 + $0 - $0 + $0 },
        .value("x - (1 - (2 - x)) + 12 / (3 / (x * x + 4.0f)) - (x + 1) * -(x - 2)") {
            $0 - (1 - (2 - $0)) + 4 * ($0 * $0 + 4) + ($0 + 1) * ($0 - 2)
        },
        .value("(x > 0 ? 1 : 2) * x + !(x > 1 && !(x > 2)) + (x > 0) * (x < (2 > 1))") {
            ($0 > 0 ? 1 : 2) * $0 + ($0 > 1 && $0 <= 2 ? 0 : 1) + ($0 > 0 && $0 < 1 ? 1 : 0)
        },
        .value("x - 1 - 2 - x / 2 / 2 * 3") { $0 - 3 - $0 / 4 * 3 },
    ]
}
