import Foundation

/// Models of a few hundred million parameters: right words in odd places.
extension VoicedSnippet {
    static let tiny: [VoicedSnippet] = [
        .accepted(
            "repeats the signature as prose",
            "The function float activation(float x) is:\nfloat activation(float x)\n{\n    return x * tanhf(x);\n}\n"
        ) { $0 * tanh($0) },
        .accepted("a fence on one line", "```c float activation(float x) { return x + sinf(x); } ```") { $0 + sin($0) },
        .accepted(
            "a fence that never closes", "```c\nfloat activation(float x) {\n    return erff(x);\n}\n\nThis function"
        ) { erf($0) },
        .accepted("semicolons too many", "float activation(float x) {;; float a = 0.5f;; return a * x;;;\n};") {
            0.5 * $0
        },
        .accepted(
            "assigns the parameter",
            "float activation(float x) {\n    x = x + 0.5f;\n    x = tanhf(x);\n    return x;\n}"
        ) { tanh($0 + 0.5) },
        .accepted(
            "variables it never reads",
            "float activation(float x) {\n    float a = 1.0f;\n    float b = 2.0f;\n    float c = sigmoid(x);\n    return c;\n}"
        ) { sigmoid($0) },
        .accepted(
            "a helper it never calls",
            "float helper(float y) { return y; }\nfloat activation(float x) { return relu(x); }"
        ) { max($0, 0) },
        .accepted("code after return", "float activation(float x) {\n    return x;\n    return 0.0f;\n}") { $0 },
        .accepted("nested parentheses", "float activation(float x) { return ((((x)))*(((2.0f)))); }") { 2 * $0 },
        .accepted(
            "the same test twice",
            "float activation(float x) { if (x > 0) { return x; } if (x > 0) { return 1; } return 0; }"
        ) { max($0, 0) },
        .accepted(
            "a comment that talks",
            "// This is an activation function that is good for neural networks.\nfloat activation(float x)\n{\n    // return the value\n    return gelu(x); // gelu\n}"
        ) { gelu($0) },
        .accepted(
            "an empty else", "float activation(float x) { float y = x; if (x < 0) y = 0.01f * x; else ; return y; }"
        ) { $0 < 0 ? 0.01 * $0 : $0 },
        .accepted("empty blocks", "float activation(float x) { { } if (x > 0) { } { return softplus(x); } }") {
            softplus($0)
        },
        .accepted("void in a cast", "float activation(float x) { float unused = 3.0f; (void)unused; return -x; }") {
            -$0
        },
        .accepted("an identity loop", "float activation(float x) { for (int i = 0; i < 10; i++) { x = x; } return x; }")
        { $0 },
        .accepted(
            "a condition that is constant",
            "float activation(float x) { if (1) { return silu(x); } else { return 0; } }"
        ) { $0 * sigmoid($0) },
        .accepted(
            "a capital fence name and a caption",
            "Answer:\n```C\nfloat activation(float x) { return fabsf(x); }\n```\nEND"
        ) { abs($0) },
        .accepted("tildes for a fence", "~~~\nfloat activation(float x) { return cosf(x); }\n~~~") { cos($0) },
        .accepted("windows line ends", "```c\r\nfloat activation(float x)\r\n{\r\n    return 2.0f * x;\r\n}\r\n```\r\n")
        { 2 * $0 },
        .accepted("a prototype of itself", "float activation(float x);\nfloat activation(float x) { return atanf(x); }")
        { atan($0) },
        .refused(
            "an unknown function, close to a known one", "float activation(float x) { return tanhff(x) + sigmod(x); }",
            (1, "did you mean 'tanhf'?"), (1, "did you mean 'sigmoid'?")),
        .refused("a constant", "float activation(float x) { return 1.0f; }", (1, "the result never depends on x")),
        .refused(
            "two parameters", "float activation(float x, float alpha) { return alpha * x; }",
            (1, "exactly one parameter")),
        .refused("no return", "float activation(float x) { float y = x * 2.0f; }", (1, "can end without a return")),
        .refused(
            "a missing brace", "float activation(float x) {\n    if (x > 0) {\n        return x;\n    return 0.0f;\n}",
            (1, "this '{' is never closed")),
        .refused(
            "a missing semicolon", "float activation(float x) {\n    float a = 0.5f\n    return a * x;\n}", (2, "';'")),
        .refused(
            "an operator too many", "float activation(float x) {\n    float a = x * * 2.0f;\n    return a + ;\n}",
            (2, "pointers"), (3, "expected a value, found ';'")),
        .refused(
            "the letter f after an integer", "float activation(float x) { return x * 2f; }",
            (1, "needs a decimal point before the f: 2.0f")),
        .refused("a juxtaposed product", "float activation(float x) { return 2.0f x; }", (1, "expected ';'")),
        .refused(
            "an empty argument", "float activation(float x) { return fmaxf(x, ); }", (1, "expected a value, found ')'")),
        .refused(
            "an array out of bounds", "float activation(float x) { float c[2] = {1.0f, 2.0f}; return c[2] * x; }",
            (1, "'c' has elements 0 to 1, found index 2")),
        .refused(
            "a cut-off answer", "```c\nfloat activation(float x) {\n    return x * sigmoid(", (1, "never closed"),
            (2, "expected a value")),
    ]
}
