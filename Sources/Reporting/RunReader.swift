import ActivationCompiler
import Engine
import EvolveTypes
import Foundation
import Population
import RunStore

/// Everything a store holds, read once.
package struct RunReader: Sendable {
    package let manifest: RunManifest
    package let policy: RunPolicy
    package let history: ModelHistory
    package let slots: [SlotRecord]
    package let answers: [AnswerRecord]
    package let verifications: [VerificationRecord]
    package let digest: String

    package init(_ store: any RunStore) throws {
        manifest = try store.manifest()
        policy = try RunPolicy(of: manifest)
        history = try ModelHistory(policy, store.amendments())
        slots = try store.slots(from: 0)
        answers = try store.answers()
        verifications = try store.verifications()
        digest = try RunDigest.of(store)
    }

    package func record(of id: CandidateID) throws -> SlotRecord {
        guard slots.indices.contains(id) else {
            throw Failure(
                .badInput,
                slots.isEmpty
                    ? "this run has no candidates yet"
                    : "no candidate \(id) in this run; candidates are numbered 0 to \(slots.count - 1)")
        }
        return slots[id]
    }

    package func summary() throws -> RunSummary {
        let state = try RunState(policy: policy, history: history, replaying: slots)
        let verification = Verification(policy, state.population)
        let champions = champions(verification)
        return RunSummary(
            name: manifest.name, seed: manifest.seed, digest: digest, phase: phase(state, verification),
            slots: RunSummary.Progress(committed: slots.count, total: policy.slots), proposals: yields(),
            model: modelUse(), models: modelSpends(), budget: history.latest.budget.limited,
            arms: arms(state.population),
            islands: islands(state.population), best: best(state.population),
            champion: champions.first { $0.family == nil },
            familyChampions: champions.filter { $0.family != nil }, findings: findings.rows,
            rivalsAreTabled: !policy.rivals.isEmpty, heldout: heldout(),
            trainingSteps: slots.reduce(0) { $0 + $1.trainingSteps })
    }

    /// The population as the last committed slot left it.
    package func population() throws -> PopulationState {
        try RunState(policy: policy, history: history, replaying: slots).population
    }

    /// Of all duels in the store.
    package var findings: Findings {
        Findings(verifications, reference: RunPolicy.reference, clip: policy.suite.scoring.clip)
    }

    private func phase(_ state: RunState, _ verification: Verification) -> RunSummary.Phase {
        guard state.isComplete || !verifications.isEmpty else { return .searching }
        let retests = verification.retests.count
        guard verifications.count >= retests else { return .verifying }
        let wanted = retests + verification.finals(verifications).count
        return verifications.count >= wanted ? .complete : .verifying
    }

    private func yields() -> [RunSummary.OperatorYield] {
        VariationOperator.allCases.compactMap { variation in
            let records = slots.filter { ($0.standIn ?? $0.variation) == variation.rawValue }
            guard !records.isEmpty else { return nil }
            return RunSummary.OperatorYield(
                variation: variation.rawValue, proposed: records.count,
                verdicts: Dictionary(records.map { ($0.verdict.name, 1) }, uniquingKeysWith: +))
        }
    }

    private func modelUse() -> RunSummary.ModelUse {
        RunSummary.ModelUse(
            calls: answers.count, failures: answers.count { $0.failure != nil },
            requests: answers.reduce(0) { $0 + ($1.requests ?? 1) },
            faults: Dictionary(
                answers.flatMap { ($0.earlier ?? []).map(\.kind) + [$0.fault].compactMap { $0 } }.map { ($0, 1) },
                uniquingKeysWith: +),
            promptTokens: answers.reduce(0) { $0 + $1.promptTokens },
            completionTokens: answers.reduce(0) { $0 + $1.completionTokens },
            seconds: answers.reduce(0) { $0 + $1.seconds })
    }

    private func modelSpends() -> [RunSummary.ModelSpend] {
        let calls = Dictionary(grouping: answers, by: \.model)
        let budgets = Dictionary(
            history.latest.choices.map { ($0.facts.name, $0.budget) }, uniquingKeysWith: { first, _ in first })
        return calls.sorted { $0.key < $1.key }.map { name, calls in
            RunSummary.ModelSpend(
                name: name, calls: calls.count, failures: calls.count { $0.failure != nil },
                spend: calls.map(\.spend).reduce(Spend(), +), budget: budgets[name]?.limited)
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
    package func attributions(of id: CandidateID) -> [String] {
        var (open, seen, models) = ([id], Set([id]), Set<String>())
        while let next = open.popLast() {
            let record = slots[next]
            if record.standIn == nil, let model = record.model { models.insert(model) }
            open += record.parents.filter { seen.insert($0).inserted }
        }
        return models.sorted().compactMap { name in
            history.facts(of: name)?.licence?.attribution.map { "\($0) (\(name))" }
        }
    }

    private func islands(_ population: PopulationState) -> [RunSummary.IslandSummary] {
        population.islands.indices.map { index in
            let archive = population.archive(of: index)
            return RunSummary.IslandSummary(
                name: population.islands[index].policy.name, slots: population.islands[index].slots,
                cells: archive.cells.count, best: archive.best.flatMap { contender($0, population) })
        }
    }

    private func contender(_ elite: Elite, _ population: PopulationState) -> RunSummary.Contender? {
        slots[elite.id].verdict.score.map { score in
            RunSummary.Contender(
                id: elite.id, gain: score.gain,
                believed: Shrinkage.Belief(mean: elite.gain, deviation: elite.deviation),
                seeds: population.evidence(of: elite.id).seeds)
        }
    }

    private func best(_ population: PopulationState) -> RunSummary.Contender? {
        population.contenders(1).first.flatMap { contender($0, population) }
    }

    /// Those that have been chosen: all re-tests are there.
    private func champions(_ verification: Verification) -> [RunSummary.Champion] {
        guard verifications.count >= verification.retests.count else { return [] }
        let known = policy.literature + policy.rivals.map(\.program) + policy.islands.flatMap(\.seeds)
        return verification.champions(verifications).compactMap { champion in
            let (id, family) = (champion.elite.id, champion.family)
            guard let source = slots[id].source, case .compiled(let compiled) = ActivationPipeline().compile(source),
                let search = gain(slots[id].verdict.score, family)
            else { return nil }
            func measured(_ stage: VerificationRecord.Stage) -> Score? {
                verifications.first {
                    $0.stage == stage && $0.candidate == id && ($0.family == nil || $0.family == family)
                        && $0.requested != true
                }?.verdict.score
            }
            let twins = NearDuplicates.names(of: source, in: known)
            let attributions = attributions(of: id)
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

    private func heldout() -> [RunSummary.HeldoutRow] {
        let rows = verifications.filter { $0.stage == .heldout }.map { record in
            RunSummary.HeldoutRow(
                candidate: record.candidate, name: record.name, cost: cost(of: record),
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

    private func cost(of record: VerificationRecord) -> Double {
        let source: String?
        if let id = record.candidate {
            if let cost = slots[id].cost { return cost }
            source = slots[id].source
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
