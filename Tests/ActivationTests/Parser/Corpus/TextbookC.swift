import Foundation

/// Classic C as in textbooks and numerical recipes: arrays, Horner, series, declarations at the top.
extension VoicedSnippet {
    static let textbook: [VoicedSnippet] = [
        .accepted(
            "a series by recurrence",
            """
            /* sin(x) by its series, seven terms */
            double activation(double x)
            {
                double term, sum;
                int k;

                term = sum = x;
                for (k = 1; k < 7; ++k) {
                    term *= -x * x / ((2 * k) * (2 * k + 1));
                    sum += term;
                }
                return 0.1 * sum;
            }
            """
        ) { x in
            var (term, sum) = (x, x)
            for k in 1..<7 {
                term *= -x * x / Double(2 * k * (2 * k + 1))
                sum += term
            }
            return 0.1 * sum
        },
        .accepted(
            "Horner over a table at file scope",
            """
            static const double coefficient[] = { 1.0, 0.5, 0.25, 0.125 };
            #define DEGREE 3

            double activation(double x)
            {
                double t = x / (1.0 + fabs(x));
                double p = coefficient[DEGREE];
                int i = DEGREE;
                while (i-- > 0)
                    p = p * t + coefficient[i];
                return p * x;
            }
            """
        ) { x in
            let t = x / (1 + abs(x))
            return (((0.125 * t + 0.25) * t + 0.5) * t + 1) * x
        },
        .accepted(
            "Chebyshev by Clenshaw",
            """
            float activation(float x)
            {
                const float c[5] = { 0.5f, 1.0f, 0.0f, -0.25f, 0.125f };
                float t = tanhf(x), b1 = 0.0f, b2 = 0.0f, b0;
                int k;
                for (k = 4; k >= 1; k--) {
                    b0 = c[k] + 2.0f * t * b1 - b2;
                    b2 = b1;
                    b1 = b0;
                }
                return c[0] + t * b1 - b2;
            }
            """
        ) { x in
            let t = acos(tanh(x))
            return 0.5 + cos(t) - 0.25 * cos(3 * t) + 0.125 * cos(4 * t)
        },
        .accepted(
            "a Padé approximant",
            """
            #define P(z) ((z) * (27.0f + (z) * (z)))
            #define Q(z) (27.0f + 9.0f * (z) * (z))
            float activation(float x)
            {
                if (x > 3.0f) return 1.0f;
                if (x < -3.0f) return -1.0f;
                return P(x) / Q(x);
            }
            """
        ) { $0 > 3 ? 1 : $0 < -3 ? -1 : $0 * (27 + $0 * $0) / (27 + 9 * $0 * $0) },
        .accepted(
            "an integer power by squaring",
            """
            static float ipow(float base, unsigned int n)
            {
                float result = 1.0f;
                while (n > 0) {
                    if (n % 2 == 1) result *= base;
                    base *= base;
                    n /= 2;
                }
                return result;
            }
            float activation(float x) { return ipow(0.5f * x, 5); }
            """
        ) { pow(0.5 * $0, 5) },
        .accepted(
            "continued fraction from the inside out",
            """
            float activation(float x)
            {
                float f = 0.0f;
                int n = 9;
                do {
                    f = x * x / (n + f);
                    n -= 2;
                } while (n >= 1);
                return x / (1.0f + f * 0.1f);
            }
            """
        ) { x in
            var f = 0.0
            for n in stride(from: 9.0, through: 1, by: -2) { f = x * x / (n + f) }
            return x / (1 + f * 0.1)
        },
        .accepted(
            "piecewise linear by table",
            """
            float activation(float x)
            {
                static const float knot[4] = { -2.0f, -0.5f, 0.5f, 2.0f };
                static const float slope[4] = { 0.25f, 0.5f, -0.25f, 0.5f };
                float y = 0.1f * x;
                for (int i = 0; i < 4; i++)
                    if (x > knot[i])
                        y += slope[i] * (x - knot[i]);
                return y;
            }
            """
        ) { x in
            zip([-2.0, -0.5, 0.5, 2], [0.25, 0.5, -0.25, 0.5]).reduce(0.1 * x) { $0 + $1.1 * max(x - $1.0, 0) }
        },
        .accepted(
            "fixed Newton steps",
            """
            float activation(float x)
            {
                float y = x;
                int i = 0;
                while (i < 6) {
                    y = y - (y * y * y + y - x) / (3 * y * y + 1);
                    i = i + 1;
                }
                return y;
            }
            """
        ) { x in
            var y = x
            for _ in 0..<6 { y -= (y * y * y + y - x) / (3 * y * y + 1) }
            return y
        },
        .accepted(
            "the compiler's constants",
            "float activation(float x) { return x / (fabsf(x) + FLT_EPSILON + 1.0f) + DBL_MIN; }"
        ) { $0 / (abs($0) + 1) },
        .accepted(
            "rounding", "float activation(float x) { return floorf(x) + ceilf(x) + truncf(x) + roundf(x) - 4.0f * x; }"
        ) { $0.rounded(.down) + $0.rounded(.up) + $0.rounded(.towardZero) + $0.rounded() - 4 * $0 },
        .accepted(
            "a triangle wave",
            "float activation(float x) { float p = fmodf(fabsf(x), 2.0f); return p < 1.0f ? p : 2.0f - p; }"
        ) { x in
            let p = fmod(abs(x), 2)
            return p < 1 ? p : 2 - p
        },
        .accepted(
            "hyperbolic and inverse functions",
            "float activation(float x) { return asinhf(x) + atan2f(x, 2.0f) + cbrtf(x) + hypotf(x, 1.0f); }"
        ) { asinh($0) + atan2($0, 2) + cbrt($0) + hypot($0, 1) },
        .accepted(
            "log-sum-exp with a shift",
            "double activation(double x) { double m = fmax(x, 0.0); return m + log(exp(x - m) + exp(0.0 - m)); }"
        ) { softplus($0) },
        .accepted("fma", "float activation(float x) { return fmaf(x, x, fma(0.5, x, 1.0)); }") {
            $0 * $0 + 0.5 * $0 + 1
        },
        .refused(
            "gamma", "double activation(double x) { return tgamma(x) + lgamma(x); }", (1, "'tgamma' is not available")),
        .refused(
            "parameters in the old style", "double activation(x)\ndouble x;\n{ return x; }",
            (1, "a parameter such as float x")),
        .refused(
            "goto",
            "float activation(float x)\n{\n    if (x < 0) goto negative;\n    return x;\nnegative:\n    return 0.1f * x;\n}",
            (3, "'goto' is not available"), (5, "labels are not available")),
        .refused(
            "a remainder of floats", "double activation(double x)\n{\n    return x % 2.0 + lg(x);\n}",
            (3, "write fmodf(a, b)"), (3, "unknown function 'lg'")),
        .refused(
            "an array by length",
            "float activation(float x)\n{\n    float c[] = {1, 2};\n    for (int i = 0; i < sizeof(c) / sizeof(c[0]); i++) x += c[i];\n    return x;\n}",
            (4, "'sizeof' is not available")),
        .refused(
            "two dimensions",
            "float activation(float x)\n{\n    float m[2][2] = {{1, 2}, {3, 4}};\n    return m[0][1] * x;\n}",
            (3, "arrays have one dimension")),
        .refused(
            "a function pointer",
            "float apply(float (*f)(float), float v) { return f(v); }\nfloat activation(float x)\n{\n    return apply(tanhf, x);\n}",
            (1, "pointers are not available"), (4, "'tanhf' is a function; call it")),
    ]
}
