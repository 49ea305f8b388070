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
        let library = try await compiler.compile(kernel)
        switch try await pool.run(.evaluate(points: points), library: library.path, timeLimit: 30) {
        case .finished(.evaluated(let values)): return values
        case .finished(.failed(let kind, let message)):
            throw Failure(Failure.Kind(rawValue: kind) ?? .internalError, message)
        case .crashed(let how), .timedOut(let how):
            throw Failure(.internalError, "the compiled kernel cannot be evaluated: \(how)")
        case .finished: throw Failure(.internalError, "the worker answered an evaluation with something else")
        }
    }
}
