import ActivationCodegen
import ActivationIR

/// A C header (C99, also C++): the function and its derivatives for one element and for arrays.
enum CExport {
    static let language = Language(
        signs: Language.Signs(and: "&&", or: "||", not: "!"), literal: literal, constant: literal,
        functions: [
            .absolute: "fabsf({0})", .minimum: "fminf({0}, {1})", .maximum: "fmaxf({0}, {1})",
            .copySign: "copysignf({0}, {1})", .floor: "floorf({0})", .ceiling: "ceilf({0})",
            .truncate: "truncf({0})", .roundEven: "rintf({0})", .maskedMultiply: "evolve_masked({0}, {1})",
            .select: "({0} ? {1} : {2})", .squareRoot: "sqrtf({0})", .cubeRoot: "cbrtf({0})", .exp: "expf({0})",
            .exp2: "exp2f({0})", .expm1: "expm1f({0})", .log: "logf({0})", .log2: "log2f({0})",
            .log10: "log10f({0})", .log1p: "log1pf({0})", .sin: "sinf({0})", .cos: "cosf({0})", .tan: "tanf({0})",
            .asin: "asinf({0})", .acos: "acosf({0})", .atan: "atanf({0})", .sinh: "sinhf({0})",
            .cosh: "coshf({0})", .tanh: "tanhf({0})", .asinh: "asinhf({0})", .acosh: "acoshf({0})",
            .atanh: "atanhf({0})", .erf: "erff({0})", .erfc: "erfcf({0})", .pow: "powf({0}, {1})",
            .atan2: "atan2f({0}, {1})", .hypot: "hypotf({0}, {1})", .remainder: "fmodf({0}, {1})",
            .sigmoid: "evolve_sigmoid({0})", .softplus: "evolve_softplus({0})",
        ],
        helpers: [
            helper("evolve_masked", "float a, float b", "return a == 0.0f ? 0.0f : a * b;"),
            helper(
                "evolve_sigmoid", "float a",
                "const float decay = expf(-fabsf(a)); return (a < 0.0f ? decay : 1.0f) / (1.0f + decay);"),
            helper("evolve_softplus", "float a", "return fmaxf(a, 0.0f) + log1pf(expf(-fabsf(a)));"),
        ],
        declaration: { "const \($0 == .boolean ? "int" : "float") \($1)" }, terminator: ";", reserved: reserved,
        globals: globals,
        forms: ["", "_gradient", "_forward", "_backward", "_initials", "_workspace", "_parameters", "_wrong"].map {
            "{name}" + $0
        } + ["_H", "_PARAMETERS", "_CHECK"].map { "{NAME}" + $0 }, typeForms: [], sharesHelpers: true)

    /// Several files may be included together.
    private static func helper(_ name: String, _ arguments: String, _ body: String) -> Language.Helper {
        Language.Helper(
            name: name,
            text: """
                #ifndef \(name.uppercased())
                #define \(name.uppercased())
                static inline float \(name)(\(arguments)) { \(body) }
                #endif
                """)
    }

    static let literal: @Sendable (Double) -> String = { value in
        let single = Float(value)
        if single.isNaN { return "NAN" }
        if single.isInfinite { return single < 0 ? "-INFINITY" : "INFINITY" }
        return single.description + "f"
    }

    private static let reserved: Set<String> = Set([
        "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
        "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
        "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "bool",
        "true", "false", "class", "new", "delete", "this", "template", "operator", "private", "public", "protected",
        "namespace", "using", "virtual", "try", "catch", "throw", "typename", "friend", "and", "or", "not", "xor",
        "main",
        "alignas", "alignof", "asm", "bitand", "bitor", "char8_t", "compl", "concept", "constexpr", "const_cast",
        "decltype", "dynamic_cast", "explicit", "export", "inline", "mutable", "noexcept", "nullptr", "requires",
        "static_assert", "static_cast", "thread_local", "typeid", "typeof", "wchar_t", "xor_eq", "and_eq", "or_eq",
        "not_eq", "co_await", "co_return", "co_yield", "final", "override",
        "x", "y", "g", "n", "p", "i", "k", "dx", "dp", "sum", "slope", "slopes", "size_t", "NULL", "INFINITY", "NAN",
        "HUGE_VAL", "EOF", "I", "M_PI", "M_E",
    ]).union(maths.flatMap { [$0, $0 + "f"] })

    /// Functions of <stdlib.h>, <stdio.h>, <string.h>, <time.h> and <unistd.h> that a program beside the header may call.
    private static let globals: Set<String> = [
        "abort", "abs", "access", "alarm", "atof", "atoi", "bsearch", "calloc", "chdir", "clock", "close", "div", "dup",
        "exit", "fclose", "fopen", "fork", "fread", "free", "fwrite", "getenv", "index", "labs", "link", "malloc",
        "memcpy", "memset", "open", "pause", "perror", "pipe", "printf", "putc", "puts", "qsort", "raise", "rand",
        "random", "read", "realloc", "remove", "rename", "rewind", "rindex", "select", "signal", "sleep", "srand",
        "strcat", "strcmp", "strcpy", "strlen", "strtod", "swab", "sync", "system", "time", "truncate", "unlink",
        "wait", "write", "found", "wanted", "wrong", "workspace", "bias", "batch", "units",
    ]

    /// Functions of <math.h>.
    private static let maths = [
        "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "copysign", "cos", "cosh", "erf",
        "erfc",
        "exp", "exp2", "expm1", "fabs", "fdim", "floor", "fma", "fmax", "fmin", "fmod", "frexp", "gamma", "hypot",
        "ilogb",
        "isfinite", "isinf", "isnan", "j0", "j1", "jn", "ldexp", "lgamma", "log", "log10", "log1p", "log2", "logb",
        "lrint",
        "lround", "modf", "nan", "nearbyint", "nextafter", "pow", "remainder", "remquo", "rint", "round", "scalbn",
        "signbit",
        "sin", "sinh", "sqrt", "tan", "tanh", "tgamma", "trunc", "y0", "y1", "yn",
    ]

