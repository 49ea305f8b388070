import ActivationCodegen
import ActivationCompiler
import ActivationIR
import ActivationPasses
import EvolveTypes
import Testing

@Suite("Layer kernels")
struct LayerKernelTests {
    typealias Forward =
        @convention(c) (
            UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int64, Int64,
            UnsafePointer<Float>, UnsafeMutableRawPointer
        ) -> Void
    typealias Backward =
        @convention(c) (
            UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>,
            UnsafeMutablePointer<Float>, Int64, Int64, UnsafePointer<Float>, UnsafeMutableRawPointer
        ) -> Void
    typealias Workspace = @convention(c) (Int64, Int64) -> Int64

    static let shapes = [(1, 1), (1, 7), (7, 1), (5, 33), (32, 32), (3, 16)]

    @Test("the written examples compile, agree with the interpreter within 4e-6, and are vectorised")
    func examples() throws {
        let programs = try LayerExamples.sources.map { name, text in
            guard case .compiled(let candidate) = ActivationPipeline().compile(text) else {
                throw CompiledKernels.Failed(message: "\(name): \(ActivationPipeline().compile(text))")
            }
            return (name, candidate.gradient)
        }
        let compared = try Self.compare(programs, tolerance: 4e-6, spreads: 4)
        #expect(compared > 15_000, "only \(compared) values compared")
    }

    @Test("80 random layer programs agree with the interpreter")
    func randomPrograms() throws {
        let programs = (0..<80).map { index in
            let program = RandomProgram.make(index, operations: 3...10, readsLayer: true)
            return ("random \(index)", Gradient.differentiate(Simplifier.run(program)))
        }
        let compared = try Self.compare(programs.filter { $0.1.readsLayer }, tolerance: 4e-6, spreads: 16)
        #expect(compared > 20_000, "only \(compared) values compared")
    }

    /// How many values were compared.
    private static func compare(_ programs: [(String, Program)], tolerance: Double, spreads: Double) throws -> Int {
        let kernels = try CompiledKernels(programs.map { KernelPrinter.print(gradient: $0.1) })
        for (number, (name, _)) in programs.enumerated() {
            let (all, vectorised) = (kernels.loopCounts[number], kernels.vectorisedLoops[number])
            #expect(all > 0 && vectorised == all, "\(name): \(vectorised) of \(all) loops are vectorised")
        }
        #expect(kernels.messages.isEmpty, "\(kernels.messages.prefix(3000))")
        var agreement = Agreement(tolerance: tolerance, spreads: spreads)
        for (number, (name, gradient)) in programs.enumerated() {
            try agreement.note(layer: kernels, number, name, gradient, shapes: shapes)
        }
        for failure in agreement.failures { Issue.record("\(failure)") }
        return agreement.compared
    }
}

extension Agreement {
    /// Kernel `number` over layers of these shapes.
    mutating func note(
        layer kernels: CompiledKernels, _ number: Int, _ name: String, _ gradient: Program, shapes: [(Int, Int)]
    ) throws {
        for (batch, units) in shapes {
            let x = LayerSample.spread(batch, units, size: 3, start: 17).map { $0.map { Double(Float($0)) } }
            let cotangent = LayerSample.spread(batch, units, size: 1, start: 5).map { $0.map { Double(Float($0)) } }
            let result = try LayerKernelTests.run(kernels, number, gradient, x, cotangent)
            func columns(_ x: [[Double]], _ precision: Interpreter.Precision) -> [[Double]] {
                let values = LayerGradient.evaluate(gradient, x: x, cotangent: cotangent, precision: precision)
                return [values.y.flatMap { $0 }, values.x.flatMap { $0 }] + values.parameters.map { [$0] }
            }
            note(
                "\(name), \(batch) × \(units)", [result.y, result.x] + result.parameters.map { [$0] },
                exact: columns(x, .double), rounded: columns(x, .single),
                shaken: columns(x.map { $0.map { $0 * (1 + 0x1p-23) } }, .single))
        }
    }
}

extension LayerKernelTests {
    static func run(
        _ kernels: CompiledKernels, _ number: Int, _ gradient: Program, _ x: [[Double]], _ cotangent: [[Double]]
    ) throws -> (y: [Float], x: [Float], parameters: [Float]) {
        let (batch, units) = (Int64(x.count), Int64(x[0].count))
        let z = x.flatMap { $0.map(Float.init) }
        let bias = [Float](repeating: -0.0, count: x[0].count)
        var (y, xbar) = (z, z)
        var pbar = [Float](repeating: .nan, count: max(1, gradient.parameters.count))
        let p = gradient.parameters.map { Float($0.initial) } + [0]
        let size = try kernels.function("layer_workspace", of: number, as: Workspace.self)(batch, units)
        let workspace = UnsafeMutableRawPointer.allocate(byteCount: 4 * Int(size) + 64, alignment: 64)
        defer { workspace.deallocate() }
        // What lies behind the workspace must stay as it is, and what lies in it must not matter.
        let words = workspace.bindMemory(to: UInt32.self, capacity: Int(size) + 16)
        for index in 0..<(Int(size) + 16) { words[index] = 0x7fc0_1234 }
        try kernels.function("layer_forward", of: number, as: Forward.self)(
            z, bias, &y, batch, units, p, workspace)
        try kernels.function("layer_backward", of: number, as: Backward.self)(
            z, bias, cotangent.flatMap { $0.map(Float.init) }, &xbar, &pbar, batch, units, p, workspace)
        for index in 0..<16 { #expect(words[Int(size) + index] == 0x7fc0_1234, "written behind the workspace") }
        return (y, xbar, Array(pbar.prefix(gradient.parameters.count)))
    }
}
