import ActivationCompiler
import ActivationParser
import Testing

/// Parents in several styles: one-liners, locals, trained scalars, helpers, branches, a loop.
enum TreeSeeds {
    static let sources = [
        "// ReLU: the positive part of x (Nair and Hinton 2010)\nfloat activation(float x)\n{\n    return fmaxf(x, 0.0f);\n}\n",
        "// GELU: x times the normal distribution function\nfloat activation(float x)\n{\n    return 0.5f * x * (1.0f + erff(x * 0.70710678f));\n}\n",
        "float activation(float x)\n{\n    return x * sigmoid(x);\n}\n",
        "// Snake\nfloat activation(float x)\n{\n    float a = trainable(1.0f);\n    float s = sinf(a * x);\n    return x + s * s / a;\n}\n",
        "// ELU\nfloat activation(float x)\n{\n    return x > 0.0f ? x : expm1f(x);\n}\n",
        "// GMTU\nfloat activation(float v)\n{\n    float t = tanhf(1.5f * v);\n    float g = expf(-0.2f * v * v);\n    return t * g + 0.1f * v;\n}\n",
        """
        // A bump by a helper
        #define WIDTH 0.5f
        static float bump(float v)
        {
            return expf(-v * v);
        }
        float activation(float x)
        {
            float a = trainable(0.1f);
            return x + a * bump(WIDTH * x);
        }
        """,
        """
        // A polynomial on the right, a constant on the left
        float activation(float x)
        {
            float c[3] = {0.5f, 0.25f, 0.125f};
            float y = 0.0f;
            if (x > 0.0f) {
                for (int i = 2; i >= 0; i--) {
                    y = y * x + c[i];
                }
            } else {
                y = 0.5f;
            }
            return y;
        }
        """,
        "// names with lines\nfloat activation(float x_in)\n{\n    float y_1 = tanhf(x_in);\n    return y_1 * x_in + 0.2f * y_1;\n}\n",
    ]

    /// As the printer writes them.
    static func functions() throws -> [ReadActivation] {
        try sources.map { source in
            let tree = try #require(SourceParser.parse(source).tree)
            return try #require(ActivationPipeline().read(SourcePrinter.print(tree)).activation)
        }
    }
}
