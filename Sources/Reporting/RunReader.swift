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
    package let slots: [SlotRecord]
    package let answers: [AnswerRecord]
    package let verifications: [VerificationRecord]
    package let digest: String

    package init(_ store: any RunStore) throws {
        manifest = try store.manifest()
        policy = try CanonicalJSON.decode(RunPolicy.self, from: manifest.policy)
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
        var state = RunState(policy: policy)
        for record in slots { try state.replay(record) }
        let champion = champion()
        return RunSummary(
            name: manifest.name, seed: manifest.seed, digest: digest, phase: phase(state),
            slots: RunSummary.Progress(committed: slots.count, total: policy.slots), proposals: yields(),
            model: modelUse(), islands: islands(state.population), best: best(), champion: champion,
            heldout: heldout(),
            trainingSteps: slots.reduce(0) { $0 + ($1.verdict.score?.trainingSteps ?? 0) + ($1.tuningSteps ?? 0) })
    }

    private func phase(_ state: RunState) -> RunSummary.Phase {
        let heldout = verifications.count { $0.stage == .heldout }
        let wanted = policy.literature.count + (Verification.champion(verifications) == nil ? 0 : 1)
        if !verifications.isEmpty, heldout == wanted { return .complete }
        return state.isComplete || !verifications.isEmpty ? .verifying : .searching
    }

    private func yields() -> [RunSummary.OperatorYield] {
        VariationOperator.allCases.compactMap { variation in
            let records = slots.filter { $0.variation == variation.rawValue }
            guard !records.isEmpty else { return nil }
            return RunSummary.OperatorYield(
                variation: variation.rawValue, proposed: records.count,
                verdicts: Dictionary(records.map { ($0.verdict.name, 1) }, uniquingKeysWith: +))
        }
    }

    private func modelUse() -> RunSummary.ModelUse {
        RunSummary.ModelUse(
            calls: answers.count, failures: answers.count { $0.failure != nil },
            promptTokens: answers.reduce(0) { $0 + $1.promptTokens },
            completionTokens: answers.reduce(0) { $0 + $1.completionTokens },
            seconds: answers.reduce(0) { $0 + $1.seconds })
    }

    private func islands(_ population: PopulationState) -> [RunSummary.IslandSummary] {
        population.islands.map { island in
            RunSummary.IslandSummary(
                name: island.policy.name, slots: island.slots, cells: island.archive.cells.count,
                best: island.archive.best.flatMap { contender($0.id) })
        }
    }

    private func contender(_ id: CandidateID) -> RunSummary.Contender? {
        slots[id].verdict.score.map { RunSummary.Contender(id: id, gain: $0.gain) }
    }

    private func best() -> RunSummary.Contender? {
        slots.compactMap { record -> (contender: RunSummary.Contender, standing: Double)? in
            guard record.variation != VariationOperator.seed.rawValue, case .scored(let score) = record.verdict else {
                return nil
            }
            return (
                RunSummary.Contender(id: record.slot, gain: score.gain),
                score.standing(by: policy.suite.scoring.rule)
            )
        }
        .min { $0.standing != $1.standing ? $0.standing > $1.standing : $0.contender.id < $1.contender.id }?
        .contender
    }

    private func champion() -> RunSummary.Champion? {
        guard let id = Verification.champion(verifications, by: policy.suite.scoring.rule), slots.indices.contains(id),
            let source = slots[id].source, case .compiled(let compiled) = ActivationPipeline().compile(source),
            let search = slots[id].verdict.score,
            let retest = verifications.first(where: { $0.stage == .retest && $0.candidate == id })?.verdict.score
        else { return nil }
        let heldout = verifications.first { $0.stage == .heldout && $0.candidate == id }?.verdict.score
        return RunSummary.Champion(
            id: id, searchGain: search.gain, retestGain: retest.gain, heldoutGain: heldout?.gain,
            source: source, formula: compiled.formula, cost: compiled.cost.total,
            finding: heldout.map { Finding($0.gain) })
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
