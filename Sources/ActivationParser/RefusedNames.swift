/// Names that models like to use and that cannot be had, with what to write instead.
enum RefusedNames {
    /// Functions refused whatever their arguments are.
    static let functions: [String: String] = {
        var table: [String: String] = [:]
        for name in ["printf", "fprintf", "puts", "putchar", "scanf", "fopen", "getchar", "sprintf", "perror"] {
            table[name] = "'\(name)' is input or output, which is not available; remove it"
        }
        for name in ["malloc", "calloc", "realloc", "free", "alloca", "memcpy", "memset"] {
            table[name] = "'\(name)' is memory management, which is not available; use local variables or a local array"
        }
        for name in ["rand", "srand", "random", "drand48", "time", "clock"] {
            table[name] = "'\(name)' is not available: an activation is a function of x alone"
        }
        for name in ["exit", "abort", "assert", "system", "raise", "setjmp", "longjmp"] {
            table[name] = "'\(name)' is not available; return a value on every path"
        }
        for name in ["frexp", "modf", "remquo", "frexpf", "modff", "remquof"] {
            table[name] = "'\(name)' writes through a pointer, which is not available; use floorf or truncf"
        }
        for name in ["lgamma", "lgammaf", "lgammal"] {
            table[name] =
                "'\(name)' is not available; for large v it is close to v * logf(v) - v, a function of your own"
        }
        for name in ["tgamma", "tgammaf", "tgammal"] {
            table[name] = "'\(name)' is not available, and overflows at 36; write powf or expf of something bounded"
        }
        for name in ["j0", "j1", "j0f", "j1f", "y0", "y1", "y0f", "y1f", "jn", "yn"] {
            table[name] = "'\(name)' is not available; a decaying wave is sinc(x), or cosf(x) / sqrtf(1.0f + fabsf(x))"
        }
        for name in ["sincos", "sincosf", "sincosl"] {
            table[name] = "'\(name)' writes through pointers, which are not available; call sinf and cosf"
        }
        for scope in ["batch", "unit", "tensor"] {
            let mean = "\(scope)_mean"
            table["\(scope)_min"] = "'\(scope)_min' is not available; write -\(scope)_max(-v)"
            for name in ["\(scope)_var", "\(scope)_variance"] {
                table[name] = "'\(name)' is not available; with float c = v - \(mean)(v), write \(mean)(c * c)"
            }
            for name in ["\(scope)_std", "\(scope)_stddev"] {
                table[name] =
                    "'\(name)' is not available; with float c = v - \(mean)(v), write sqrtf(\(mean)(c * c) + 1e-6f)"
            }
            for name in ["\(scope)_softmax", "\(scope)_norm"] {
                table[name] = "'\(name)' is not available; write it with \(mean), \(scope)_max and \(scope)_sum"
            }
        }
        for name in ["batch_shift", "tensor_shift", "batch_index", "batch_count", "batch_size"] {
            table[name] = "'\(name)' is not available: samples have no order; units have, see unit_shift"
        }
        for name in ["NAN", "nan", "nanf", "FP_NAN"] {
            table[name] = "'\(name)' is not available: f must be finite; return a number such as 0.0f or x"
        }
        return table
    }()

