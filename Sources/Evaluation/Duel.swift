import ActivationCodegen
import EvolveTypes

/// A function against another on held-out tasks, each at the learning rate that suits it: what is left of a gain when it
/// is no hidden change of the step size.
///
/// Both are trained at every rate on the same networks. A side's rate is the one with the least error in distribution, as
/// someone would choose who has nothing else: the mean of its logarithm over tasks and seeds, a diverged network as bad
/// as ten times the blind prediction. The gain is then paired, network by network, out of distribution.
package struct Duel: Sendable {
    package var candidate: KernelSource
    package var opponent: KernelSource
    /// Of the tasks; nil = all.
    package var family: String?
    /// Multiples of the suite's learning rate, ascending.
    package var rates: [Double]
    /// Fresh seeds per task.
    package var seeds: Int
    /// Whether outcomes of the opponent are kept for the next duel.
    package var keepsOpponent: Bool

    package init(
        candidate: KernelSource, opponent: KernelSource, family: String?, rates: [Double], seeds: Int,
        keepsOpponent: Bool
    ) {
        self.candidate = candidate
        self.opponent = opponent
        self.family = family
        self.rates = rates
        self.seeds = seeds
        self.keepsOpponent = keepsOpponent
    }
}

package struct DuelMeasurement: Sendable {
    /// Scored: gains of the candidate over the opponent.
    package var verdict: Verdict
    /// The rates that were chosen; nil when a side was stopped.
    package var rate: Double?
    package var opponentRate: Double?

    package init(verdict: Verdict, rate: Double? = nil, opponentRate: Double? = nil) {
        self.verdict = verdict
        self.rate = rate
        self.opponentRate = opponentRate
    }
}

extension SuiteEvaluator {
    package func duel(_ duel: Duel) async throws -> DuelMeasurement {
        let networks = networks(suite.taskIndices(in: .heldout, family: duel.family), .heldout, 0..<duel.seeds)
        let everything = duel.rates.flatMap { RateSweep.requests(networks, at: $0) }
        async let mine = study(duel.candidate, everything, keep: false)
        async let theirs = study(duel.opponent, everything, keep: duel.keepsOpponent)
        let (candidate, opponent) = (try await mine, try await theirs)
        guard let own = RateSweep(candidate, networks, rates: duel.rates) else {
            return DuelMeasurement(verdict: candidate.stopped ?? .unanswered("nothing was trained"))
        }
        guard let other = RateSweep(opponent, networks, rates: duel.rates) else {
            throw Failure(.internalError, "the opponent of a duel cannot be trained: it crashes or hangs a worker")
        }
        let outcomes = own.outcomes[own.best]
        let score = score(
            networks, outcomes: outcomes, references: other.outcomes[other.best], steps: candidate.steps)
        return DuelMeasurement(
            verdict: Study.divergence(outcomes) ?? .scored(score),
            rate: own.rates[own.best], opponentRate: other.rates[other.best])
    }
}

/// The networks of one side of a duel, by rate.
struct RateSweep {
    /// log10 of the normalised error that a diverged network counts as.
    private static let worst = 1.0

    var rates: [Double]
    /// Per rate, in one order of networks.
    var outcomes: [[TrainingOutcome]]

    init(rates: [Double], outcomes: [[TrainingOutcome]]) {
        self.rates = rates
        self.outcomes = outcomes
    }

    /// nil when something was not trained.
    init?(_ study: Study, _ networks: [NetworkRequest], rates: [Double]) {
        self.rates = rates
        outcomes = rates.map { rate in Self.requests(networks, at: rate).compactMap { study.outcomes[$0] } }
        guard outcomes.allSatisfy({ $0.count == networks.count }) else { return nil }
    }

    static func requests(_ networks: [NetworkRequest], at rate: Double) -> [NetworkRequest] {
        networks.map { NetworkRequest(task: $0.task, seed: $0.seed, rate: rate == 1 ? nil : rate) }
    }

    /// Index of the rate with the least error in distribution; of equals, the one nearest to the suite's.
    var best: Int {
        let errors = outcomes.map { outcomes in
            Scoring.mean(
                outcomes.map { $0.diverged ? Self.worst : Scoring.logError($0.inDistribution, atMost: Self.worst) })
        }
        return errors.indices.min {
            errors[$0] != errors[$1]
                ? errors[$0] < errors[$1] : Scoring.distance(rates[$0]) < Scoring.distance(rates[$1])
        } ?? 0
    }
}
