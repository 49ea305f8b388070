import ActivationCodegen
import EvolveTypes

/// The reference's networks: each trained once, however many candidates ask for it at the same time.
actor ReferenceOutcomes {
    private let kernel: KernelSource
    private let compiler: KernelCompiler
    private let trainer: KernelTrainer
    private var known: [NetworkRequest: TrainingOutcome] = [:]
    private var underWay: Set<NetworkRequest> = []
    /// Callers whose networks others are training; woken whenever something ends.
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(kernel: KernelSource, compiler: KernelCompiler, trainer: KernelTrainer) {
        self.kernel = kernel
        self.compiler = compiler
        self.trainer = trainer
    }

    /// In the order asked for.
    /// - Throws: `Failure(.internalError)` when the reference itself crashes or hangs a worker.
    func outcomes(_ networks: [NetworkRequest]) async throws -> [TrainingOutcome] {
        while true {
            let missing = networks.filter { known[$0] == nil }
            if missing.isEmpty { return networks.compactMap { known[$0] } }
            let mine = missing.filter { !underWay.contains($0) }
            if mine.isEmpty {
                try Task.checkCancellation()
                await withCheckedContinuation { waiters.append($0) }
            } else {
                try await train(mine)
            }
        }
    }

    private func train(_ networks: [NetworkRequest]) async throws {
        underWay.formUnion(networks)
        // Whether it went well or not: others look again, and train themselves what is still missing.
        defer {
            underWay.subtract(networks)
            waiters.forEach { $0.resume() }
            waiters = []
        }
        let library = try await compiler.compile(kernel)
        switch try await trainer.train(networks, library: library).result {
        case .outcomes(let outcomes):
            for (network, outcome) in zip(networks, outcomes) { known[network] = outcome }
        case .stopped(let verdict):
            throw Failure(.internalError, "the reference activation cannot be trained: \(verdict)")
        }
    }
}
