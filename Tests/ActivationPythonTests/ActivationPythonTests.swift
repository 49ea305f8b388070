import ActivationCompiler
import ActivationIR
import ActivationParser
import ActivationPython
import Foundation
import Testing

@Suite("Functions in Python")
struct ActivationPythonTests {
    @Test(
        "what is refused is refused with its line and a reason",
        arguments: (PythonSources.refused + PythonSources.misleading).indices)
    func refused(index: Int) {
        let (text, line, words) = (PythonSources.refused + PythonSources.misleading)[index]
        guard case .refused(let diagnostic) = ActivationPython.translate(text) else {
            Issue.record("it is translated")
            return
        }
        #expect(
            diagnostic.line == line && diagnostic.message.contains(words), "\(diagnostic.line): \(diagnostic.message)")
    }

    @Test(
        "what is translated compiles, and keeps what its author says of it",
        arguments: (PythonSources.all + PythonSources.forms).indices)
    func compiles(index: Int) throws {
        let (name, text) = (PythonSources.all + PythonSources.forms)[index]
        guard case .translated(let source) = ActivationPython.translate(text) else {
            Issue.record("\(name) is refused: \(ActivationPython.translate(text))")
            return
        }
        let result = SourceParser.parse(source)
        #expect(result.program != nil, "\(name): \(result.diagnostics)\n\(source)")
        if name == "helper" { #expect(result.idea == "A gated line.") }
        if name == "comment" { #expect(result.idea == "Ripples on a ramp") }
    }

    @Test(
        "what an object computes is its function, with the numbers that it is made with",
        arguments: PythonSources.classes.indices)
    func classes(index: Int) throws {
        let (name, text) = PythonSources.classes[index]
        guard case .translated(let source) = ActivationPython.translate(text) else {
            Issue.record("\(name) is refused: \(ActivationPython.translate(text))")
            return
        }
        let result = SourceParser.parse(source)
        let program = try #require(result.program, "\(name): \(result.diagnostics)\n\(source)")
        let trained = [
            "module with parameters": 3, "module with settings": 1, "PReLU": 1, "layer of Keras": 2,
            "a trained constant": 1,
        ]
        #expect(program.parameters.count == trained[name] ?? 0, "\(name): \(source)")
        if name == "module" { #expect(result.idea == "Mish, by its softplus.") }
        if name == "module with parameters" { #expect(source.contains("self_beta = trainable(0.5f")) }
    }

    @Test("statistics of arrays are those of a layer")
    func layer() throws {
        let text =
            "import numpy as np\ndef activation(x):\n    return (x - x.mean(axis=0)) / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-5) + np.roll(x, 2, axis=-1)\n"
        guard case .translated(let source) = ActivationPython.translate(text) else {
            Issue.record("refused")
            return
        }
        #expect(
            source.contains("batch_mean(x)") && source.contains("unit_mean(x * x)")
                && source.contains("unit_shift(x, -2)"))
        let program = try #require(SourceParser.parse(source).program, "\(source)")
        let values = Interpreter.evaluateLayer(program, x: [[1, 2, 3, 4], [5, 7, 9, 12]])[0]
        #expect(abs(values[0][0] - (-2 / (7.5 + 1e-5).squareRoot() + 3)) < 1e-6)
    }

    @Test("maxima, minima and deviations are taken over the axis that the library means")
    func axes() {
        let cases = [
            ("import torch", "x.max(dim=-1, keepdim=True).values", "unit_max(x)"),
            ("import torch", "torch.max(x, dim=0)[0]", "batch_max(x)"),
            ("import torch", "torch.min(x)", "-tensor_max(-x)"),
            ("import torch", "torch.mean(x, dim=[0, 1])", "tensor_mean(x)"),
            ("import numpy as np", "x.min(axis=-1)", "-unit_max(-x)"),
            ("import numpy as np", "np.max(x, 0)", "batch_max(x)"),
            ("import numpy as np", "np.mean(x, axis=(0, 1))", "tensor_mean(x)"),
            ("import numpy as np", "x.var(axis=0)", "batch_mean((x - batch_mean(x)) * (x - batch_mean(x)))"),
            ("import torch", "x.var(dim=0, unbiased=False)", "batch_mean((x - batch_mean(x)) * (x - batch_mean(x)))"),
            ("import torch", "x.var(dim=0)", "fmaxf(batch_sum(1.0f) - 1.0f, 1.0f)"),
            ("import jax", "jax.nn.softmax(x)", "unit_sum(expf(x - unit_max(x)))"),
        ]
        for (library, expression, wanted) in cases {
            guard
                case .translated(let source) = ActivationPython.translate(
                    "\(library)\ndef f(x):\n    return x + \(expression)\n")
            else {
                Issue.record("\(expression) is refused")
                continue
            }
            #expect(source.contains(wanted), "\(source)")
        }
    }

    @Test(
        "of several functions the last that no other calls and that is no derivative is meant, and the choice is told")
    func chosen() {
        let text =
            "def gate(x):\n    return x\ndef swish(x):\n    return x * gate(x)\ndef d_swish(x):\n    return 2 * x\n"
        let (outcome, choice) = ActivationPython.read(text)
        #expect(choice?.taken == "swish" && choice?.all == ["swish", "d_swish"])
        guard case .translated(let source) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(source.contains("x * gate(x)"))
        #expect(ActivationPython.read(text, name: "gate").choice == nil)
        guard case .refused(let diagnostic) = ActivationPython.translate(text, name: "swsh") else {
            Issue.record("there is no swsh")
            return
        }
        #expect(diagnostic.message.contains("did you mean 'swish'?"))
    }

    @Test("no text crashes it: pieces of functions, shuffled and cut")
    func broken() {
        var state: UInt64 = 1
        func random(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
        for _ in 0..<3000 {
            let sources = PythonSources.all + PythonSources.forms + PythonSources.classes
            var pieces = sources[random(sources.count)].text.map(String.init)
            for _ in 0..<(1 + random(6)) {
                let place = random(pieces.count)
                switch random(3) {
                case 0: pieces.remove(at: place)
                case 1:
                    pieces.insert(
                        ["(", ")", ":", "\n", "    ", "**", "lambda ", "\"", "if ", ",", "0x", "é"][random(12)],
                        at: place)
                default: pieces.swapAt(place, random(pieces.count))
                }
            }
            _ = ActivationPython.translate(pieces.joined())
        }
        _ = ActivationPython.translate("def activation(x):\n    return " + String(repeating: "(", count: 50_000))
        _ = ActivationPython.translate("def activation(x):\n    return " + String(repeating: "-", count: 50_000) + "x")
        _ = ActivationPython.translate(String(repeating: "if x:\n ", count: 10_000))
        for link in [" or x", " and x", " + x"] {
            _ = ActivationPython.translate("def activation(x):\n    return x" + String(repeating: link, count: 400))
        }
        for call in ["F.elu(", "x % (", "(x or "] {
            let text = String(repeating: call, count: 100) + "x" + String(repeating: ")", count: 100)
            _ = ActivationPython.translate("def activation(x):\n    return " + text)
        }
        for link in [" + x", " and x", " or x", ".T", "()", "[0]", " * x", " < x"] {
            _ = ActivationPython.translate("def activation(x):\n    return x" + String(repeating: link, count: 15_000))
        }
        _ = ActivationPython.translate(
            "def activation(x):\n    if x: y = 1\n" + String(repeating: "    elif x: y = 1\n", count: 5_000))
        _ = ActivationPython.translate("def activation(x):" + String(repeating: "\n", count: 90_000) + "    return x")
    }
}

/// Where scripts/setup --tests puts NumPy, PyTorch, JAX and TensorFlow.
private enum Ecosystems {
    static let python = "\(ProcessInfo.processInfo.environment["EVOLVE_HOME"] ?? "")/ecosystems/bin/python3"
    static let isThere =
        ProcessInfo.processInfo.environment["EVOLVE_REQUIRE_ECOSYSTEMS"] == "1"
        || FileManager.default.isExecutableFile(atPath: python)
}

@Suite("Functions in Python, and what Python makes of them", .enabled(if: Ecosystems.isThere, "scripts/setup --tests"))
struct PythonAgreementTests {
    private struct Source: Encodable {
        var name: String
        var source: String
    }

    private struct Values: Decodable {
        var x: [Double]
        var values: [String: [Double]]
    }

    @Test("a translated function has the values that its library gives")
    func agreement() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "python-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "sources.json")
        try JSONEncoder().encode(
            (PythonSources.all + PythonSources.forms + PythonSources.classes).map {
                Source(name: $0.name, source: $0.text)
            }
        ).write(to: file)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "Ecosystems/evaluate.py")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Ecosystems.python)
        process.arguments = ["-B", script.path, file.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let wanted = try JSONDecoder().decode(Values.self, from: data)
        for (name, text) in PythonSources.all + PythonSources.forms + PythonSources.classes {
            guard case .translated(let source) = ActivationPython.translate(text),
                let program = SourceParser.parse(source).program, let values = wanted.values[name]
            else {
                Issue.record("\(name)")
                continue
            }
            let found = Interpreter.evaluate(program, inputs: wanted.x)[0]
            for (x, (a, b)) in zip(wanted.x, zip(found, values)) {
                // Constants are float32 in C.
                #expect(abs(a - b) <= 2e-5 * (1 + abs(b)), "\(name) at \(x): \(a), not \(b)")
            }
        }
    }
}
