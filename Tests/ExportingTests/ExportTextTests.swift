import ActivationCompiler
import ActivationIR
import EvolveTypes
import Foundation
import Testing

@testable import Exporting

@Suite("Exported texts")
struct ExportTextTests {
    private static func function(_ source: String, _ origin: ExportedFunction.Origin? = nil) throws -> ExportedFunction
    {
        guard case .compiled(let compiled) = ActivationPipeline().compile(source) else {
            throw Failure(.internalError, "the test's source is refused")
        }
        return ExportedFunction(
            name: "f_1", compiled: compiled,
            origin: origin ?? ExportedFunction.Origin(.search, name: "run quick, seed 1"))
    }

    private static func text(_ target: ExportTarget, _ function: ExportedFunction) throws -> String {
        String(decoding: try target.file(of: function), as: UTF8.self)
    }

    @Test("A value that is used once stands where it is used; one that is used twice has a name")
    func listing() throws {
        let source = "float activation(float x) { float s = x + 0.5f * sinf(x); return s * sigmoid(s); }"
        let text = try Self.text(.numpy, Self.function(source))
        #expect(text.contains("        t1 = x + 0.5 * np.sin(x)\n        return t1 * _sigmoid(t1)\n"), "\(text)")
    }

    @Test("Numbers are those of the source: 0.1f is written 0.1")
    func numbers() throws {
        let function = try Self.function("float activation(float x) { return 0.1f * x - 3.0f * tanhf(x); }")
        #expect(try Self.text(.pytorch, function).contains("0.1 * x"))
        #expect(try Self.text(.c, function).contains("0.1f * x"))
    }

    @Test("Every text says where the function comes from, what was found, what a licence wants shown, and its formula")
    func header() throws {
        let origin = ExportedFunction.Origin(
            .model, name: "run quick, seed 1", models: ["llama"], candidate: 17, digest: "abc123",
            findings: ["On held-out tasks: +1.00 dB"],
            attributions: ["Built with Llama (llama)"])
        let function = try Self.function(
            "// A wave\\nfloat activation(float x) { return x * erff(x); }".replacing("\\n", with: "\n"), origin)
        for target in ExportTarget.allCases {
            let text = try Self.text(target, function)
            for words in [
                "A wave", "x·erf(x)", "quick, seed 1", "17", "abc123", "+1.00 dB", "Built with Llama (llama)",
            ] {
                #expect(text.contains(words), "\(target): \(words)")
            }
        }
    }

