extension RefusedSnippet {
    /// What models write by habit from other languages and libraries; each is told what to write here.
    static let habits: [RefusedSnippet] =
        calls.map { call, advice in
            RefusedSnippet(
                "a call of \(call)",
                """
                float activation(float x) {
                    return \(call);
                    //     ^ error: \(advice)
                }
                """)
        } + [
            RefusedSnippet(
                "functions of other languages' libraries",
                """
                float activation(float x) {
                    float a = math.tanh(x);
                    //            ^ error: members are not available; write tanhf(…)
                    float b = torch.nn.functional.gelu(x);
                    //             ^ error: members are not available; write gelu(…)
                    float c = std::max(a, b);
                    //           ^ error: C++ names are not available; write fmaxf(…)
                    float e = np.clip(x, -1.0f, 1.0f);
                    //          ^ error: members are not available; write clamp(x, low, high)
                    return a + b + c + e;
                }
                """),
            RefusedSnippet(
                "a method of a number",
                """
                float activation(float x) {
                    return x.abs() + 1.0f;
                    //      ^ error: members are not available; write fabsf(…)
                }
                """),
            RefusedSnippet(
                "Python's conditional expression",
                """
                float activation(float x) {
                    float y = x if x > 0 else 0.1f * x;
                    //          ^ error: expected ';' after the declaration, found 'if'; write condition ? a : b
                    return y;
                }
                """),
            RefusedSnippet(
                "GNU's short conditional",
                """
                float activation(float x) {
                    return x ?: 1.0f;
                    //        ^ error: expected a value, found ':'; write both values, like a ? a : b
                }
                """),
            RefusedSnippet(
                "assignments inside expressions",
                """
                float activation(float x) {
                    float y;
                    if ((y = tanhf(x)) > 0.0f) { return y; }
                    //     ^ error: assign in a statement of its own (to compare, write ==)
                    return (y = x * x) + y;
                    //        ^ error: assign in a statement of its own (to compare, write ==)
                }
                """),
            RefusedSnippet(
                "two values after return",
                """
                float activation(float x) {
                    return x, 2.0f * x;
                    //      ^ error: the comma operator is not available, write two statements
                }
                """),
            RefusedSnippet(
                "an assignment after return",
                """
                float activation(float x) {
                    float y = x;
                    return y = tanhf(x);
                    //       ^ error: assign in a statement of its own
                }
                """),
            RefusedSnippet(
                "sine and cosine through pointers",
                """
                float activation(float x) {
                    float s, c;
                    sincosf(x, &s, &c);
                //  ^ error: 'sincosf' writes through pointers, which are not available; call sinf and cosf
                    return s * c;
                }
                """),
        ]

    private static let calls = [
        ("tgammaf(fabsf(x) + 1.0f)", "'tgammaf' is not available, and overflows at 36; write powf or expf"),
        ("lgamma(x)", "'lgamma' is not available; for large v it is close to v * logf(v) - v"),
        ("j0(x)", "'j0' is not available; a decaying wave is sinc(x)"),
        ("NAN", "'NAN' is not available: f must be finite"), ("nanf(\"\")", "'nanf' is not available"),
        ("exp10f(x)", "unknown function 'exp10f'; write powf(10.0f, x)"),
        ("saturate(x)", "unknown function 'saturate'; write clamp(x, 0.0f, 1.0f)"),
        ("isgreater(x, 0.0f) ? x : 0.0f", "unknown function 'isgreater'; write a > b"),
        ("expit(x)", "unknown function 'expit'; write sigmoid"),
        ("sinpi(x)", "unknown function 'sinpi'; write sinf(M_PI * x)"),
        ("log1pexp(x)", "unknown function 'log1pexp'; write softplus"),
        ("logaddexp(x, 0.0f)", "unknown function 'logaddexp'; write fmaxf(a, b) + log1pf(expf(-fabsf(a - b)))"),
        ("gaussian(x)", "unknown function 'gaussian'; write expf(-x * x)"),
        ("relu6(x)", "unknown function 'relu6'; write clamp(x, 0.0f, 6.0f)"),
        ("dropout(x)", "unknown function 'dropout'; an activation is a function of x alone, nothing random"),
        ("softmax(x)", "unknown function 'softmax'; where the suite allows it"),
        ("erfinv(x)", "unknown function 'erfinv'; write it as a helper"),
        ("EPS * x", "unknown name 'EPS'; write 1e-6f"),
    ]
}
