import EvolveTypes

/// A measurement made after the search.
package struct VerificationRecord: Codable, Hashable, Sendable {
    package enum Stage: String, Codable, Sendable {
        /// Search tasks, seeds the search never used: chooses the champions.
        case retest
        /// Held-out tasks, fresh seeds, the suite's learning rate: the champion beside the literature.
        case heldout
        /// Held-out tasks, fresh seeds, each side at its best learning rate: what a champion's verdict rests on.
        case duel
    }

    /// What a duel was about.
    package struct Duel: Codable, Hashable, Sendable {
        /// The function that the gains are over.
        package var opponent: String
        /// `ActivationForm.rawValue`: the form that both sides were in.
        package var form: String
        /// Multiples of the suite's learning rate that both were tried at.
        package var rates: [Double]
        /// Those that the sides chose; nil when there is no score.
        package var rate: Double?
        package var opponentRate: Double?

        package init(opponent: String, form: String, rates: [Double], rate: Double?, opponentRate: Double?) {
            self.opponent = opponent
            self.form = form
            self.rates = rates
            self.rate = rate
            self.opponentRate = opponentRate
        }
    }

    package var index: Int
    package var stage: Stage
    /// The family whose champion is meant, and to whose tasks the measurement is confined; nil = all.
    package var family: String?
    /// The candidate tested; nil when `name` is a function of the literature.
    package var candidate: CandidateID?
    package var name: String
    package var duel: Duel?
    package var verdict: Verdict
    /// True when a person asked for it after the run: not part of what the run decided, and outside its digest.
    package var requested: Bool?
    /// Wall clock; outside the digest.
    package var seconds: Double

    package init(
        index: Int, stage: Stage, family: String? = nil, candidate: CandidateID?, name: String, duel: Duel? = nil,
        verdict: Verdict, requested: Bool? = nil, seconds: Double
    ) {
        self.index = index
        self.stage = stage
        self.family = family
        self.candidate = candidate
        self.name = name
        self.duel = duel
        self.verdict = verdict
        self.requested = requested
        self.seconds = seconds
    }
}
