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
        reserved: Python.reserved.union(["primals", "tangents", "residuals"]), globals: Python.globals,
        forms: ["{name}", "_{name}", "_{name}_forward", "_{name}_backward"], typeForms: [], companion: "{0}_dot")

    static func text(of function: ExportedFunction) -> String {
        let file = PythonFile(function, language)
        let name = file.names.function
        let all = ["x"] + file.parameters
        let arguments = all.joined(separator: ", ")
        let numbers =
            (file.parameters.isEmpty ? [] : ["wide = jnp.promote_types(x.dtype, jnp.float32)"])
            + file.parameters.map { "\($0) = jnp.asarray(\($0), wide)" }
        let coerced = file.lines(
            ["x = jnp.asarray(x)", "x = x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(float)"] + numbers, 1)
        return """
            \(file.header(usage: [
                "y = \(name)(x): under jax.jit, jax.grad\(function.readsLayer ? " and jax.vjp; not jax.vmap, jax.jvp or jax.hessian" : ", jax.vmap, jax.jvp and jax.hessian").",
                "Any real type; dL/dp is summed in float32 at least.",
            ] + ExportHeader.second(of: function)))
            import jax
            import jax.numpy as jnp
            \(file.helpers())

            @jax.custom_\(function.readsLayer ? "vjp" : "jvp")
            def _\(name)(\(arguments)):
            \(file.lines(casts(file), 1))\(file.value(indent: 1))


            \(function.readsLayer ? layerRule(file, arguments) : elementRule(file, arguments))


            def \(name)(x\(file.defaults)):
                \"""f(x), in the shape of x\(meaning(function)).\"""
            \(coerced)
                return _\(name)(\(arguments))
            \(file.check([
                "import numpy as np", "",
                "y, back = jax.vjp(\(name), \((["jnp.array(X)"] + function.parameters.map { Python.literal($0.initial) }).joined(separator: ", ")))",
                "dx, *dp = back(jnp.array(G))",
            ]))
            """
    }

    private static func meaning(_ function: ExportedFunction) -> String {
        if function.parameters.isEmpty { return "" }
        return function.readsLayer
            ? "; parameters are numbers" : "; parameters are numbers or arrays that broadcast to it"
    }

    /// The parameters in the type of x.
    private static func casts(_ file: PythonFile) -> [String] {
        guard !file.parameters.isEmpty else { return [] }
        let values = file.parameters.map { "\($0).astype(x.dtype)" }
        return ["\(file.parameters.joined(separator: ", ")) = \(values.joined(separator: ", "))\n"]
    }

    /// Of one element: a derivative in the direction of tangents, which JAX transposes where it needs to. The sums of that are
    /// in the type of the tangent, float32 at least.
    private static func elementRule(_ file: PythonFile, _ arguments: String) -> String {
        let tangents = file.names.companions
        let body = file.derivatives(indent: 1) { slopes in
            let terms = zip(slopes, tangents).enumerated().map { place, pair in
                place == 0
                    ? "\(pair.0) * \(pair.1)" : "(\(pair.0) * \(pair.1)).astype(x.dtype)"
            }
            return [
                "return _\(file.names.function)(x\(file.parameters.indices.map { ", given[\($0)]" }.joined())), "
                    + terms.joined(separator: " + ")
            ]
        }
        let given =
            file.parameters.isEmpty
            ? "(x,), (\(tangents[0]),) = primals, tangents"
            : """
            x, *given = primals
                \(tangents.joined(separator: ", ")) = tangents
                \(unpacked(file))
            """
        return """
            @_\(file.names.function).defjvp
            def _(primals, tangents):
                \(given)
            \(body)
            """
    }

    private static func unpacked(_ file: PythonFile) -> String {
        let names = file.parameters.count == 1 ? "(\(file.parameters[0]),)" : file.parameters.joined(separator: ", ")
        return "\(names) = [each.astype(x.dtype) for each in given]"
    }

    /// Of a layer.
    private static func layerRule(_ file: PythonFile, _ arguments: String) -> String {
        let name = file.names.function
        let body = file.slopes(indent: 1) { dx, slopes in
            let sums = slopes.enumerated().map { "jnp.sum(\($1), dtype=given[\($0)].dtype)" }
            return ["return " + ([dx] + sums).joined(separator: ", ") + ","]
        }
        let given =
            file.parameters.isEmpty ? "(x,) = residuals" : "x, *given = residuals\n    \(unpacked(file))"
        return """
            def _\(name)_forward(\(arguments)):
                return _\(name)(\(arguments)), (\(arguments),)


            def _\(name)_backward(residuals, g):
                \(given)
            \(body)


            _\(name).defvjp(_\(name)_forward, _\(name)_backward)
            """
    }
}
