import ActivationCompiler
import ActivationIR
import Evaluation
import EvolveTypes
import Mutation
import Population
import RunStore

/// A slot whose proposal has been written and checked, before any training.
package struct PreparedSlot: Sendable {
    package var plan: SlotPlan
    package var proposal: Proposal
    /// Set when the proposal compiled to a candidate that may be trained.
    package var candidate: CompiledActivation?
    /// Why it may not be trained; meaningless when `candidate` is set.
    package var refusal: Verdict
    package var idea: String?
    /// Set with `candidate`.
    package var descriptor: BehaviourDescriptor?
    /// What models that were asked in the slot have cost, by name; nil = nothing.
    package var spend: [String: Spend]?
    /// Optimiser steps that the operator spent; nil when it trains nothing.
    package var tuningSteps: Int?
    /// Wall-clock seconds that the operator and the front end took.
    package var proposeSeconds: Double

    package init(
        plan: SlotPlan, proposal: Proposal, spend: [String: Spend]? = nil, tuningSteps: Int? = nil,
        proposeSeconds: Double
    ) {
        self.plan = plan
        self.proposal = proposal
        self.spend = spend
        self.tuningSteps = tuningSteps
        self.proposeSeconds = proposeSeconds
        switch proposal.content {
        case .failed(let reason): refusal = .unanswered(reason)
        case .text(_, let result):
            refusal = result.verdict
            guard case .compiled(let compiled) = result else { return }
            // Here, beside the other slots, and not where outcomes are taken in one by one.
            guard let descriptor = BehaviourDescriptor(of: compiled.gradient) else {
                refusal = .unsound("its derivative is not finite everywhere between -30 and 30; keep divisors positive")
                return
            }
            candidate = compiled
            idea = compiled.idea
            self.descriptor = descriptor
        }
    }

    /// The journal's line. A candidate without a measurement is a duplicate; the state machine names of which.
    package func record(island: IslandID, measurement: CandidateMeasurement?) -> SlotRecord {
        SlotRecord(
            slot: plan.slot, island: island, variation: plan.variation.rawValue,
            standIn: proposal.standIn?.rawValue, parents: plan.parents.map(\.id),
            inspirations: plan.inspirations.isEmpty ? nil : plan.inspirations.map(\.id), model: plan.model,
            spend: spend, source: proposal.source, idea: idea, canonicalHash: candidate?.canonicalHash,
            fingerprint: candidate?.fingerprint, cost: candidate?.cost.total,
            descriptor: descriptor,
            verdict: measurement?.verdict ?? refusal,
            tuningSteps: tuningSteps,
            times: SlotRecord.Times(
                propose: proposeSeconds, compile: measurement?.compileSeconds ?? 0,
                train: measurement?.trainSeconds ?? 0))
    }
}