    @Test("What a model calls its idea ends no comment and no string")
    func hostile() throws {
        let source = "/* end \"\"\" ''' \\\\ */ float activation(float x) { return x; }"
            .replacing("end", with: "\\end{align*} \u{2028} import os")
        let function = try Self.function(source)
        for target in ExportTarget.allCases where target != .json && target != .onnx {
            let text = try Self.text(target, function)
            let idea = try #require(text.split(separator: "\n").first { $0.contains("Idea:") })
            #expect(
                !idea.contains("\"\"\"") && !idea.contains("*/") && !idea.contains("\\") && !idea.contains("\u{2028}"),
                "\(target)")
        }
    }

    @Test("Parameters keep their names, unless the language needs them for something else")
    func names() throws {
        let source =
            "float activation(float x) { float alpha = trainable(0.5f); float pass = trainable(0.1f); return alpha * x + pass * sinf(x); }"
        let function = try Self.function(source)
        let torch = try Self.text(.pytorch, function)
        #expect(torch.contains("self.alpha = nn.Parameter(torch.tensor([0.5]))"))
        #expect(torch.contains("self.pass_ = nn.Parameter(torch.tensor([0.1]))"))
        #expect(try Self.text(.c, function).contains("f_1(float x, float alpha, float pass)"))
    }

    @Test("A function that is called like one of C's goes by another name there")
    func cNames() throws {
        guard case .compiled(let compiled) = ActivationPipeline().compile("float activation(float x) { return x; }")
        else { return }
        let function = ExportedFunction(name: "tanh", compiled: compiled, origin: .init(.file, name: "a test"))
        #expect(try Self.text(.c, function).contains("static inline float tanh_(float x)"))
        #expect(try Self.text(.jax, function).contains("def tanh(x):"))
    }

    @Test("Whatever a function is called, a Python or C file defines each name once", arguments: ExportTarget.allCases)
    func definedOnce(target: ExportTarget) throws {
        let languages = [
            TorchExport.language, JAXExport.language, TensorFlowExport.language, NumPyExport.language,
            TritonExport.language, CExport.language, SwiftExport.language,
        ]
        let helpers = languages.flatMap(\.helpers).map { String($0.name.drop { $0 == "_" }.lowercased()) }
        // Which uses about every helper that there is.
        let source = """
            float activation(float x) {
                float p = trainable(0.5f);
                float v = 1.0f + x * x;
                return p * cbrtf(v) + hypotf(x, 1.0f) + truncf(x) * 0.1f + copysignf(v, p) * 0.1f + softplus(x) + erff(x)
                    + erfcf(x) * sigmoid(x) + (x == 0.0f ? 1.0f : sinf(x) / x) + rintf(x) * 0.1f + tanhf(x) + asinhf(x) + atanf(x)
                    + powf(v, p) + log1pf(v) + expm1f(-v);
            }
            """
        guard case .compiled(let compiled) = ActivationPipeline().compile(source) else {
            throw Failure(.internalError, "the test's source is refused")
        }
        let others = [
            "x", "g", "y", "dp", "d_x", "true", "none", "torch", "value_error", "float", "t1", "value", "tape",
        ]
        for name in Set(helpers + others) where target != .onnx {
            let function = ExportedFunction(name: name, compiled: compiled, origin: .init(.file, name: "a test"))
            let text = try Self.text(target, function)
            let defined = text.matches(of: #/(?m)^(?:def |class |static inline \w+ |public struct )(\w+)|^([A-Z]+) = /#)
                .map { $0.1.map(String.init) ?? String($0.2 ?? "") }
                .filter { $0 != "_" }
            #expect(Set(defined).count == defined.count, "\(name): \(defined)")
            guard target.suffix.hasSuffix(".py") else { continue }
            #expect(
                Set(defined).isDisjoint(with: ["None", "True", "ValueError", "float", "torch"]), "\(name): \(defined)")
        }
    }

    @Test("docs/export.md explains every operator and every key of the JSON")
    func documented() throws {
        let root = URL(fileURLWithPath: #filePath).appending(path: "../../..").standardizedFileURL
        let page = try String(contentsOf: root.appending(path: "docs/export.md"), encoding: .utf8)
        for op in Operator.allCases { #expect(page.contains("`\(op.name)`"), "\(op.name)") }
        let function = try Self.function("// An idea\nfloat activation(float x) { return tanhf(x); }")
        let document = try JSONSerialization.jsonObject(with: ExportTarget.json.file(of: function))
        for key in try #require(document as? [String: Any]).keys { #expect(page.contains("`\(key)`"), "\(key)") }
    }

    @Test("The header says who made the function, and so does JSON")
    func makers() throws {
        let source = "float activation(float x) { return x * erff(x); }"
        for (origin, words) in [
            (ExportedFunction.Origin(.file, name: "the file f.c"), "under the terms of the file f.c"),
            (ExportedFunction.Origin(.known, name: "gelu"), "was known before"),
            (ExportedFunction.Origin(.seed, name: "run a"), "was known before"),
            (ExportedFunction.Origin(.search, name: "run a"), "without a language model"),
            (ExportedFunction.Origin(.model, name: "run a", models: ["llama"]), "(llama): see their licences"),
        ] {
            let function = try Self.function(source, origin)
            for target in [ExportTarget.pytorch, .c, .json, .latex, .onnx] {
                #expect(try Self.text(target, function).contains(words), "\(target): \(words)")
            }
            #expect(
                try Self.text(.c, function).contains("found by evolve") == [.search, .model].contains(origin.maker))
        }
    }

    @Test("LaTeX: f is the function, letters are numbers, long sums are broken, σ is said, values stand in comments")
    func longLatex() throws {
        let source = """
            float activation(float x) {
                float s = 0.0f;
                for (int k = 1; k <= 6; k++) s += sinf((float)k * x + 0.5f) * sigmoid((float)k * x) + cosf(x * (float)k + 0.25f);
                return x > 1.25f * sinf(x) + 0.5f ? s : x < 1.25f * sinf(x) + 0.75f ? s * x : s * s;
            }
            """
        let text = try Self.text(.latex, Self.function(source))
        #expect(!text.contains("where } f =") && text.contains("\\sigma(z) &= \\frac{1}{1 + e^{-z}}"), "\(text)")
        #expect(text.contains(" \\\\\n&\\qquad +") && text.contains("% x, f(x), f'(x):"))
        let conditions = text.matches(of: /where } \w = [^\\\n]*(<|>)/)
        #expect(conditions.isEmpty)
    }

    @Test("A target that cannot hold a function of the layer says which can")
    func layer() throws {
        let function = try Self.function("float activation(float x) { return x - batch_mean(x); }")
        for target in [ExportTarget.swift, .triton] {
            let failure = #expect(throws: Failure.self) { try target.file(of: function) }
            #expect(failure?.kind == .badInput && failure?.message.contains("pytorch") == true)
        }
    }

    @Test("LaTeX has fractions, cases, names and derivatives")
    func latex() throws {
        let source =
            "float activation(float x) { float beta_0 = trainable(0.5f); return x > 0.0f ? x / (1.0f + expf(-x)) : beta_0 * sqrtf(1.0f + x * x); }"
        let text = try Self.text(.latex, Self.function(source))
        #expect(
            text.contains("\\begin{align*}") && text.contains("\\begin{cases}") && text.contains("\\mathrm{beta\\_0}"))
        #expect(
            text.contains("\\sqrt{1 + x^{2}}") && text.contains("f'(x) &=") && text.contains("\\frac{\\partial f}"),
            "\(text)")
    }

    @Test("The functions that are compared use every operator between them")
    func operators() throws {
        // Fused products are written out by the simplifier.
        var missing = Set(Operator.allCases).subtracting([.fusedMultiplyAdd])
        for test in ExportCase.all {
            let gradient = try #require(test.function()).gradient
            for (node, isLive) in zip(gradient.nodes, gradient.isLive) where isLive { missing.remove(node.op) }
        }
        #expect(missing.isEmpty, "\(missing)")
    }

    @Test("JSON is the whole function, and reads back")
    func json() throws {
        let function = try Self.function(
            "float activation(float x) { float a = trainable(0.5f); return a * tanhf(x); }")
        let document = try JSONDecoder().decode(JSONExport.Document.self, from: ExportTarget.json.file(of: function))
        #expect(document.parameters.map(\.name) == ["a"] && document.outputs.count == 3)
        #expect(document.testValues.y[0].count == 9 && document.program.last != nil)
    }
}
