import ActivationCodegen
import EvolveTypes

/// Values and derivatives of a compiled kernel, computed in a worker process: what `check --at` shows.
package struct KernelProbe: Sendable {
    private let compiler: KernelCompiler
    private let pool: WorkerPool

    /// - Parameter pool: needs no suite.
    package init(compiler: KernelCompiler, pool: WorkerPool) {
        self.compiler = compiler
        self.pool = pool
    }

    /// One value per point, trainable parameters at their initial values. Denormals count as zero, as in training.
    /// - Throws: `Failure(.internalError)` when the kernel crashes or hangs its worker: it passed every check before.
    package func values(of kernel: KernelSource, at points: [Float]) async throws -> [KernelValue] {
        guard case .evaluated(let values) = try await answer(kernel, .evaluate(points: points)) else {
            throw Failure(.internalError, "the worker answered an evaluation with something else")
        }
        return values
    }

    /// y, dL/dx and dL/dp over a layer.
    package func values(of kernel: KernelSource, layer: LayerRequest) async throws -> LayerValues {
        guard case .evaluatedLayer(let values) = try await answer(kernel, .evaluateLayer(layer)) else {
            throw Failure(.internalError, "the worker answered an evaluation with something else")
        }
        return values
    }

    private func answer(_ kernel: KernelSource, _ work: WorkerJob.Work) async throws -> WorkerReply.Result {
        let library = try await compiler.compile(kernel)
        defer { withExtendedLifetime(library) {} }
        switch try await pool.run(work, library: library.path, timeLimit: 30) {
        case .finished(.failed(let kind, let message)):
            throw Failure(Failure.Kind(rawValue: kind) ?? .internalError, message)
        case .crashed(let how), .timedOut(let how):
            throw Failure(.internalError, "the compiled kernel cannot be evaluated: \(how)")
        case .finished(let result): return result
        }
    }
}
