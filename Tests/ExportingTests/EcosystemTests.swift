import Foundation
import Testing

@testable import Exporting

/// Where scripts/setup --tests puts them.
private enum Ecosystems {
    static let python = "\(ProcessInfo.processInfo.environment["EVOLVE_HOME"] ?? "")/ecosystems/bin/python3"
    /// Asked for, or there.
    static let isThere =
        ProcessInfo.processInfo.environment["EVOLVE_REQUIRE_ECOSYSTEMS"] == "1"
        || FileManager.default.isExecutableFile(atPath: python)
}

/// Exported files, run where they are meant to run. scripts/setup --tests installs the ecosystems.
@Suite("Exports in their ecosystems", .enabled(if: Ecosystems.isThere, "scripts/setup --tests"))
struct EcosystemTests {
    /// The folder with all files, made once.
    private static let folder = Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "exports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var values: [ExportValues] = []
        for test in ExportCase.all {
            let function = try #require(test.function(), "\(test.name)")
            for target in ExportTarget.allCases {
                guard !function.readsLayer || (target != .swift && target != .triton) else { continue }
                try target.file(of: function).write(to: folder.appending(path: test.name + target.suffix))
            }
            values.append(ExportValues(test, function))
        }
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        try encoder.encode(values).write(to: folder.appending(path: "cases.json"))
        return folder
    }

    @Test(
        "what is exported computes the value and the gradient of the reference at 4,096 points, singular ones too",
        arguments: ["numpy", "torch", "jax", "tensorflow", "triton", "onnx"])
    func agreement(ecosystem: String) throws {
        let folder = try Self.folder.get()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Ecosystems/check.py")
        let ending = try ChildProgram.run(Ecosystems.python, ["-B", script.path, ecosystem, folder.path])
        #expect(ending.status == 0, "\(ending.output.suffix(4000))")
        #expect(ending.output.contains("agree"))
    }

    @Test(
        "a file checks itself", arguments: ["_numpy.py", "_torch.py", "_jax.py", "_tensorflow.py"])
    func itself(suffix: String) throws {
        let folder = try Self.folder.get()
        for name in ["ripple", "weighed", "of_modules", "of_layers", "of_files", "masked"] {
            let ending = try ChildProgram.run(Ecosystems.python, ["-B", folder.appending(path: name + suffix).path])
            #expect(ending.status == 0 && ending.output.contains("dp: "), "\(ending.output.suffix(2000))")
        }
    }

    @Test(
        "A file whose backward is wrong fails its own check, for x as for parameters",
        arguments: [
            ("_numpy.py", "np.cos(", "np.tanh(", "[np.sum(g * ", "[np.sum(-g * "),
            ("_torch.py", "torch.cos(", "torch.tanh(", "_total(g * ", "_total(-g * "),
            ("_jax.py", "jnp.cos(", "jnp.tanh(", " + (jnp.sin(", " - (jnp.sin("),
            ("_tensorflow.py", "tf.cos(", "tf.tanh(", "tf.cast(g * ", "tf.cast(-g * "),
        ])
    func wrong(suffix: String, line: String, other: String, part: String, negated: String) throws {
        let file = try Self.folder.get().appending(path: "ripple" + suffix)
        let text = try String(contentsOf: file, encoding: .utf8)
        for (place, (old, new)) in [(line, other), (part, negated)].enumerated() {
            #expect(text.contains(old), "\(text)")
            let changed = file.deletingLastPathComponent().appending(path: "wrong_\(place)\(suffix)")
            try Data(text.replacing(old, with: new).utf8).write(to: changed)
            let ending = try ChildProgram.run(Ecosystems.python, ["-B", changed.path])
            #expect(
                ending.status != 0 && ending.output.contains("dp is ") || ending.output.contains("dx is "), "\(new)")
        }
    }

    @Test(
        "The second derivative at a point that a condition cuts out is what the file says of it",
        arguments: ["torch", "jax"])
    func twice(ecosystem: String) throws {
        let folder = try Self.folder.get()
        let script =
            ecosystem == "torch"
            ? """
            import torch, masked_torch
            x = torch.zeros(1, requires_grad=True)
            (first,) = torch.autograd.grad(masked_torch.masked(x).sum(), x, create_graph=True)
            (second,) = torch.autograd.grad(first.sum(), x)
            print(float(first), float(second))
            """
            : """
            import jax, masked_jax
            print(jax.grad(masked_jax.masked)(0.0), jax.grad(jax.grad(masked_jax.masked))(0.0))
            """
        let ending = try ChildProgram.run(
            Ecosystems.python, ["-B", "-c", "import sys; sys.path.insert(0, \"\(folder.path)\")\n" + script],
            merging: false)
        let text = try String(contentsOf: folder.appending(path: "masked_\(ecosystem).py"), encoding: .utf8)
        #expect(ending.output == "0.0 nan\n", "\(ending.output)")
        #expect(text.contains("Second derivatives are the framework's"))
    }
}
