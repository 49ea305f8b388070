import ActivationCompiler
import ActivationIR
import Evaluation
import EvolveTypes
import Population
import RunStore

extension SlotRecord {
    /// Optimiser steps that the slot has cost.
    package var trainingSteps: Int { (verdict.score?.trainingSteps ?? 0) + (tuningSteps ?? 0) }

    /// Of the function that was proposed, in alphabetical order; nil where nothing was, or where it cannot be read. Of seed
    /// programs only those that were scored.
    var motifs: [String]? {
        guard variation != VariationOperator.retest.rawValue else { return nil }
        if variation == VariationOperator.seed.rawValue {
            guard case .scored = verdict else { return nil }
        }
        return source.flatMap { ActivationPipeline().read($0).activation }.map { Motif.of($0.program).sorted() }
    }

    /// The line of a re-test: no candidate of its own.
    package init(retest plan: SlotPlan, island: IslandID, _ measurement: CandidateMeasurement) {
        var verdict = measurement.verdict
        if case .scored(let score) = verdict { verdict = .retested(score) }
        self.init(
            slot: plan.slot, island: island, variation: plan.variation.rawValue, parents: plan.parents.map(\.id),
            model: nil, source: nil, idea: nil, canonicalHash: nil, fingerprint: nil, cost: nil, descriptor: nil,
            verdict: verdict,
            times: Times(propose: 0, compile: measurement.compileSeconds, train: measurement.trainSeconds))
    }
}

extension SlotOutcome {
    /// What the population learns of a committed slot of this island.
    package init(_ record: SlotRecord, island: Int) {
        self.init(slot: record.slot, island: island, standing: Self.standing(of: record))
    }

    private static func standing(of record: SlotRecord) -> Standing {
        switch record.verdict {
        case .scored(let score):
            guard let source = record.source, let cost = record.cost, let descriptor = record.descriptor else {
                return .failed
            }
            return .scored(
                Candidate(
                    id: record.slot, source: source, cost: cost, cell: ArchiveCell(descriptor, cost: cost),
                    isSeed: record.variation == VariationOperator.seed.rawValue, evidence: Evidence(score)))
        case .racedOut(let score): return .racedOut(Evidence(score))
        case .retested(let score):
            return record.parents.first.map { .retested($0, Evidence(score)) } ?? .failed
        case .duplicate(let original): return .equal(to: original)
        default:
            guard record.variation == VariationOperator.retest.rawValue, let id = record.parents.first else {
                return .failed
            }
            return .lost(id)
        }
    }
}
