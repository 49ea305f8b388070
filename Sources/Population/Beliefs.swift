import EvolveTypes

/// What is believed of every candidate's gain, over all tasks and within each family, from all that the run has measured.
///
/// The noise and the spread of true gains are fitted again when the evidence has grown by a twentieth since the last
/// time; in between, a candidate's own new evidence counts at once. Both depend on what was committed, never on time.
package struct Beliefs: Sendable {
    /// nil = over all tasks; otherwise a family.
    package typealias Title = String?

    private let rule: SelectionRule
    /// Search tasks of each title.
    private let tasks: [Title: Int]
    /// Of everything that was trained, raced out or not.
    private var tried: [CandidateID: Evidence] = [:]
    private var noise = SeedNoise()
    private var spreads: [Title: Shrinkage] = [:]
    private var known: [Title: [CandidateID: Shrinkage.Belief]] = [:]
    private var changes = 0
    private var fitted = 0

    /// - Parameter families: of each search task of the suite.
    package init(rule: SelectionRule, families: [String]) {
        self.rule = rule
        var tasks: [Title: Int] = [nil: families.count]
        for family in families { tasks[family, default: 0] += 1 }
        self.tasks = tasks
    }

    /// Families in alphabetical order.
    package var families: [String] { tasks.keys.compactMap(\.self).sorted() }

    package func evidence(of id: CandidateID) -> Evidence { tried[id] ?? Evidence() }

    /// nil for a candidate without evidence of that kind.
    package func belief(of id: CandidateID, for title: Title = nil) -> Shrinkage.Belief? { known[title]?[id] }

    /// Takes in what was measured of a candidate; a second time it is added.
    package mutating func learn(_ evidence: Evidence, of id: CandidateID) {
        guard !evidence.tasks.isEmpty else { return }
        tried[id, default: Evidence()].add(evidence)
        changes += 1
        if changes * 20 >= fitted * 21 {
            fit()
        } else {
            for title in tasks.keys { known[title, default: [:]][id] = believe(id, title) }
        }
    }

    /// With every candidate's evidence as it is now.
    private mutating func fit() {
        fitted = changes
        let order = tried.keys.sorted()
        noise = SeedNoise()
        for id in order { noise.add(evidence(of: id)) }
        for title in tasks.keys {
            spreads[title] = Shrinkage(order.compactMap { observation($0, title) })
            var beliefs: [CandidateID: Shrinkage.Belief] = [:]
            for id in order { beliefs[id] = believe(id, title) }
            known[title] = beliefs
        }
    }

    private func observation(_ id: CandidateID, _ title: Title) -> Shrinkage.Observation? {
        noise.observation(evidence(of: id).of(family: title), rule: rule, tasks: tasks[title] ?? 0)
    }

    private func believe(_ id: CandidateID, _ title: Title) -> Shrinkage.Belief? {
        guard let observation = observation(id, title) else { return nil }
        return spreads[title]?.belief(observation)
    }
}
