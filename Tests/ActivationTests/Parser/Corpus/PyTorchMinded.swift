import Foundation

/// People and models whose mother tongue is Python, writing C.
extension VoicedSnippet {
    static let pytorch: [VoicedSnippet] = [
        .accepted(
            "swish with a trained beta",
            "// Swish-beta, like nn.SiLU but with a learnable beta\nfloat activation(float x) {\n    float beta = trainable(1.0f);\n    return x * sigmoid(beta * x);\n}"
        ) { $0 * sigmoid($0) },
        .accepted(
            "leaky relu, negative_slope",
            "#define NEGATIVE_SLOPE 0.01\nfloat activation(float x) { return x >= 0 ? x : NEGATIVE_SLOPE * x; }"
        ) { $0 >= 0 ? $0 : 0.01 * $0 },
        .accepted("hardswish", "float activation(float x) { return x * clamp(x + 3.0f, 0.0f, 6.0f) / 6.0f; }") {
            $0 * min(max($0 + 3, 0), 6) / 6
        },
        .accepted(
            "mish, numerically stable",
            "float activation(float x) {\n    float sp = fmaxf(x, 0.f) + log1pf(expf(-fabsf(x)));\n    return x * tanhf(sp);\n}"
        ) { $0 * tanh(softplus($0)) },
        .accepted("elu in place", "float activation(float x) { if (x < 0) x = 1.0 * (expm1f(x)); return x; }") {
            $0 < 0 ? expm1($0) : $0
        },
        .accepted(
            "layers of helpers named as modules",
            "static float linear(float x, float w, float b) { return w * x + b; }\nstatic float forward(float x) { return tanhf(linear(x, 0.5f, -0.25f)); }\nfloat activation(float x) { return forward(x) + x; }"
        ) { tanh(0.5 * $0 - 0.25) + $0 },
        .accepted(
            "gelu, tanh approximation",
            "float activation(float x) {\n    float kBeta = M_SQRT2 * M_2_SQRTPI * 0.5;\n    float kKappa = 0.044715;\n    float x_cube = x * x * x;\n    float inner = kBeta * (x + kKappa * x_cube);\n    return 0.5 * x * (1 + tanhf(inner));\n}"
        ) { 0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) },
        .accepted(
            "a CUDA device function",
            "__device__ __forceinline__ float activation(float x) { return x > 0.f ? x : 0.f; }"
        ) { max($0, 0) },
        .accepted(
            "a kernel around it",
            "__device__ float activation(float x) { return softplus(x) - 0.5f; }\n__global__ void kernel(const float* __restrict__ in, float* out, int n) {\n  int i = blockIdx.x * blockDim.x + threadIdx.x;\n  if (i < n) out[i] = activation(in[i]);\n}"
        ) { softplus($0) - 0.5 },
        .accepted("logsigmoid", "float activation(float x) { return -softplus(-x); }") { -softplus(-$0) },
        .accepted(
            "softsign and tanhshrink",
            "float softsign(float x) { return x / (1 + fabs(x)); }\nfloat tanhshrink(float x) { return x - tanh(x); }\nfloat activation(float x) { return softsign(x) + tanhshrink(x); }"
        ) { $0 / (1 + abs($0)) + $0 - tanh($0) },
        .accepted(
            "threshold with bool", "float activation(float x) { bool mask = x > 1.0f; return mask * x + !mask * 0.5f; }"
        ) { $0 > 1 ? $0 : 0.5 },
        .refused(
            "Python",
            "```python\ndef activation(x):\n    return x * torch.sigmoid(x)\n```\nor in C:\nfloat activation(float x) { return x * torch.sigmoid(x); }",
            (1, "members are not available")),
        .refused(
            "keyword arguments", "float activation(float x) { return clamp(x, min=-1.0f, max=1.0f); }",
            (1, "arguments have no names in C")),
        .refused("a power", "float activation(float x) { return x ** 2 + x; }", (1, "'**' is no operator in C")),
        .refused("a caret for a power", "float activation(float x) { return x^2; }", (1, "'^' is no power in C")),
        .refused(
            "names of torch", "float activation(float x) {\n    return max(x, 0.0f) + torch_erf(x) + leaky_relu(x);\n}",
            (2, "write fmaxf"), (2, "unknown function 'torch_erf'"), (2, "write fmaxf(x, 0.01f * x)")),
        .refused("a tensor", "Tensor activation(Tensor x) { return x * 2; }", (1, "unknown type 'Tensor'")),
        .refused(
            "a whole vector",
            "float activation(const float* x, int n) {\n    float s = 0;\n    for (int i = 0; i < n; i++) s += x[i];\n    return s / n + square(s);\n}",
            (1, "pointers are not available"), (4, "unknown function 'square'; write x * x")),
        .refused(
            "colon for a block", "float activation(float x) {\n    if x > 0:\n        return x;\n    return 0;\n}",
            (2, "expected '(' after if")),
        .refused(
            "and, or, not", "float activation(float x) {\n    if (x > 0 and x < 1) return x;\n    return 0.5f * x;\n}",
            (2, "write && instead of 'and'")),
        .refused(
            "None and True", "float activation(float x) {\n    if (x > 0) return True;\n    return None;\n}",
            (2, "unknown name 'True'"), (3, "unknown name 'None'")),
        .refused(
            "a lambda", "float activation(float x) {\n    auto f = [](float v) { return v * v; };\n    return f(x);\n}",
            (2, "'auto' is not available")),
        .refused(
            "the standard library of C++",
            "float activation(float x) {\n    return std::max(x, 0.0f) + std::tanh(x);\n}",
            (2, "C++ names are not available")),
    ]
}
