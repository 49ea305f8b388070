import ActivationCompiler
import ActivationIR
import Foundation

@testable import Exporting

/// Functions that between them use every operator, with values by the reference interpreter.
struct ExportCase: Sendable {
    var name: String
    var source: String
    /// Whether the derivative may be compared with differences on −2.2 … 2.3.
    var isSmooth = false
    /// Whether it also goes through the ecosystem's compiler.
    var isCompiled = false

    init(_ name: String, _ body: String, smooth: Bool = false, compiled: Bool = false) {
        self.name = name
        source =
            body.contains("return")
            ? "float activation(float x) {\n\(body)\n}\n" : "float activation(float x) { return \(body); }\n"
        isSmooth = smooth
        isCompiled = compiled
    }

    static let elementwise = [
        ExportCase("absolute", "fabsf(x) + 0.5f * x"), ExportCase("minimum", "fminf(x, sinf(x))"),
        ExportCase("maximum", "fmaxf(0.3f * x, 1.0f - x)"), ExportCase("relu_like", "fmaxf(x, 0.0f)", compiled: true),
        ExportCase("copy_sign", "copysignf(x * x, cosf(x))"), ExportCase("floored", "floorf(x) + x"),
        ExportCase("ceiled", "ceilf(1.25f * x) * x"), ExportCase("truncated", "truncf(x) * 0.5f + x"),
        ExportCase("rounded", "rintf(0.5f * x) + 0.1f * x"), ExportCase("root", "sqrtf(x * x + 1.0f)", smooth: true),
        ExportCase("cube_root", "cbrtf(x * x * x + 20.0f)"), ExportCase("bell", "expf(-x * x)", smooth: true),
        ExportCase("half_life", "exp2f(-fabsf(x)) * x"),
        ExportCase("elu_like", "x > 0.0f ? x : expm1f(x)", compiled: true),
        ExportCase("logarithm", "logf(x * x + 1.0f)", smooth: true),
        ExportCase("logarithm_2", "log2f(x * x + 1.0f)", smooth: true),
        ExportCase("logarithm_10", "log10f(x * x + 1.0f)", smooth: true),
        ExportCase("logarithm_1p", "log1pf(x * x) * x", smooth: true),
        ExportCase("wave", "x + 0.5f * sinf(x) - 0.25f * cosf(2.0f * x)", smooth: true),
        ExportCase("tangent", "tanf(0.6f * tanhf(x))", smooth: true),
        ExportCase("arc_sine", "asinf(0.9f * sinf(x))", smooth: true),
        ExportCase("arc_cosine", "acosf(0.9f * sinf(x))", smooth: true),
        ExportCase("arc_tangent", "x * atanf(x)", smooth: true),
        ExportCase("hyperbolic", "sinhf(tanhf(x)) + coshf(0.5f * tanhf(x))", smooth: true),
        ExportCase("tanh_like", "tanhf(x) * 1.7159f", smooth: true),
        ExportCase("area", "asinhf(x) + acoshf(1.5f + x * x)", smooth: true),
        ExportCase("area_tangent", "atanhf(0.9f * tanhf(x))", smooth: true),
        ExportCase("error_function", "0.5f * x * (1.0f + erff(x * 0.70710678f))", smooth: true, compiled: true),
        ExportCase("complement", "x * erfcf(x)", smooth: true),
        ExportCase("power", "powf(fabsf(x) + 0.125f, 1.5f)"), ExportCase("cube", "powf(x, 3.0f) * 0.125f"),
        ExportCase("angle", "atan2f(x, 1.0f + 0.5f * x * x)", smooth: true),
        ExportCase("distance", "hypotf(x, 0.5f * x)"),
        ExportCase("fused", "fmaf(x, 0.5f, sinf(x)) * (x <= 1.5f ? x : 2.0f) + step(x)"),
        ExportCase("modulus", "fmodf(x, 1.75f)"), ExportCase("swish_like", "x * sigmoid(1.5f * x)", smooth: true),
        ExportCase("mish_like", "x * tanhf(softplus(x))", smooth: true, compiled: true),
        ExportCase("conditions", "((x > -1.0f && x < 2.0f) || !(x < 5.0f)) ? x * x : 0.1f * x"),
        ExportCase("sinc_like", "x == 0.0f ? 1.0f : sinf(x) / x", compiled: true),
        ExportCase("guarded_root", "x > 0.0f ? sqrtf(x) : 0.0f", compiled: true),
        ExportCase("guarded_log", "x > 0.0f ? x * logf(x) : x"), ExportCase("line", "0.1f * x + 0.3f"),
        ExportCase(
            "ripple", "float a = trainable(0.1f); float b = trainable(1.5f); return a * sinf(b * x) + x;", smooth: true,
            compiled: true),
        ExportCase(
            "words",
            "float pass = trainable(0.5f); float t1 = trainable(2.0f); float g = trainable(-1.0f); float torch = trainable(0.2f); "
                + "float np = x * t1; return pass * np + g * tanhf(torch * np) + powf(1.0f + x * x, torch);",
            smooth: true),
        ExportCase("own_exponent", "float a = trainable(1.5f); return powf(fabsf(x), a);"),
    ]

