import ActivationIR

/// A Python file on NumPy: `name(x)` and `name_vjp(x, g)`.
enum NumPyExport {
    static let language = Language(
        literal: Python.literal,
        constant: { "x.dtype.type(\(Python.literal($0)))" },
        functions: [
            .absolute: "np.abs({0})", .minimum: "np.fmin({0}, {1})", .maximum: "np.fmax({0}, {1})",
            .copySign: "np.copysign({0}, {1})", .floor: "np.floor({0})", .ceiling: "np.ceil({0})",
            .truncate: "np.trunc({0})", .roundEven: "np.rint({0})", .maskedMultiply: "_masked({0}, {1})",
            .select: "np.where({0}, {1}, {2})", .squareRoot: "np.sqrt({0})", .cubeRoot: "np.cbrt({0})",
            .exp: "np.exp({0})", .exp2: "np.exp2({0})", .expm1: "np.expm1({0})", .log: "np.log({0})",
            .log2: "np.log2({0})", .log10: "np.log10({0})", .log1p: "np.log1p({0})", .sin: "np.sin({0})",
            .cos: "np.cos({0})", .tan: "np.tan({0})", .asin: "np.arcsin({0})", .acos: "np.arccos({0})",
            .atan: "np.arctan({0})", .sinh: "np.sinh({0})", .cosh: "np.cosh({0})", .tanh: "np.tanh({0})",
            .asinh: "np.arcsinh({0})", .acosh: "np.arccosh({0})", .atanh: "np.arctanh({0})", .erf: "_erf({0})",
            .erfc: "_erfc({0})", .pow: "np.power({0}, {1})", .atan2: "np.arctan2({0}, {1})",
            .hypot: "np.hypot({0}, {1})", .remainder: "np.fmod({0}, {1})", .sigmoid: "_sigmoid({0})",
            .softplus: "np.logaddexp({0}, x.dtype.type(0))",
            .batchMean: "np.mean({0}, batch, keepdims=True)", .batchMax: "np.fmax.reduce({0}, batch, keepdims=True)",
            .batchSum: "np.sum({0}, batch, keepdims=True)", .unitMean: "np.mean({0}, -1, keepdims=True)",
            .unitMax: "np.fmax.reduce({0}, -1, keepdims=True)", .unitSum: "np.sum({0}, -1, keepdims=True)",
            .tensorMean: "np.mean({0}, keepdims=True)", .tensorMax: "np.fmax.reduce({0}, None, keepdims=True)",
            .tensorSum: "np.sum({0}, keepdims=True)", .unitShift: "np.roll({0}, -({k}), -1)",
            .unitIndex: "np.arange(x.shape[-1], dtype=x.dtype)", .unitCount: "x.dtype.type(x.shape[-1])",
        ],
        helpers: [
            Language.Helper(
                name: "_real",
                text: """
                    def _real(x):
                        x = np.asarray(x)
                        return x if np.issubdtype(x.dtype, np.floating) else x.astype(np.float64)
                    """),
            Language.Helper(
                name: "_masked",
                text: """
                    def _masked(a, b):
                        return np.where(a == 0, np.zeros_like(a), a * b)
                    """),
            Language.Helper(
                name: "_erf",
                text: """
                    def _erf(a):
                        return np.asarray(np.frompyfunc(math.erf, 1, 1)(a), dtype=a.dtype)
                    """),
            Language.Helper(
                name: "_erfc",
                text: """
                    def _erfc(a):
                        return np.asarray(np.frompyfunc(math.erfc, 1, 1)(a), dtype=a.dtype)
                    """),
            Language.Helper(
                name: "_sigmoid",
                text: """
                    def _sigmoid(a):
                        decay = np.exp(-np.abs(a))
                        return np.where(a < 0, decay, np.ones_like(a)) / (1 + decay)
                    """),
        ],
        broadcast: "np.broadcast_to({0}, x.shape)",
        setting: [
            "if x.ndim < 2:", "    raise ValueError(\"x must be [samples..., units]\")",
            "batch = tuple(range(x.ndim - 1))",
        ],
        reserved: Python.reserved.union(["math"]), globals: Python.globals, forms: ["{name}", "{name}_vjp"],
        typeForms: [])

    static func text(of function: ExportedFunction) -> String {
        let file = PythonFile(function, language)
        let (name, real) = (file.names.function, file.names.helper("_real"))
        let needsMath = language.helpers(for: function.gradient).contains { $0.contains("math.") }
        let gradient = file.slopes(indent: 2) { dx, slopes in
            let dp = slopes.map { "np.sum(\($0), dtype=np.float64)" }.joined(separator: ", ")
            return ["return \(dx), [\(dp)]"]
        }
        let numbers = file.lines(file.parameters.map { "\($0) = x.dtype.type(\($0))\n" }, 1, separator: "")
        return """
            \(file.header(usage: ["y = \(name)(x); dx, dp = \(name)_vjp(x, dL_dy): arrays of any shape; dp is summed in float64."]))
            \(needsMath ? "import math\n\n" : "")import numpy as np

            \(file.helpers(also: ["_real"]))

            def \(name)(x\(file.defaults)):
                \"""f(x), in the shape of x.\"""
                x = \(real)(x)
            \(numbers)    with np.errstate(all="ignore"):
            \(file.value(indent: 2))


            def \(name)_vjp(x, g\(file.defaults)):
                \"""dL/dx, and the list of dL/dp, for g = dL/dy in the shape of x.\"""
                x = \(real)(x)
            \(numbers)    with np.errstate(all="ignore"):
            \(gradient)
            \(file.check(["x, g = np.array(X), np.array(G)", "y = \(name)(x)", "dx, dp = \(name)_vjp(x, g)"]))
            """
    }
}
