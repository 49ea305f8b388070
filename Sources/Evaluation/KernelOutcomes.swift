import ActivationCodegen
import EvolveTypes

/// The networks of one kernel, each trained once, however many ask for it at the same time; with a cache, once per
/// machine. For the reference, and for known functions that are measured again and again.
actor KernelOutcomes {
    /// What the networks came to, and the machine time that was spent just now.
    struct Answer: Sendable {
        /// In the order asked for; or how a worker crashed or hung.
        var result: KernelTrainer.Result
        var compileSeconds = 0.0
        var trainSeconds = 0.0
    }

    private let kernel: KernelSource
    private let compiler: KernelCompiler
    private let trainer: KernelTrainer
    private let cache: OutcomeCache?
    private let identity: TrainerIdentity
    private var record: OutcomeRecord?
    private var known: [NetworkRequest: TrainingOutcome] = [:]
    private var underWay: Set<NetworkRequest> = []
    private var stopped: Verdict?
    /// Callers whose networks others are training; woken whenever something ends.
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(
        kernel: KernelSource, compiler: KernelCompiler, trainer: KernelTrainer, cache: OutcomeCache?,
        identity: TrainerIdentity
    ) {
        self.kernel = kernel
        self.compiler = compiler
        self.trainer = trainer
        self.cache = cache
        self.identity = identity
    }

    func outcomes(_ networks: [NetworkRequest]) async throws -> Answer {
        var answer = Answer(result: .outcomes([]))
        while true {
            if let stopped {
                answer.result = .stopped(stopped)
                return answer
            }
            let missing = networks.filter { known[$0] == nil }
            if missing.isEmpty {
                answer.result = .outcomes(networks.compactMap { known[$0] })
                return answer
            }
            let mine = missing.filter { !underWay.contains($0) }
            if mine.isEmpty {
                try Task.checkCancellation()
                await withCheckedContinuation { waiters.append($0) }
            } else {
                try await train(mine, &answer)
            }
        }
    }

    private func train(_ networks: [NetworkRequest], _ answer: inout Answer) async throws {
        underWay.formUnion(networks)
        // Whether it went well or not: others look again, and train themselves what is still missing.
        defer {
            underWay.subtract(networks)
            waiters.forEach { $0.resume() }
            waiters = []
        }
        try await readRecord()
        let open = networks.filter { known[$0] == nil }
        guard !open.isEmpty else { return }
        let library = try await compiler.compile(kernel)
        let report = try await trainer.train(open, library: library)
        answer.compileSeconds += library.seconds
        answer.trainSeconds += report.seconds
        switch report.result {
        case .outcomes(let outcomes):
            for (network, outcome) in zip(open, outcomes) { known[network] = outcome }
            record?.keep(Array(zip(open, outcomes)))
        case .stopped(let verdict): stopped = verdict
        }
    }

    /// The first time; what others add meanwhile is trained again.
    private func readRecord() async throws {
        guard let cache, record == nil else { return }
        let trainer = try await identity.digest()
        // Others may have come here while the probes were trained.
        guard record == nil else { return }
        let found = try OutcomeRecord(
            directory: cache.directory, kernel: kernel, suite: self.trainer.suite, trainer: trainer)
        record = found
        known.merge(found.outcomes()) { old, _ in old }
    }
}
