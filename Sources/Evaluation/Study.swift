import EvolveTypes

/// What is known of one candidate while it is evaluated.
struct Study {
    var library: KernelCompiler.Compiled?
    var outcomes: [NetworkRequest: TrainingOutcome] = [:]
    var compileSeconds = 0.0
    var trainSeconds = 0.0
    /// Set when a worker crashed or hung with it.
    var stopped: Verdict?

    init() {}

    init(library: KernelCompiler.Compiled) {
        self.library = library
        compileSeconds = library.seconds
    }

    /// Optimiser steps of its networks, whether trained just now or kept from before: what they cost, not what was paid.
    var steps: Int { outcomes.values.reduce(0) { $0 + $1.steps } }

    mutating func take(_ answer: KernelOutcomes.Answer, for networks: [NetworkRequest]) {
        compileSeconds += answer.compileSeconds
        trainSeconds += answer.trainSeconds
        switch answer.result {
        case .outcomes(let found):
            for (network, outcome) in zip(networks, found) { outcomes[network] = outcome }
        case .stopped(let verdict): stopped = verdict
        }
    }

    /// The verdict of a candidate that cannot be scored on these networks: stopped, or more than half of them diverged.
    func failure(_ networks: [NetworkRequest]) -> Verdict? {
        if let stopped { return stopped }
        return Self.divergence(networks.compactMap { outcomes[$0] })
    }

    /// The verdict when more than half of the networks diverged.
    static func divergence(_ outcomes: [TrainingOutcome]) -> Verdict? {
        let diverged = outcomes.count(where: \.diverged)
        guard 2 * diverged > outcomes.count else { return nil }
        return .diverged("\(diverged) of \(outcomes.count) networks stopped being finite")
    }

    func measurement(_ verdict: Verdict) -> CandidateMeasurement {
        CandidateMeasurement(verdict: verdict, compileSeconds: compileSeconds, trainSeconds: trainSeconds)
    }
}
