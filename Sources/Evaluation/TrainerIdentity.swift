import ActivationCodegen
import EvolveTypes

/// Who trains, known by the work: the digest of what the reference comes to on the first task of each family of the suite,
/// to the last bit, and of how kernels are compiled.
///
/// Another trainer, BLAS, C compiler or processor that computes anything differently is another identity, without
/// anyone having to remember to raise a version. The probes' seed is nobody else's.
actor TrainerIdentity {
    private let kernel: KernelSource
    private let compiler: KernelCompiler
    private let trainer: KernelTrainer
    private var probing: Task<String, any Error>?

    init(kernel: KernelSource, compiler: KernelCompiler, trainer: KernelTrainer) {
        (self.kernel, self.compiler, self.trainer) = (kernel, compiler, trainer)
    }

    func digest() async throws -> String {
        let task =
            probing
            ?? Task { [kernel, compiler, trainer] in
                try await Self.probe(kernel, compiler, trainer)
            }
        probing = task
        return try await task.value
    }

    private static func probe(_ kernel: KernelSource, _ compiler: KernelCompiler, _ trainer: KernelTrainer)
        async throws -> String
    {
        let families = Dictionary(grouping: trainer.suite.tasks.indices) { trainer.suite.tasks[$0].family }
        let networks = families.values.compactMap(\.first).sorted().map { NetworkRequest(task: $0, seed: 0x9E37) }
        switch try await trainer.train(networks, library: try await compiler.compile(kernel)).result {
        case .outcomes(let outcomes):
            let bits = outcomes.flatMap { [$0.train, $0.inDistribution, $0.outOfDistribution, $0.loss ?? 0] }
                .map { String($0.bitPattern, radix: 16) }
            return Digest.hex(([compiler.identity] + bits).joined(separator: " "))
        case .stopped(let verdict):
            throw Failure(.internalError, "the reference activation cannot be trained: \(verdict)")
        }
    }
}
