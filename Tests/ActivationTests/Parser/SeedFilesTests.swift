import ActivationIR
import ActivationParser
import ActivationPasses
import Foundation
import Testing

@Suite struct SeedFilesTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func files(in folder: String) throws -> [URL] {
        let files = try FileManager.default.contentsOfDirectory(
            at: root.appending(path: folder), includingPropertiesForKeys: nil)
        return files.filter { $0.pathExtension == "c" }.sorted { $0.path < $1.path }
    }

    @Test(
        "every seed says what it is, parses without a word, is sound, and is printed as it is written",
        arguments: ["Islands/smooth/seeds", "Islands/periodic/seeds"])
    func seeds(_ folder: String) throws {
        let files = try Self.files(in: folder)
        #expect(files.count >= 7)
        for file in files {
            let source = try String(contentsOf: file, encoding: .utf8)
            let result = SourceParser.parse(source)
            #expect(result.diagnostics == [], "\(file.lastPathComponent)")
            #expect(
                result.idea?.contains("20") == true || result.idea?.contains("19") == true, "a source with its year")
            let program = try #require(result.program)
            #expect(SoundnessGate.check(Gradient.differentiate(Simplifier.run(program))) == nil)
            #expect(result.tree.map { SourcePrinter.print($0) } == source)
        }
    }

    private static func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }

    private static let formulas: [String: @Sendable (Double) -> Double] = [
        "relu": { max($0, 0) }, "gelu": gelu, "silu": { $0 / (1 + exp(-$0)) }, "tanh": { tanh($0) },
        "softplus": { log(1 + exp($0)) }, "elu": { $0 > 0 ? $0 : exp($0) - 1 },
        "mish": { $0 * tanh(log(1 + exp($0))) }, "sin": { sin($0) }, "snake": { $0 + sin($0) * sin($0) },
        "gelu_sine": { gelu($0) + 0.1 * sin($0) },
        "gelu_sinc": { gelu($0) * (1 + 0.5 * ($0 == 0 ? 1 : sin(Double.pi * $0) / (Double.pi * $0))) },
        "gmtu": { tanh(1.5 * $0) * exp(-0.2 * $0 * $0) + 0.1 * $0 }, "x_cos_x": { $0 * cos($0) },
    ]

    @Test("every seed computes the published formula")
    func values() throws {
        let points = [-4, -2.5, -1, -0.3, 0, 0.2, 0.9, 1.7, 3.3]
        for folder in ["Islands/smooth/seeds", "Islands/periodic/seeds"] {
            for file in try Self.files(in: folder) {
                let name = file.deletingPathExtension().lastPathComponent
                let formula = try #require(Self.formulas[name], "no formula for \(name)")
                let program = try #require(SourceParser.parse(String(contentsOf: file, encoding: .utf8)).program)
                for (x, value) in zip(points, Interpreter.evaluate(program, inputs: points)[0]) {
                    #expect(abs(value - formula(x)) < 1e-6, "\(name) at \(x): \(value)")
                }
            }
        }
    }
}
