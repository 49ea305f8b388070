import ActivationCompiler
import Evaluation
import EvolveTypes
import Population
import RunStore

/// What is measured after a search, as a fixed list of steps, each list following from the records of the one before:
///
/// 1. *Re-tests*: the contenders for each title (over all tasks, and of each family) on fresh seeds of the search tasks. If the
///    suite has no table of known functions, the literature's as well.
/// 2. *Held out*: the champion over all tasks and the literature, at the suite's learning rate.
/// 3. *Duels*: each champion against the reference and against the best known function, on its title's held-out
///    tasks, each side at its best learning rate; as written, and with outputs of unit second moment. A verdict rests on
///    both (`Findings`).
package struct Verification: Sendable {
    package struct Step: Codable, Hashable, Sendable {
        package var stage: VerificationRecord.Stage
        package var family: String?
        package var candidate: CandidateID?
        package var name: String
        package var source: String
        package var duel: Duel?

        package struct Duel: Codable, Hashable, Sendable {
            package var opponent: NamedProgram
            package var form: ActivationForm
        }
    }

    private let policy: RunPolicy
    private let population: PopulationState

    /// - Parameter population: as the search left it.
    package init(_ policy: RunPolicy, _ population: PopulationState) {
        (self.policy, self.population) = (policy, population)
    }

    /// nil = over all tasks, then each family that has tasks on both sides; a suite of one family has one title.
    package var titles: [String?] {
        let families = population.families.filter {
            !policy.suite.taskIndices(in: .heldout, family: $0).isEmpty
        }
        return [nil] + (families.count > 1 ? families : [])
    }

    private func contenders(_ title: String?) -> [Elite] {
        population.contenders(policy.verification.candidates, family: title)
    }

    package var retests: [Step] {
        let overall = contenders(nil)
        // Whoever is re-tested on all tasks is so on each family's.
        let others = titles.compactMap(\.self).flatMap { family in
            contenders(family).filter { elite in !overall.contains { $0.id == elite.id } }
                .map { Self.step(.retest, $0.id, $0.source, family: family) }
        }
        let known = policy.rivals.isEmpty ? policy.literature.filter { $0.name != RunPolicy.reference } : []
        return overall.map { Self.step(.retest, $0.id, $0.source) } + others
            + known.map { Step(stage: .retest, candidate: nil, name: $0.name, source: $0.source) }
    }

    /// What follows from the re-tests.
    package func finals(_ records: [VerificationRecord]) -> [Step] {
        let champions = champions(records)
        let own = champions.first { $0.family == nil }.map { [Self.step(.heldout, $0.elite.id, $0.elite.source)] } ?? []
        let literature = policy.literature.map {
            Step(stage: .heldout, candidate: nil, name: $0.name, source: $0.source)
        }
        return own + literature
            + champions.flatMap { duels(of: $0.elite.id, source: $0.elite.source, family: $0.family, records) }
    }

    package struct Champion: Hashable, Sendable {
        package var family: String?
        /// With what is believed of its gain on the title's search tasks, re-test included.
        package var elite: Elite
    }

    private static func retests(_ records: [VerificationRecord]) -> [VerificationRecord] {
        records.filter { $0.stage == .retest && $0.requested != true }
    }

    /// The population with what the re-tests say of it.
    package func informed(by records: [VerificationRecord]) -> PopulationState {
        var population = population
        for record in Self.retests(records) {
            if let id = record.candidate, case .scored(let score) = record.verdict {
                population.learn(Evidence(score), of: id)
            }
        }
        return population
    }

    /// Of each title the contender of whom most is believed after the re-tests; none for a title without contenders.
    package func champions(_ records: [VerificationRecord]) -> [Champion] {
        let retests = Self.retests(records)
        let population = informed(by: records)
        return titles.compactMap { title in
            let sound = contenders(title).compactMap { elite -> Elite? in
                let own = retests.filter { $0.candidate == elite.id && ($0.family == nil || $0.family == title) }
                guard own.contains(where: { $0.verdict.score != nil }) else { return nil }
                return population.elite(elite.id, family: title)
            }
            return sound.min(by: Elite.isBetter).map { Champion(family: title, elite: $0) }
        }
    }

    package func duels(
        of id: CandidateID, source: String, family: String?, _ records: [VerificationRecord]
    ) -> [Step] {
        let reference = policy.literature.first { $0.name == RunPolicy.reference }
        let rival = rival(family, records).flatMap { $0.name == RunPolicy.reference ? nil : $0 }
        return [reference, rival].compactMap(\.self).flatMap { opponent in
            ActivationForm.allCases.map { form in
                var step = Self.step(.duel, id, source, family: family)
                step.duel = Step.Duel(opponent: opponent, form: form)
                return step
            }
        }
    }

    /// The best known function: by the suite's table, else by the literature's own re-tests on the search tasks.
    package func rival(_ family: String?, _ records: [VerificationRecord]) -> NamedProgram? {
        if let rival = policy.rivals.first(where: { $0.family == family }) { return rival.program }
        let standings = records.compactMap { record -> (name: String, gain: Double)? in
            guard record.stage == .retest, record.candidate == nil, case .scored(let score) = record.verdict else {
                return nil
            }
            let gain = family.map { score.families[$0]?.mean } ?? score.standing(by: policy.suite.scoring.selection)
            return gain.map { (record.name, $0) }
        }
        let best = standings.min { $0.gain != $1.gain ? $0.gain > $1.gain : $0.name < $1.name }
        // The reference stands at 0.
        guard let best, best.gain > 0 else { return policy.literature.first { $0.name == RunPolicy.reference } }
        return policy.literature.first { $0.name == best.name }
    }

    private static func step(
        _ stage: VerificationRecord.Stage, _ id: CandidateID, _ source: String, family: String? = nil
    ) -> Step {
        Step(stage: stage, family: family, candidate: id, name: "candidate \(id)", source: source)
    }
}
