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
            name: "f_1", compiled: compiled, origin: origin ?? ExportedFunction.Origin(name: "run quick, seed 1"))
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
            name: "run quick, seed 1", candidate: 17, digest: "abc123", findings: ["On held-out tasks: +1.00 dB"],
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
        #expect(torch.contains("self.alpha = nn.Parameter(torch.tensor(0.5))"))
        #expect(torch.contains("self.pass_ = nn.Parameter(torch.tensor(0.1))"))
        #expect(try Self.text(.c, function).contains("f_1(float x, float alpha, float pass)"))
    }

    @Test("A function that is called like one of C's goes by another name there")
    func cNames() throws {
        guard case .compiled(let compiled) = ActivationPipeline().compile("float activation(float x) { return x; }")
        else { return }
        let function = ExportedFunction(name: "tanh", compiled: compiled, origin: .init(name: "a test"))
        #expect(try Self.text(.c, function).contains("static inline float tanh_(float x)"))
        #expect(try Self.text(.jax, function).contains("def tanh(x):"))
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
