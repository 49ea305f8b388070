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
        for name in ["tgamma", "lgamma", "tgammaf", "lgammaf", "j0", "j1", "y0", "y1"] {
            table[name] = "'\(name)' is not available; use another function of <math.h>"
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
        "clip": "clamp",
        "fclamp": "clamp", "PI": "M_PI", "pi": "M_PI", "M_TAU": "2.0f * M_PI", "E": "M_E", "sqr": "x * x",
        "square": "x * x",
        "mod": "fmodf", "erff_": "erff", "trainable_parameter": "trainable", "param": "trainable",
        "Infinity": "INFINITY",
        "inf": "INFINITY", "normcdf": "0.5f * erfcf(-x * M_SQRT1_2)", "rsqrt": "1.0f / sqrtf(x)",
        "rsqrtf": "1.0f / sqrtf(x)", "sech": "1.0f / coshf(x)", "leaky_relu": "fmaxf(x, 0.01f * x)",
        "elu": "x > 0.0f ? x : expm1f(x)", "mish": "x * tanhf(softplus(x))", "lerp": "a + t * (b - a)",
        "NULL": "0.0f", "True": "true", "False": "false", "None": "0.0f",
    ]
}
