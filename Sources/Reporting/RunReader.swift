import ActivationCompiler
import Engine
import EvolveTypes
import Foundation
import Population
import RunStore
import Synchronization

/// What a store says, read as far as it is needed: a look at a run costs the same however long it is.
///
/// The state of the search comes from the run's snapshot and the few slots behind it, sums from what the state and the
/// store count, single records one by one. Nothing is written.
package final class RunReader: Sendable {
    package let manifest: RunManifest
    package let policy: RunPolicy
    package let history: ModelHistory
    package let verifications: [VerificationRecord]
    private let amendments: [AmendmentRecord]
    private let store: any RunStore
    private let known = Mutex<RunState?>(nil)

    package init(_ store: any RunStore) throws {
        self.store = store
        manifest = try store.manifest()
        policy = try RunPolicy(of: manifest)
        amendments = try store.amendments()
        history = try ModelHistory(policy, amendments)
        verifications = try store.verifications()
    }

    /// The search as the last committed slot left it, when it was first asked for.
    package func state() throws -> RunState {
        try known.withLock { known in
            let state = try known ?? RunState(policy: policy, history: history, resuming: store)
            known = state
            return state
        }
    }

    /// The search's population, with all that is known of it: after the search, also what the re-tests say.
    package func population() throws -> PopulationState {
        Verification(policy, try state().population).informed(by: verifications)
    }

    package func record(of id: CandidateID) throws -> SlotRecord {
        if let record = try store.slot(id) { return record }
        let count = try store.slotCount()
        throw Failure(
            .badInput,
            count == 0
                ? "this run has no candidates yet"
                : "no candidate \(id) in this run; candidates are numbered 0 to \(count - 1)")
    }

    /// Candidates that others are compared with, in the order of their ids: those of the first slots (of a small run, all)
    /// and the elites.
    func comparable() throws -> [(id: CandidateID, source: String)] {
        var found: [CandidateID: String] = [:]
        try store.forEachSlot(to: Self.compared) { record in
            if case .duplicate = record.verdict { return }
            if let source = record.source, record.fingerprint != nil { found[record.slot] = source }
        }
        let population = try state().population
        for elite in population.islands.indices.flatMap({ population.archive(of: $0).elites }) {
            found[elite.id] = elite.source
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// A comparison takes milliseconds.
    private static let compared = 2_000

    /// What the slot's models answered, in order.
    package func answers(of id: CandidateID) throws -> [AnswerRecord] { try store.answers(of: id) }

    /// What is shown of a run that goes on.
    package func progress(budget: Budget) throws -> RunProgress {
        RunProgress(
            name: policy.name, budget: budget, tally: try state().tally,
            answers: try store.answerTotals().values.reduce(AnswerTotal(), +))
    }

    package func summary() throws -> RunSummary {
        let state = try state()
        let verification = Verification(policy, state.population)
        let population = verification.informed(by: verifications)
        let champions = try champions(verification)
        let answers = try store.answerTotals().sorted { $0.key < $1.key }
        return RunSummary(
            name: manifest.name, seed: manifest.seed,
            digest: try digest(),
            phase: phase(state, verification), suite: suite,
            slots: RunSummary.Progress(committed: state.committed, total: policy.slots),
            ended: end(state, verification),
            verification: verified(state, verification),
            proposals: yields(state.tally), complaints: complaints(state.tally),
            model: modelUse(answers.map(\.value).reduce(AnswerTotal(), +)),
            models: modelSpends(answers, spent: state.spentModels), budget: history.latest.budget.limited,
            arms: arms(population), islands: try islands(population), best: try best(population),
            champion: champions.first { $0.family == nil },
            familyChampions: champions.filter { $0.family != nil }, findings: findings.rows,
            rivalsAreTabled: !policy.rivals.isEmpty, heldout: try heldout(),
            trainingSteps: state.tally.trainingSteps)
    }

    /// Reads the journal from where a reading of it ended: all of it, if there was none.
    package func course(from known: RunHistory = RunHistory()) throws -> RunHistory {
        var course = known
        try store.forEachSlot(from: known.slots) { course.add($0) }
        course.finish()
        return course
    }

    /// Of all that has been committed.
    package func digest() throws -> String {
        try RunDigest.of(
            chain: store.chain(before: state().committed), verifications: verifications, amendments: amendments)
    }

    /// Of all duels in the store.
    package var findings: Findings {
        Findings(verifications, reference: RunPolicy.reference, clip: policy.suite.scoring.clip)
    }

    private var suite: RunSummary.Suite {
        let tasks = policy.suite.tasks
        return RunSummary.Suite(
            name: policy.suite.name, search: tasks.count { $0.split == .search },
            heldout: tasks.count { $0.split == .heldout }, families: Set(tasks.map(\.family)).sorted())
    }

    private func phase(_ state: RunState, _ verification: Verification) -> RunSummary.Phase {
        guard state.isComplete || !verifications.isEmpty else { return .searching }
        return verified(state, verification) == nil ? .complete : .verifying
    }

    /// How far the verification is; nil when it has not begun, or is over.
    private func verified(_ state: RunState, _ verification: Verification) -> RunSummary.Progress? {
        guard state.isComplete || !verifications.isEmpty else { return nil }
        let retests = verification.retests.count
        let areRetested = verifications.count >= retests
        let wanted = retests + (areRetested ? verification.finals(verifications).count : 0)
        guard !areRetested || verifications.count < wanted else { return nil }
        return RunSummary.Progress(committed: verifications.count, total: wanted)
    }

    private func end(_ state: RunState, _ verification: Verification) -> String? {
        guard phase(state, verification) != .searching else { return nil }
        if state.committed >= policy.slots { return "ended by its slots" }
        if let most = policy.trainingSteps, state.tally.trainingSteps >= most {
            return "ended by its limit of \(Figures.count(most)) training steps"
        }
        guard let minutes = policy.maxMinutes else { return "ended before the rest of them" }
        return "ended by its time limit of \(Figures.duration(60 * minutes))"
    }

    private func yields(_ tally: RunTally) -> [RunSummary.OperatorYield] {
        VariationOperator.allCases.compactMap { variation in
            tally.verdicts[variation.rawValue].map {
                RunSummary.OperatorYield(
                    variation: variation.rawValue, proposed: $0.values.reduce(0, +), verdicts: $0)
            }
        }
    }

    private func complaints(_ tally: RunTally) -> [RunSummary.Complaint] {
        var all = tally.complaints.counts.flatMap { verdict, reasons in
            reasons.map { RunSummary.Complaint(verdict: verdict, reason: $0.key, count: $0.value) }
        }
        let costly = Verdict.tooCostly(cost: 0, limit: 0).name
        let count = tally.verdicts.values.reduce(0) { $0 + ($1[costly] ?? 0) }
        if count > 0 {
            let limit = Figures.cost(policy.suite.costLimit)
            all.append(
                RunSummary.Complaint(verdict: costly, reason: "over \(limit) operations per element", count: count))
        }
        return Array(
            all.sorted { ($1.count, $0.verdict, $0.reason) < ($0.count, $1.verdict, $1.reason) }
                .prefix(Self.shownComplaints))
    }

    private static let shownComplaints = 12

    private func modelUse(_ total: AnswerTotal) -> RunSummary.ModelUse {
        RunSummary.ModelUse(
            calls: total.calls, failures: total.failures, requests: total.spend.requests, faults: total.faults,
            promptTokens: total.spend.promptTokens, completionTokens: total.spend.completionTokens,
            seconds: total.seconds)
    }

    private func modelSpends(
        _ totals: [(key: String, value: AnswerTotal)], spent: [String]
    ) -> [RunSummary.ModelSpend] {
        let budgets = Dictionary(
            history.latest.choices.map { ($0.facts.name, $0.budget) }, uniquingKeysWith: { first, _ in first })
        return totals.map { name, total in
            RunSummary.ModelSpend(
                name: name, calls: total.calls, failures: total.failures, spend: total.spend,
                budget: budgets[name]?.limited, isSpent: spent.contains(name) ? true : nil)
        }
    }

    private func arms(_ population: PopulationState) -> [RunSummary.ArmState] {
        guard let bandit = population.bandit else { return [] }
        return bandit.tallies.sorted { $0.key < $1.key }.map { arm, tally in
            RunSummary.ArmState(
                variation: arm.variation.rawValue, model: arm.model, slots: tally.slots,
                gain: tally.gain / tally.slots, cost: tally.cost / tally.slots, factor: bandit.factor(arm))
        }
    }

    /// Lines that licences want shown where the candidate is, for the models that wrote it or an ancestor of it.
    package func attributions(of id: CandidateID) throws -> [String] {
        // Most licences want none: then nobody need be asked.
        guard history.everything.contains(where: { attribution(of: $0.name) != nil }) else { return [] }
        if let authors = known.withLock({ $0?.authors(of: id) }) { return authors.compactMap(attribution) }
        var (open, seen, models) = ([id], Set([id]), Set<String>())
        while let next = open.popLast() {
            let record = try record(of: next)
            if record.standIn == nil, let model = record.model { models.insert(model) }
            open += record.parents.filter { seen.insert($0).inserted }
        }
        return models.sorted().compactMap(attribution)
    }

    private func attribution(of model: String) -> String? {
        history.facts(of: model)?.licence?.attribution.map { "\($0) (\(model))" }
    }

    private func islands(_ population: PopulationState) throws -> [RunSummary.IslandSummary] {
        try population.islands.indices.map { index in
            let island = population.islands[index]
            let archive = population.archive(of: index)
            return RunSummary.IslandSummary(
                name: island.policy.name, slots: island.slots, cells: archive.cells.count,
                capacity: ArchiveCell.count, origins: origins(archive, of: index),
                arrivals: island.arrivals.sorted { $0.key < $1.key }.map { sender, arrivals in
                    RunSummary.Arrivals(
                        from: population.islands[sender].policy.name, came: arrivals.came, settled: arrivals.settled)
                },
                best: try archive.best.flatMap { try contender($0, population) })
        }
    }

    private func origins(_ archive: Archive, of island: Int) -> RunSummary.Origins {
        var origins = RunSummary.Origins(seeds: 0, own: 0, others: 0)
        for elite in archive.elites {
            if elite.isSeed {
                origins.seeds += 1
            } else if policy.island(of: elite.id) == island {
                origins.own += 1
            } else {
                origins.others += 1
            }
        }
        return origins
    }

    private func contender(_ elite: Elite, _ population: PopulationState) throws -> RunSummary.Contender? {
        try record(of: elite.id).verdict.score.map { score in
            RunSummary.Contender(
                id: elite.id, isSeed: elite.isSeed, gain: score.gain,
                believed: Shrinkage.Belief(mean: elite.gain, deviation: elite.deviation),
                seeds: population.evidence(of: elite.id).seeds)
        }
    }

    private func best(_ population: PopulationState) throws -> RunSummary.Contender? {
        try population.contenders(1).first.flatMap { try contender($0, population) }
    }

    /// Those that have been chosen: all re-tests are there.
    private func champions(_ verification: Verification) throws -> [RunSummary.Champion] {
        guard verifications.count >= verification.retests.count else { return [] }
        let known = policy.literature + policy.rivals.map(\.program) + policy.islands.flatMap(\.seeds)
        return try verification.champions(verifications).compactMap { champion in
            let (id, family) = (champion.elite.id, champion.family)
            let record = try record(of: id)
            guard let source = record.source, case .compiled(let compiled) = ActivationPipeline().compile(source),
                let search = gain(record.verdict.score, family)
            else { return nil }
            func measured(_ stage: VerificationRecord.Stage) -> Score? {
                verifications.first {
                    $0.stage == stage && $0.candidate == id && ($0.family == nil || $0.family == family)
                        && $0.requested != true
                }?.verdict.score
            }
            let twins = NearDuplicates.names(of: source, in: known)
            let attributions = try attributions(of: id)
            return RunSummary.Champion(
                id: id, family: family, searchGain: search,
                believed: Shrinkage.Belief(mean: champion.elite.gain, deviation: champion.elite.deviation),
                retestGain: gain(measured(.retest), family), heldoutGain: gain(measured(.heldout), family),
                source: source, sameUpToScale: twins.isEmpty ? nil : twins, formula: compiled.formula,
                cost: compiled.cost.total, attributions: attributions.isEmpty ? nil : attributions,
                finding: findings.row(of: id, family: family, isReference: true)?.finding)
        }
    }

    private func gain(_ score: Score?, _ family: String?) -> Estimate? {
        guard let family else { return score?.gain }
        return score?.families[family]
    }

    private func heldout() throws -> [RunSummary.HeldoutRow] {
        let rows = try verifications.filter { $0.stage == .heldout }.map { record in
            RunSummary.HeldoutRow(
                candidate: record.candidate, name: record.name, cost: try cost(of: record),
                gain: record.verdict.score?.gain, inDistribution: record.verdict.score?.inDistribution,
                families: record.verdict.score?.families ?? [:],
                finding: record.name == RunPolicy.reference && record.candidate == nil
                    ? nil : record.verdict.score.map { Finding($0.gain) },
                verdict: record.verdict.name)
        }
        let gain = { (row: RunSummary.HeldoutRow) in row.gain?.mean ?? -.infinity }
        return rows.filter { $0.candidate != nil }
            + rows.filter { $0.candidate == nil }.sorted {
                gain($0) != gain($1) ? gain($0) > gain($1) : $0.name < $1.name
            }
    }

    private func cost(of record: VerificationRecord) throws -> Double {
        let source: String?
        if let id = record.candidate {
            let slot = try self.record(of: id)
            if let cost = slot.cost { return cost }
            source = slot.source
        } else {
            source = policy.literature.first { $0.name == record.name }?.source
        }
        guard let source, case .compiled(let compiled) = ActivationPipeline().compile(source) else { return 0 }
        return compiled.cost.total
    }
}

extension Budget {
    /// nil when it limits nothing.
    fileprivate var limited: Budget? { self == .unlimited ? nil : self }
}
