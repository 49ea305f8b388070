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
        for name in ["ripple", "weighed"] {
            let ending = try ChildProgram.run(Ecosystems.python, ["-B", folder.appending(path: name + suffix).path])
            #expect(ending.status == 0 && ending.output.contains("dp: "), "\(ending.output.suffix(2000))")
        }
    }
}
