import ActivationCompiler
import Evaluation
import EvolveTypes
import Foundation
import Mutation
import Population
import RunStore

/// What a worker hands in for a slot: what stands beside the journal's line, then that line.
package struct SlotResult: Sendable {
    var line: SlotLine
    /// False when a twin made training needless: the record then has no verdict of its own, and is good only as long as there
    /// is the twin.
    var isWhole: Bool

    private struct Head: Codable {
        var accidents: SlotRecord.Accidents
        var isWhole: Bool
    }

    package init(_ record: SlotRecord, isWhole: Bool = true) throws {
        line = try SlotLine(record)
        self.isWhole = isWhole
    }

    init(_ bytes: Data) throws {
        let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        let head = try CanonicalJSON.decode(Head.self, from: bytes[..<end])
        let rest = Data(bytes[end...].dropFirst())
        var record = try CanonicalJSON.decode(SlotRecord.self, from: rest)
        record.accidents = head.accidents
        line = SlotLine(record, bytes: rest)
        isWhole = head.isWhole
    }

    package func bytes() throws -> Data {
        let head = Head(accidents: line.record.accidents, isWhole: isWhole)
        return try CanonicalJSON.encode(head) + [UInt8(ascii: "\n")] + line.bytes
    }
}

/// The work of one slot: propose, check, train. Everything it needs is in the plan, the run's policy and the journal.
struct SlotWork: Sendable {
    let policy: RunPolicy
    let store: any WorkQueue
    let evaluator: any CandidateEvaluator
    let proposer: Proposer
    let ledger: StoreLedger
    let pipeline: ActivationPipeline
    let clock: @Sendable () -> Double
    let note: WriteGroup<(claim: TaskClaim, fingerprint: String), Int?>

    func perform(_ plan: SlotPlan, _ claim: TaskClaim) async throws -> SlotResult {
        let island = policy.islands[plan.island].name
        if plan.variation == .retest {
            return try SlotResult(SlotRecord(retest: plan, island: island, try await retest(plan)))
        }
        if plan.variation.asksModel { try ledger.open(plan.slot) }
        defer { ledger.close(plan.slot) }
        let slot = try await prepare(plan)
        var record = slot.record(island: island, measurement: nil)
        record.lost = ledger.spend(of: plan.slot).lost
        guard let candidate = slot.candidate else { return try SlotResult(record) }
        if try await hasTwin(candidate, claim) { return try SlotResult(record, isWhole: false) }
        let measurement = try await measure(candidate, plan)
        record.verdict = measurement.verdict
        record.times.compile = measurement.compileSeconds
        record.times.train = measurement.trainSeconds
        return try SlotResult(record)
    }

    /// Whether a slot below this one behaves so.
    private func hasTwin(_ candidate: CompiledActivation, _ claim: TaskClaim) async throws -> Bool {
        if try await note((claim, candidate.fingerprint)) != nil { return true }
        return try !store.firstSlots(behaving: [candidate.fingerprint]).isEmpty
    }

    /// Seed programs are not raced: few, and what everything is bred from.
    private func measure(_ candidate: CompiledActivation, _ plan: SlotPlan) async throws -> CandidateMeasurement {
        guard plan.variation == .seed else {
            return try await evaluator.search(candidate, rivals: plan.rivals)
        }
        return try await evaluator.measure(
            candidate, MeasurementRequest(.search, purpose: .search, seeds: 0..<policy.suite.scoring.seeds))
    }

    private func retest(_ plan: SlotPlan) async throws -> CandidateMeasurement {
        guard case .compiled(let candidate)? = plan.parents.first.map({ ActivationPipeline().compile($0.source) })
        else {
            throw Failure(.internalError, "an elite of slot \(plan.slot) does not compile any more")
        }
        return try await evaluator.measure(
            candidate, MeasurementRequest(.search, purpose: .search, seeds: plan.seeds))
    }

    private func prepare(_ plan: SlotPlan) async throws -> PreparedSlot {
        let start = clock()
        let proposal: Proposal
        var tuningSteps: Int?
        if plan.variation == .seed {
            proposal = Proposal(policy.seedSlots[plan.slot].program.source, pipeline)
        } else if plan.variation == .constantTuning {
            (proposal, tuningSteps) = try await tuned(plan)
        } else {
            proposal = try await proposer.propose(plan, policy: policy.islands[plan.island], ledger: ledger)
        }
        return PreparedSlot(
            plan: plan, proposal: proposal, spend: ledger.spend(of: plan.slot).used, tuningSteps: tuningSteps,
            proposeSeconds: clock() - start)
    }
}
