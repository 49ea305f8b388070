import ActivationCompiler
import Evaluation
import EvolveTypes
import Population
import RunStore

/// The re-tests after the search, carried out.
extension Run {
    func verify(
        _ population: PopulationState, done: [VerificationRecord], stop: StopSignal
    ) async throws -> RunEnding {
        let contenders = population.contenders(policy.verification.candidates)
        let retests = Verification.retests(contenders)
        let heldoutSteps = policy.literature.count + (contenders.isEmpty ? 0 : 1)
        observe(.verifying(steps: retests.count + heldoutSteps - done.count))
        guard try await test(retests, from: 0, done: done.count, stop: stop) == .complete else { return .stopped }
        let champion = Verification.champion(try store.verifications(), by: policy.suite.scoring.rule)
        let heldout = Verification.heldout(
            champion: contenders.first { $0.id == champion }, literature: policy.literature)
        return try await test(heldout, from: retests.count, done: done.count, stop: stop)
    }

    /// Carries out steps that have no record yet, side by side, and records them in order.
    /// - Parameters:
    ///   - first: index of the first step among all of the run's.
    ///   - done: records that were there when the session began.
    private func test(
        _ steps: [Verification.Step], from first: Int, done: Int, stop: StopSignal
    ) async throws -> RunEnding {
        let open = Array(steps.enumerated().dropFirst(max(0, done - first)))
        guard !open.isEmpty else { return .complete }
        return try await withThrowingTaskGroup(of: VerificationRecord?.self) { group in
            group.addTask {
                await stop.wait()
                return nil
            }
            defer { group.cancelAll() }
            for (offset, step) in open {
                group.addTask { try await carryOut(step, index: first + offset) }
            }
            var waiting: [Int: VerificationRecord] = [:]
            var next = first + open[0].offset
            let end = first + steps.count
            while next < end, let result = try await group.next() {
                guard let record = result else { return .stopped }
                waiting[record.index] = record
                while let ready = waiting.removeValue(forKey: next) {
                    try store.record(ready)
                    observe(.verified(ready))
                    next += 1
                }
            }
            return .complete
        }
    }

    private func carryOut(_ step: Verification.Step, index: Int) async throws -> VerificationRecord {
        let start = clock()
        let verdict: Verdict
        // Compiled anew from the stored source: what is verified is what is reported.
        switch ActivationPipeline().compile(step.source) {
        case .compiled(let candidate):
            let onSearchTasks = step.stage == .retest
            verdict = try await evaluator.measure(
                candidate.kernel, split: onSearchTasks ? .search : .heldout, seeds: onSearchTasks ? .retest : .heldout,
                count: onSearchTasks ? policy.verification.retestSeeds : policy.verification.heldoutSeeds
            ).verdict
        case .refused(let diagnostics): verdict = .refused(diagnostics)
        case .tooCostly(let cost, let limit): verdict = .tooCostly(cost: cost, limit: limit)
        case .unsound(let reason): verdict = .unsound(reason)
        }
        return VerificationRecord(
            index: index, stage: step.stage, candidate: step.candidate, name: step.name, verdict: verdict,
            seconds: clock() - start)
    }
}
