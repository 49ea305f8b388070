import ActivationCodegen
import ActivationCompiler
import ActivationIR
import ActivationPasses
import EvolveTypes
import Foundation
import Testing

/// Kernels of random programs beside the interpreter in double precision: 100 in the normal tests, one in five over a layer.
///
/// `scripts/measure/kernels` sets EVOLVE_KERNELS to the number of programs and EVOLVE_KERNELS_OUTPUT to the file that
/// receives the figures; `scripts/bench/compile` sets EVOLVE_KERNELS_TEXTS to a folder for the printed kernels.
@Suite("Agreement of kernels") struct KernelAgreementTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["EVOLVE_KERNELS"].flatMap(Int.init) ?? 100
    /// Programs compiled together.
    private static let batch = 100

    @Test("values, slopes and parameter slopes of random programs are the interpreter's")
    func randomPrograms() throws {
        var stream = RandomStream(key: ["agreement inputs"])
        let inputs = [0, -0.0, 1, -1, 10, -10, 100] + (0..<30).map { _ in Float(8 * stream.uniform() - 4) }
        var tallies = [
            "elementwise": Agreement(tolerance: 4e-6, spreads: 8), "layer": Agreement(tolerance: 4e-6, spreads: 16),
        ]
        for start in stride(from: 0, to: Self.count, by: Self.batch) {
            let gradients = (start..<min(start + Self.batch, Self.count)).map { index in
                // Not those that other tests draw.
                let program = RandomProgram.make(100_000 + index, operations: 3...12, readsLayer: index % 5 == 4)
                return Gradient.differentiate(Simplifier.run(program))
            }
            let sources = gradients.map(KernelPrinter.print(gradient:))
            for (number, source) in sources.enumerated() { try Self.write(source, "random_\(start + number)") }
            let kernels = try CompiledKernels(sources)
            #expect(kernels.messages.isEmpty, "\(kernels.messages.prefix(1000))")
            for (number, gradient) in gradients.enumerated() {
                let kind = gradient.readsLayer ? "layer" : "elementwise"
                let name = "random \(start + number)"
                if gradient.readsLayer {
                    try tallies[kind]?.note(
                        layer: kernels, number, name, gradient, shapes: [(1, 7), (5, 33), (16, 32)])
                } else {
                    try tallies[kind]?.note(elementwise: kernels, number, name, gradient, inputs)
                }
            }
        }
        for (name, text) in Self.environment["EVOLVE_KERNELS_TEXTS"] == nil ? [] : LayerExamples.sources {
            guard case .compiled(let candidate) = ActivationPipeline().compile(text) else { continue }
            try Self.write(candidate.kernel, "written_\(name)")
        }
        for tally in tallies.values {
            // Where a unit in the last place decides, as in the ceiling of log10(100), no comparison of values helps.
            #expect(tally.failures.count <= tally.compared / 10_000, "\(tally.failures.prefix(20))")
            #expect(tally.compared > 100 * Self.count / 5)
            #expect(Double(tally.plain) > 0.98 * Double(tally.compared))
        }
        try Self.write(tallies)
    }

    private static func write(_ source: KernelSource, _ name: String) throws {
        guard let folder = environment["EVOLVE_KERNELS_TEXTS"] else { return }
        try Data(source.text.utf8).write(to: URL(filePath: folder).appending(path: name + ".c"))
    }

    private static func write(_ tallies: [String: Agreement]) throws {
        guard let path = environment["EVOLVE_KERNELS_OUTPUT"] else { return }
        let figures = tallies.mapValues {
            [
                "values": $0.compared, "within 4e-6 as they are": $0.plain, "beyond the criterion": $0.failures.count,
                "too ill-conditioned to compare": $0.ill,
            ]
        }
        for failure in tallies.values.flatMap(\.failures) { print("beyond the criterion: \(failure)") }
        let data = try JSONSerialization.data(withJSONObject: figures, options: [.sortedKeys, .prettyPrinted])
        try data.write(to: URL(filePath: path))
    }
}