    static let layer = [
        ExportCase("centred", "x - batch_mean(x)", compiled: true),
        ExportCase("root_mean_square", "x / sqrtf(unit_mean(x * x) + 1e-5f)", compiled: true),
        ExportCase("soft_maximum", "expf(x - unit_max(x)) / unit_sum(expf(x - unit_max(x)))"),
        ExportCase("scaled_by_largest", "x / (1.0f + tensor_max(fabsf(x)))"),
        ExportCase("gated_by_samples", "x * sigmoid(batch_max(x) - 1.0f)"),
        ExportCase("neighbours", "unit_shift(x, 1) - 0.5f * unit_shift(x, -2) + x"),
        ExportCase("places", "x * (1.0f + unit_index() / unit_count())"),
        ExportCase("whole", "x - tensor_mean(x) * 0.5f + 0.01f * tensor_sum(x)"),
        ExportCase(
            "weighed", "float a = trainable(0.7f); return a * x / (1.0f + batch_sum(fabsf(x))) + unit_sum(a) * 0.01f;",
            compiled: true),
    ]

    /// Of the library of known activations.
    static let known = [
        "gelu_tanh", "selu", "hard_swish", "golu", "xielu", "snake_a", "pau", "telu", "apl", "gelu_sinc",
    ].map { name in
        var test = ExportCase(name, "x")
        let root = URL(fileURLWithPath: #filePath).appending(path: "../../..").standardizedFileURL
        test.source =
            (try? String(contentsOf: root.appending(path: "Fitness/library/\(name).c"), encoding: .utf8)) ?? ""
        return test
    }

    /// Whose names, or whose parameters' names, are those of something else in a file.
    static let names = [
        ExportCase("masked", "x == 0.0f ? 1.0f : sinf(x) / x", compiled: true), ExportCase("value", "x * sigmoid(x)"),
        ExportCase("cbrt", "cbrtf(x * x * x + 20.0f)"), ExportCase("hypot", "hypotf(x, 0.5f * x)"),
        ExportCase("trunc", "truncf(x) * 0.5f + x"), ExportCase("copysign", "copysignf(x * x, cosf(x))"),
        ExportCase("softplus", "x * tanhf(softplus(x))"), ExportCase("total", "x * tanhf(x)"),
        ExportCase("real", "x * erff(x)"), ExportCase("t1", "tanhf(x) * sigmoid(tanhf(x))"),
        ExportCase(
            "of_modules",
            """
            float half = trainable(0.5f); float train = trainable(0.25f); float forward = trainable(0.75f);
            float to = trainable(1.25f); float type = trainable(0.125f); float t = trainable(-0.5f);
            return half * sinf(train * x) + forward * tanhf(to * x) + type * x + t * sigmoid(x);
            """, smooth: true, compiled: true),
        ExportCase(
            "of_layers",
            """
            float input = trainable(0.5f); float name = trainable(0.25f); float losses = trainable(0.75f);
            float weights = trainable(1.25f); float dtype = trainable(0.125f); float output = trainable(-0.5f);
            return input * sinf(name * x) + losses * tanhf(weights * x) + dtype * x + output * sigmoid(x);
            """, smooth: true),
        ExportCase(
            "of_files",
            """
            float a = trainable(0.5f); float a_ = trainable(0.25f); float x_ = trainable(0.75f); float y = trainable(1.25f);
            float dx = trainable(0.125f); float a_dot = trainable(-0.5f); float y_at = trainable(0.3f);
            float _total = trainable(0.2f);
            return a * sinf(a_ * x) + x_ * tanhf(y * x) + dx * x + a_dot * sigmoid(x) + y_at * cosf(_total * x);
            """, smooth: true, compiled: true),
    ]

    static let all = elementwise + known + layer + names

    /// The function, whose constants are the decimal numbers that its files say.
    func function() -> ExportedFunction? {
        guard case .compiled(var compiled) = ActivationPipeline().compile(source) else { return nil }
        func respelled(_ program: Program) -> Program {
            var program = program
            for (id, node) in program.nodes.enumerated() where node.op == .constant {
                program.nodes[id].payload = Double(Literal.shortest(node.payload)) ?? .nan
            }
            program.parameters = program.parameters.map {
                Parameter(name: $0.name, initial: Double(Literal.shortest($0.initial)) ?? .nan)
            }
            return program
        }
        compiled.program = respelled(compiled.program)
        compiled.gradient = respelled(compiled.gradient)
        return ExportedFunction(
            name: name, compiled: compiled,
            origin: ExportedFunction.Origin(.file, name: "a test", findings: ["+1 dB */ \"\"\" \\"]))
    }

    /// 4,096 of them, singular ones too; [64 × 64], or of a layer [32 × 6].
    var points: [[Double]] {
        if Self.layer.contains(where: { $0.name == name }) {
            return (0..<32).map { row in
                (0..<6).map { unit -> Double in
                    let angle = Double(row * 17 + unit * 29)
                    return 3 * sin(angle) + 0.125 * Double(unit)
                }
            }
        }
        let edges: [Double] = [
            0, -0.0, 1e-30, -1e-30, 1e-8, -1e-8, 0.5, -0.5, 1, -1, 2, -2, 3.5, -3.5, 5, 7, -7, 100, -100, 1e4, -1e4,
        ]
        let wide: [Double] = (0..<1000).map { -30 + 60 * Double($0) / 999 }
        let count = 4096 - edges.count - wide.count
        let near: [Double] = (0..<count).map { -6 + 12 * (Double($0) + 0.5) / Double(count) }
        let all = edges + wide + near
        return (0..<64).map { Array(all[$0 * 64..<($0 + 1) * 64]) }
    }
}

/// What check.py reads of a case.
struct ExportValues: Encodable {
    var name: String
    var type: String
    var layer: Bool
    var smooth: Bool
    var compile: Bool
    var initials: [Double]
    var x: [[Double]]
    var g: [[Double]]
    var y: [[Double]]
    var dx: [[Double]]
    var dp: [Double]
    /// The same for float32 inputs, and how far off float32 arithmetic may be.
    var x32: [[Double]]
    var g32: [[Double]]
    var y32: [[Double]]
    var dx32: [[Double]]
    var dp32: [Double]
    var yLoose: [[Double]]
    var dxLoose: [[Double]]

