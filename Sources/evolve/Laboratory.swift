import ActivationCodegen
import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import Foundation
import Population
import Reporting

/// The machinery that measures candidates: C compiler, worker processes, evaluator.
struct Laboratory: Sendable {
    let evaluator: SuiteEvaluator
    /// Trains in processes of its own, which nothing in a search has touched; they start when they are first needed.
    let verifier: SuiteEvaluator
    /// Candidates that are trained at once.
    let workers: Int
    private let searching: WorkerPool
    private let verifying: WorkerPool

    /// - Parameter workers: nil means one per core.
    init(
        installation: Installation, suite: SuitePolicy, literature: [NamedProgram], runSeed: UInt64, workers: Int?
    ) throws {
        guard let reference = literature.first(where: { $0.name == RunPolicy.reference }),
            case .compiled(let compiled) = ActivationPipeline().compile(reference.source)
        else {
            throw Failure(
                .badInput,
                "Fitness/library/\(RunPolicy.reference).c, the reference of all gains, is missing or unsound")
        }
        let count = workers ?? ProcessInfo.processInfo.activeProcessorCount
        self.workers = count
        let compiler = try Self.compiler(installation)
        let cache = OutcomeCache(directory: installation.outcomeCache)
        func evaluator(_ pool: WorkerPool) -> SuiteEvaluator {
            SuiteEvaluator(
                suite: suite, runSeed: runSeed, compiler: compiler, pool: pool, reference: compiled.kernel, cache: cache
            )
        }
        Self.noteMissingLayers()
        searching = try Self.pool(installation, suite: suite, workers: count)
        verifying = try Self.pool(installation, suite: suite, workers: count)
        self.evaluator = evaluator(searching)
        verifier = evaluator(verifying)
    }

    /// See `WorkerPool.closing`.
    func closing<Value: Sendable>(
        when stop: StopSignal, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await searching.closing(when: stop) { try await verifying.closing(when: stop, body) }
    }

    /// f and f′ of a kernel as its compiled float32 form computes them; nil where not finite.
    static func values(
        of kernel: KernelSource, at points: [Double], installation: Installation
    ) async throws -> [CheckReport.PointValue] {
        let values = try await probing(installation) {
            try await $0.values(of: kernel, at: points.map(Float.init))
        }
        return zip(points, values).map { point, value in
            CheckReport.PointValue(x: point, f: finite(value.f), df: finite(value.df))
        }
    }

    /// y, dL/dx and dL/dp over a layer.
    static func values(
        of kernel: KernelSource, layer: CheckedLayer, installation: Installation
    ) async throws -> LayerReport {
        let units = layer.x[0].count
        let request = LayerRequest(
            units: units, x: layer.x.flatMap { $0.map(Float.init) },
            cotangent: layer.cotangent.flatMap { $0.map(Float.init) })
        let values = try await probing(installation) { try await $0.values(of: kernel, layer: request) }
        func rows(_ flat: [Float]) -> [[Double?]] {
            layer.x.indices.map { flat[$0 * units..<($0 + 1) * units].map(finite) }
        }
        return LayerReport(y: rows(values.y), gradX: rows(values.x), gradTrainable: values.trainable.map(finite))
    }

    /// The layers that lock kernels in on this machine, after a worker has tried them.
    static func isolation(_ installation: Installation) async throws -> IsolationReport {
        try await withPool(installation) { pool in
            switch try await pool.run(.isolation, library: "", timeLimit: 10) {
            case .finished(.isolated(let report)): return report
            case .crashed(let how), .timedOut(let how): throw Failure(.unavailable, "\(how); please report this")
            case .finished: throw Failure(.internalError, "the worker cannot say how kernels are locked in")
            }
        }
    }

    /// A run goes on without a layer that the machine lacks; whoever starts it is told.
    private static func noteMissingLayers() {
        let missing = Isolation.full.available.lines.filter { !$0.isOn }.map(\.name)
        guard !missing.isEmpty else { return }
        Output.note(
            "note: compiled functions run without \(missing.joined(separator: " and ")) on this machine; see `evolve doctor`"
        )
    }

    private static func probing<Values>(
        _ installation: Installation, _ body: (KernelProbe) async throws -> Values
    ) async throws -> Values {
        try await withPool(installation) {
            try await body(KernelProbe(compiler: try compiler(installation), pool: $0))
        }
    }

    /// One worker without a suite.
    private static func withPool<Value>(
        _ installation: Installation, _ body: (WorkerPool) async throws -> Value
    ) async throws -> Value {
        let pool = try pool(installation, suite: nil, workers: 1)
        let value: Value
        do {
            value = try await body(pool)
        } catch {
            await pool.shutdown()
            throw error
        }
        await pool.shutdown()
        return value
    }

    static func compiler(_ installation: Installation) throws -> KernelCompiler {
        try KernelCompiler(
            directory: installation.kernelCache.path, limit: try installation.kernelBytes ?? KernelCompiler.cacheLimit,
            environment: installation.environment)
    }

    static func pool(_ installation: Installation, suite: SuitePolicy?, workers: Int) throws -> WorkerPool {
        guard FileManager.default.isExecutableFile(atPath: installation.worker.path) else {
            throw Failure(.unavailable, "\(installation.worker.path) is missing; build it with scripts/setup")
        }
        return try WorkerPool(executable: installation.worker.path, workers: workers, suite: suite)
    }

    /// Shortest decimal that reads back as the same float, so that 0.1f prints as 0.1.
    private static func finite(_ value: Float) -> Double? { value.isFinite ? Double("\(value)") : nil }
}

extension WorkerPool {
    /// Runs `body`, and ends the workers afterwards, or as soon as `stop` is requested: then whatever they were training
    /// is given up.
    func closing<Value: Sendable>(
        when stop: StopSignal, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await stop.wait()
                await self.shutdown()
            }
            // Waited for by the group's end; cancelling the watcher makes it shut the pool down.
            defer { group.cancelAll() }
            return try await body()
        }
    }
}

extension SuitePolicy {
    /// Measuring by hand may go beyond the limit; a search may not, and that is worth a word.
    func noteIfTooCostly(_ name: String, _ cost: Double) {
        guard cost > costLimit else { return }
        Output.note(
            "note: \(name) costs \(Figures.cost(cost)) operations per element; a search on \(self.name) refuses what is over "
                + Figures.cost(costLimit))
    }
}
