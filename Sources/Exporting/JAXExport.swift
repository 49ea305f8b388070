import ActivationIR

/// A Python file on JAX: a function with its own derivative rule.
enum JAXExport {
    static let language = Language(
        literal: Python.literal,
        constant: { "jnp.full_like(x, \(Python.literal($0)))" },
        functions: [
            .absolute: "jnp.abs({0})", .minimum: "jnp.fmin({0}, {1})", .maximum: "jnp.fmax({0}, {1})",
            .copySign: "jnp.copysign({0}, {1})", .floor: "jnp.floor({0})", .ceiling: "jnp.ceil({0})",
            .truncate: "jnp.trunc({0})", .roundEven: "jnp.rint({0})", .maskedMultiply: "_masked({0}, {1})",
            .select: "jnp.where({0}, {1}, {2})", .squareRoot: "jnp.sqrt({0})", .cubeRoot: "jnp.cbrt({0})",
            .exp: "jnp.exp({0})", .exp2: "jnp.exp2({0})", .expm1: "jnp.expm1({0})", .log: "jnp.log({0})",
            .log2: "jnp.log2({0})", .log10: "jnp.log10({0})", .log1p: "jnp.log1p({0})", .sin: "jnp.sin({0})",
            .cos: "jnp.cos({0})", .tan: "jnp.tan({0})", .asin: "jnp.arcsin({0})", .acos: "jnp.arccos({0})",
            .atan: "jnp.arctan({0})", .sinh: "jnp.sinh({0})", .cosh: "jnp.cosh({0})", .tanh: "jnp.tanh({0})",
            .asinh: "jnp.arcsinh({0})", .acosh: "jnp.arccosh({0})", .atanh: "jnp.arctanh({0})",
            .erf: "jax.scipy.special.erf({0})", .erfc: "jax.scipy.special.erfc({0})",
            .pow: "jnp.power({0}, {1})", .atan2: "jnp.arctan2({0}, {1})", .hypot: "jnp.hypot({0}, {1})",
            .remainder: "jnp.fmod({0}, {1})", .sigmoid: "jax.nn.sigmoid({0})", .softplus: "jax.nn.softplus({0})",
            .batchMean: "jnp.mean({0}, batch, keepdims=True)", .batchMax: "jnp.max({0}, batch, keepdims=True)",
            .batchSum: "jnp.sum({0}, batch, keepdims=True)", .unitMean: "jnp.mean({0}, -1, keepdims=True)",
            .unitMax: "jnp.max({0}, -1, keepdims=True)", .unitSum: "jnp.sum({0}, -1, keepdims=True)",
            .tensorMean: "jnp.mean({0}, keepdims=True)", .tensorMax: "jnp.max({0}, keepdims=True)",
            .tensorSum: "jnp.sum({0}, keepdims=True)", .unitShift: "jnp.roll({0}, -({k}), -1)",
            .unitIndex: "jnp.arange(x.shape[-1], dtype=x.dtype)",
            .unitCount: "jnp.full_like(x, x.shape[-1])",
        ],
        helpers: [
            Language.Helper(
                name: "_masked",
                text: """
                    def _masked(a, b):
                        return jnp.where(a == 0, jnp.zeros_like(a), a * b)
                    """)
        ],
        broadcast: "jnp.broadcast_to({0}, x.shape)",
        setting: [
            "if x.ndim < 2:", "    raise ValueError(\"x must be [samples..., units]\")",
            "batch = tuple(range(x.ndim - 1))",
        ],
        reserved: Python.reserved.union([
            "_masked", "primals", "tangents", "residuals", "X", "G", "Y", "DX", "DP",
        ]))

    static func text(of function: ExportedFunction) -> String {
        let file = PythonFile(function, language)
        let name = file.names.function
        let all = ["x"] + file.parameters
        let arguments = all.joined(separator: ", ")
        let numbers = file.parameters.map { "\($0) = jnp.asarray(\($0), x.dtype)" }
        let coerced = file.lines(
            ["x = jnp.asarray(x)", "x = x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(float)"] + numbers, 1)
        return """
            \(file.header(usage: [
                "y = \(name)(x): under jax.jit, jax.grad\(function.readsLayer ? "" : ", jax.vmap") and jax.numpy of float32 and float64.",
            ]))
            import jax
            import jax.numpy as jnp
            \(file.helpers)

            @jax.custom_\(function.readsLayer ? "vjp" : "jvp")
            def _\(name)(\(arguments)):
            \(file.value(indent: 1))


            \(function.readsLayer ? layerRule(file, arguments) : elementRule(file, arguments))


            def \(name)(x\(file.defaults)):
                \"""f(x), in the shape of x.\"""
            \(coerced)
                return _\(name)(\(arguments))
            \(file.check([
                "import numpy as np", "",
                "y, back = jax.vjp(\(name), \((["jnp.array(X)"] + function.parameters.map { Python.literal($0.initial) }).joined(separator: ", ")))",
                "dx, *dp = back(jnp.array(G))",
            ]))
            """
    }

    /// Of one element: a derivative in the direction of tangents, which JAX transposes where it needs to.
    private static func elementRule(_ file: PythonFile, _ arguments: String) -> String {
        let names = (["x"] + file.parameters).map { "\($0)_" }
        let body = file.derivatives(indent: 1) { slopes in
            let terms = zip(slopes, names).map { "\($0) * \($1)" }
            return ["return _\(file.names.function)(\(arguments)), " + terms.joined(separator: " + ")]
        }
        return """
            @_\(file.names.function).defjvp
            def _(primals, tangents):
                \(names.count == 1 ? "(x,), (x_,)" : "(\(arguments)), (\(names.joined(separator: ", ")))") = primals, tangents
            \(body)
            """
    }

    /// Of a layer.
    private static func layerRule(_ file: PythonFile, _ arguments: String) -> String {
        let name = file.names.function
        let body = file.slopes(indent: 1) { dx, slopes in
            ["return " + ([dx] + slopes.map { "jnp.sum(\($0))" }).joined(separator: ", ") + ","]
        }
        return """
            def _\(name)_forward(\(arguments)):
                return _\(name)(\(arguments)), (\(arguments),)


            def _\(name)_backward(residuals, g):
                (\(arguments),) = residuals
            \(body)


            _\(name).defvjp(_\(name)_forward, _\(name)_backward)
            """
    }
}