    init(_ test: ExportCase, _ function: ExportedFunction) {
        let exact = TestValues(function, x: test.points)
        let single = test.points.map { $0.map { Double(Float($0)) } }
        let rounded = TestValues(function, x: single)
        let moved = TestValues(function, x: single.map { $0.map { Double(Float($0).nextUp) } })
        let loose = Interpreter.evaluateLayer(
            function.gradient, x: single, cotangent: rounded.g, precision: .single)
        func slack(_ loose: [[Double]], _ wanted: [[Double]], _ moved: [[Double]]) -> [[Double]] {
            zip(loose, zip(wanted, moved)).map { loose, rest in
                zip(loose, zip(rest.0, rest.1)).map { 16 * abs($0 - $1.0) + 4 * abs($1.1 - $1.0) }
            }
        }
        name = test.name
        type = test.name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        layer = function.readsLayer
        smooth = test.isSmooth
        compile = test.isCompiled
        initials = function.parameters.map(\.initial)
        (x, g, y, dx, dp) = (exact.x, exact.g, exact.y, exact.dx, exact.dp)
        (x32, g32, y32, dx32, dp32) = (rounded.x, rounded.g, rounded.y, rounded.dx, rounded.dp)
        let slopes =
            function.readsLayer
            ? loose[1] : zip(loose[1], rounded.g).map { slopes, g in zip(slopes, g).map { $0 * $1 } }
        yLoose = slack(loose[0], rounded.y, moved.y)
        dxLoose = slack(slopes, rounded.dx, moved.dx)
    }
}