    /// What is meant by names of other languages and libraries.
    static let meanings: [String: String] = [
        "max": "fmaxf", "min": "fminf", "ln": "logf", "power": "powf", "swish": "silu", "sgn": "sign",
        "signum": "sign", "logistic": "sigmoid", "heaviside": "step", "arctan": "atanf", "arcsin": "asinf",
        "arccos": "acosf", "arcsinh": "asinhf", "sigmoidf": "sigmoid", "reluf": "relu", "geluf": "gelu",
        "clip": "clamp", "fclamp": "clamp", "expit": "sigmoid", "log1pexp": "softplus", "scalbnf": "ldexpf",
        "scalbn": "ldexpf", "maximum": "fmaxf", "minimum": "fminf", "fast_tanh": "tanhf", "fast_exp": "expf",
        "PI": "M_PI", "pi": "M_PI", "M_TAU": "2.0f * M_PI", "E": "M_E", "sqr": "x * x",
        "square": "x * x",
        "mod": "fmodf", "erff_": "erff", "trainable_parameter": "trainable", "param": "trainable",
        "Infinity": "INFINITY",
        "inf": "INFINITY", "normcdf": "0.5f * erfcf(-x * M_SQRT1_2)", "rsqrt": "1.0f / sqrtf(x)",
        "rsqrtf": "1.0f / sqrtf(x)", "sech": "1.0f / coshf(x)", "leaky_relu": "fmaxf(x, 0.01f * x)",
        "elu": "x > 0.0f ? x : expm1f(x)", "mish": "x * tanhf(softplus(x))", "lerp": "a + t * (b - a)",
        "exp10": "powf(10.0f, x)", "exp10f": "powf(10.0f, x)", "pow10f": "powf(10.0f, x)",
        "saturate": "clamp(x, 0.0f, 1.0f)", "mix": "a + t * (b - a)", "isgreater": "a > b", "isless": "a < b",
        "isgreaterequal": "a >= b", "islessequal": "a <= b", "logit": "logf(x / (1.0f - x))",
        "sinpi": "sinf(M_PI * x)", "sinpif": "sinf(M_PI * x)", "cospi": "cosf(M_PI * x)", "cospif": "cosf(M_PI * x)",
        "cot": "1.0f / tanf(x)", "sec": "1.0f / cosf(x)", "csc": "1.0f / sinf(x)", "csch": "1.0f / sinhf(x)",
        "coth": "1.0f / tanhf(x)", "cube": "x * x * x", "pow2": "x * x", "gaussian": "expf(-x * x)",
        "logaddexp": "fmaxf(a, b) + log1pf(expf(-fabsf(a - b)))", "logsumexp": "logf(expf(a) + expf(b))",
        "__fdividef": "a / b", "fdividef": "a / b", "reciprocal": "1.0f / x", "smoothstep": "t * t * (3.0f - 2.0f * t)",
        "hardtanh": "clamp(x, -1.0f, 1.0f)", "hardsigmoid": "clamp(x / 6.0f + 0.5f, 0.0f, 1.0f)",
        "relu6": "clamp(x, 0.0f, 6.0f)", "softsign": "x / (1.0f + fabsf(x))", "INT_MAX": "2147483647.0f",
        "EPSILON": "FLT_EPSILON", "EPS": "1e-6f", "eps": "1e-6f", "epsilon": "1e-6f",
        "NULL": "0.0f", "True": "true", "False": "false", "None": "0.0f",
    ]

    /// What is meant by methods and functions of tensor libraries where a name alone would mislead.
    static let memberMeanings: [String: String] = [
        "abs": "fabsf(…)",  // C's abs is int's
        "clamp": "clamp(x, low, high)", "clip": "clamp(x, low, high)", "where": "condition ? a : b",
        "mean": "batch_mean(x), unit_mean(x) or tensor_mean(x)", "sum": "batch_sum(x), unit_sum(x) or tensor_sum(x)",
        "std": "sqrtf(tensor_mean(c * c) + 1e-6f) with float c = x - tensor_mean(x)",
        "var": "tensor_mean(c * c) with float c = x - tensor_mean(x)", "roll": "unit_shift(x, 1)",
    ]

    /// What to say of unknown names that no expression can stand for.
    static let explanations: [String: String] = {
        var table: [String: String] = [:]
        for name in ["dropout", "rrelu", "randn", "normal", "uniform", "bernoulli", "noise"] {
            table[name] = "an activation is a function of x alone, nothing random"
        }
        for name in ["softmax", "log_softmax", "layernorm", "layer_norm", "batchnorm", "batch_norm"] {
            table[name] = "where the suite allows it, write it with unit_mean, unit_max and unit_sum, or batch_mean"
        }
        for name in ["erfinv", "erfinvf", "digamma", "lambertw", "gamma", "gammaln", "besselj0", "zeta"] {
            table[name] = "write it as a helper of a few terms, or use a function of <math.h>"
        }
        return table
    }()

    /// Those meanings that are a function's name.
    static let functionMeanings = meanings.filter { BuiltinTable[$0.value] != nil }
}
