import ActivationIR

/// A Python file on TensorFlow and Keras: a function with its own gradient, and a layer.
enum TensorFlowExport {
    static let language = Language(
        literal: Python.literal,
        constant: { "tf.fill(tf.shape(x), tf.constant(\(Python.literal($0)), x.dtype))" },
        functions: [
            .absolute: "tf.abs({0})", .minimum: "tf.minimum({0}, {1})", .maximum: "tf.maximum({0}, {1})",
            .copySign: "_copysign({0}, {1})", .floor: "tf.floor({0})", .ceiling: "tf.math.ceil({0})",
            .truncate: "_trunc({0})", .roundEven: "tf.round({0})", .maskedMultiply: "_masked({0}, {1})",
            .select: "tf.where({0}, {1}, {2})", .squareRoot: "tf.sqrt({0})", .cubeRoot: "_cbrt({0})",
            .exp: "tf.exp({0})", .exp2: "tf.exp({0} * math.log(2))", .expm1: "tf.math.expm1({0})",
            .log: "tf.math.log({0})", .log2: "(tf.math.log({0}) / math.log(2))",
            .log10: "(tf.math.log({0}) / math.log(10))", .log1p: "tf.math.log1p({0})", .sin: "tf.sin({0})",
            .cos: "tf.cos({0})", .tan: "tf.tan({0})", .asin: "tf.asin({0})", .acos: "tf.acos({0})",
            .atan: "tf.atan({0})", .sinh: "tf.sinh({0})", .cosh: "tf.cosh({0})", .tanh: "tf.tanh({0})",
            .asinh: "tf.asinh({0})", .acosh: "tf.acosh({0})", .atanh: "tf.atanh({0})", .erf: "tf.math.erf({0})",
            .erfc: "tf.math.erfc({0})", .pow: "tf.pow({0}, {1})", .atan2: "tf.atan2({0}, {1})",
            .hypot: "_hypot({0}, {1})", .remainder: "tf.raw_ops.TruncateMod(x={0}, y={1})",
            .sigmoid: "tf.sigmoid({0})", .softplus: "tf.math.softplus({0})",
            .batchMean: "tf.reduce_mean({0}, batch, True)", .batchMax: "tf.reduce_max({0}, batch, True)",
            .batchSum: "tf.reduce_sum({0}, batch, True)", .unitMean: "tf.reduce_mean({0}, -1, True)",
            .unitMax: "tf.reduce_max({0}, -1, True)", .unitSum: "tf.reduce_sum({0}, -1, True)",
            .tensorMean: "tf.reduce_mean({0}, None, True)", .tensorMax: "tf.reduce_max({0}, None, True)",
            .tensorSum: "tf.reduce_sum({0}, None, True)", .unitShift: "tf.roll({0}, -({k}), -1)",
            .unitIndex: "tf.cast(tf.range(tf.shape(x)[-1]), x.dtype)",
            .unitCount: "tf.cast(tf.shape(x)[-1], x.dtype)",
        ],
        helpers: [
            Language.Helper(
                name: "_copysign",
                text: """
                    def _copysign(a, b):
                        return tf.where((b < 0) | ((b == 0) & (1 / b < 0)), -tf.abs(a), tf.abs(a))
                    """),
            Language.Helper(
                name: "_trunc",
                text: """
                    def _trunc(a):
                        return tf.where(a < 0, tf.math.ceil(a), tf.floor(a))
                    """),
            Language.Helper(
                name: "_masked",
                text: """
                    def _masked(a, b):
                        return tf.where(a == 0, tf.zeros_like(a), a * b)
                    """),
            Language.Helper(
                name: "_cbrt",
                text: """
                    def _cbrt(a):
                        return tf.sign(a) * tf.abs(a) ** (1 / 3)
                    """),
            Language.Helper(
                name: "_hypot",
                text: """
                    def _hypot(a, b):
                        large, small = tf.maximum(tf.abs(a), tf.abs(b)), tf.minimum(tf.abs(a), tf.abs(b))
                        return large * tf.sqrt(1 + tf.math.divide_no_nan(small, large) ** 2)
                    """),
        ],
        broadcast: "tf.broadcast_to({0}, tf.shape(x))",
        setting: ["batch = tuple(range(len(x.shape) - 1))"],
        reserved: Python.reserved.union(["math", "grad"]), globals: Python.globals, fields: Python.layer,
        forms: ["{name}", "_{name}", "_{name}_value"])