    static func text(of function: ExportedFunction) -> String {
        let names = ExportNames(function.name, parameters: function.parameters, language: language)
        return function.readsLayer ? layer(function, names) : elementwise(function, names)
    }

    private static func comment(_ function: ExportedFunction, _ usage: [String]) -> String {
        let lines = ExportHeader.lines(of: function, usage: usage)
        return "/* " + lines.joined(separator: "\n   ").replacing("   \n", with: "\n") + " */"
    }

    // MARK: One element

    private static func elementwise(_ function: ExportedFunction, _ names: ExportNames) -> String {
        let (name, count) = (names.function, function.parameters.count)
        let scalars = names.parameters.map { ", float \($0)" }.joined()
        let given = names.parameters.indices.map { ", p[\($0)]" }.joined()
        let value = Listing(
            function.program, outputs: [function.program.outputs[0]], language: language, names: names)
        let all = Listing(function.gradient, outputs: function.gradient.outputs, language: language, names: names)
        let results =
            ["*dx = \(all.outputs[1]);"]
            + all.outputs.dropFirst(2).enumerated().map { "dp[\($0)] = \($1);" } + ["return \(all.outputs[0]);"]
        let initials = function.parameters.map { literal($0.initial) }
        return """
            \(comment(function, [
                "\(name)(x\(names.parameters.map { ", " + $0 }.joined())) is the value, \(name)_gradient the value and its derivatives,",
                "\(name)_forward and \(name)_backward do arrays. Link with -lm.",
            ]))
            #ifndef \(name.uppercased())_H
            #define \(name.uppercased())_H

            #include <math.h>
            #include <stddef.h>

            #define \(name.uppercased())_PARAMETERS \(count)
            /* What the parameters start with. */
            static const float \(name)_initials[\(max(1, count))] = {\(initials.isEmpty ? "0.0f" : initials.joined(separator: ", "))};

            \(language.helpers(for: function.gradient).map { $0 + "\n\n" }.joined())/* f(x). */
            static inline float \(name)(float x\(scalars)) {
            \(indented(value.lines + ["return \(value.outputs[0]);"]))
            }

            /* f(x); dx gets df/dx, dp[\(count)] the derivatives by the parameters, and may be NULL if there are none. */
            static inline float \(name)_gradient(float x\(scalars), float *dx, float *dp) {
                (void)dp;
            \(indented(all.lines + results))
            }

            /* y[n] = f(x[n]), with parameters p. */
            static inline void \(name)_forward(const float *x, float *y, size_t n, const float *p) {
                (void)p;
                for (size_t i = 0; i < n; i++) y[i] = \(name)(x[i]\(given));
            }

            /* dx[n] = dL/dx and dp = dL/dp for g[n] = dL/dy. */
            static inline void \(name)_backward(const float *x, const float *g, float *dx, float *dp, size_t n, const float *p) {
                double sum[\(max(1, count))] = {0.0};
                float slope, slopes[\(max(1, count))];
                (void)p;
                for (size_t i = 0; i < n; i++) {
                    (void)\(name)_gradient(x[i]\(given), &slope, slopes);
                    dx[i] = g[i] * slope;
                    for (int k = 0; k < \(name.uppercased())_PARAMETERS; k++) sum[k] += (double)(g[i] * slopes[k]);
                }
                for (int k = 0; k < \(name.uppercased())_PARAMETERS; k++) dp[k] = (float)sum[k];
            }
            \(CExportCheck.elementwise(function, names))
            #endif

            """
    }

    // MARK: A layer

    /// The kernel that evolve itself trains with, under the function's name.
    private static func layer(_ function: ExportedFunction, _ names: ExportNames) -> String {
        let name = names.function
        let kernel = function.compiled.kernel.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
            .map { line in
                // Declared in the first column: the functions, one of which returns a pointer.
                let isExternal =
                    line.contains("evt_kernel_") && line.first?.isLetter == true && !line.hasPrefix("static")
                return (isExternal ? "static inline " : "") + line
            }
            .joined(separator: "\n")
            .replacing("evt_kernel_layer_", with: "\(name)_").replacing("evt_kernel_", with: "\(name)_")
            .replacing("evt_", with: "\(name)_internal_")
        return """
            \(comment(function, [
                "C11 with GNU extensions (gcc, clang). Arrays are [batch * units], the pointers do not overlap:",
                "\(name)_forward(z, bias, y, batch, units, p, workspace): y = f(z + bias[unit])",
                "\(name)_backward(z, bias, g, dx, dp, batch, units, p, workspace): dL/dx and dL/dp for g = dL/dy",
                "\(name)_workspace(batch, units): how many floats the workspace holds; it begins at a multiple of 64 bytes.",
                "\(name)_initials(): what the parameters p start with. Link with -lm.",
            ]))
            #ifndef \(name.uppercased())_H
            #define \(name.uppercased())_H

            /* The loops are made for -fopenmp-simd, and do without. */
            #pragma GCC diagnostic push
            #pragma GCC diagnostic ignored "-Wunknown-pragmas"
            #pragma GCC diagnostic ignored "-Wattributes"
            #pragma GCC diagnostic ignored "-Wconversion"
            #pragma GCC diagnostic ignored "-Wunused-function"
            \(kernel)
            #pragma GCC diagnostic pop
            \(CExportCheck.layer(function, names))
            #endif

            """
    }

    private static func indented(_ lines: [String]) -> String { lines.map { "    " + $0 }.joined(separator: "\n") }
}