    static func text(of function: ExportedFunction) -> String {
        let file = PythonFile(function, language)
        let (name, type) = (file.names.function, file.names.type)
        let arguments = (["x"] + file.parameters).joined(separator: ", ")
        let gradient = file.slopes(indent: 2) { dx, slopes in
            let sums = slopes.map { "tf.reduce_sum(tf.cast(\($0), wide))" }
            return ["return " + ([dx] + sums).joined(separator: ", ")]
        }
        let weights = zip(file.parameters, function.parameters).map {
            """
                    self.\($0) = self.add_weight(
                        name="\($0)", shape=(), initializer=keras.initializers.Constant(\(Python.literal($1.initial))),
                        autocast=False)

            """
        }
        let casts = file.parameters.map { "\($0) = tf.cast(\($0), x.dtype)\n" }
        let numbers =
            (file.parameters.isEmpty ? [] : ["wide = tf.float64 if x.dtype == tf.float64 else tf.float32"])
            + file.parameters.map {
                // A plain number would go by way of float32.
                "\($0) = tf.cast(\($0), wide) if hasattr(\($0), \"dtype\") else tf.constant(\($0), wide)"
            }
        let coerced = file.lines(
            ["x = tf.convert_to_tensor(x)", "x = x if x.dtype.is_floating else tf.cast(x, keras.config.floatx())"]
                + numbers, 1)
        let needsMath = (function.program.nodes + function.gradient.nodes).contains {
            [.exp2, .log2, .log10].contains($0.op)
        }
        let wide =
            file.parameters.isEmpty ? "" : file.lines(["wide = \(file.parameters[0]).dtype"], 1) + "\n"
        return """
            \(file.header(usage: [
                "y = \(name)(x) for tensors; layer = \(type)() for Keras (with TensorFlow behind it).",
            ] + (file.parameters.isEmpty ? [] : ["dL/dp is summed in float32 at least."]) + ExportHeader.second(of: function)))
            \(needsMath ? "import math\n\n" : "")import keras
            import tensorflow as tf
            \(file.helpers())

            def _\(name)_value(\(arguments)):
            \(file.value(indent: 1))


            @tf.custom_gradient
            def _\(name)(\(arguments)):
            \(wide)\(file.lines(casts, 1, separator: ""))
                def grad(g):
            \(gradient)

                return _\(name)_value(\(arguments)), grad


            def \(name)(x\(file.defaults)):
                \"""f(x), in the shape of x\(file.parameters.isEmpty ? "" : "; parameters are numbers").\"""
            \(coerced)
                return _\(name)(\(arguments))


            @keras.saving.register_keras_serializable(package="evolve")
            class \(type)(keras.layers.Layer):
                def build(self, shape):
            \(weights.isEmpty ? "        pass\n" : weights.joined())
                def call(self, x):
                    return \(name)(x\(file.parameters.map { ", self.\($0)" }.joined()))
            \(file.check([
                "import numpy as np", "",
                "layer, x = \(type)(dtype=\"float64\"), tf.constant(X, tf.float64)",
                "with tf.GradientTape() as tape:", "    tape.watch(x)", "    y = layer(x)",
                "p = [each.value for each in layer.trainable_weights]",
                "dx, *dp = tape.gradient(y, [x, *p], output_gradients=tf.constant(G, tf.float64))",
            ]))
            """
    }
}
