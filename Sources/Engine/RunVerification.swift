import ActivationCompiler
import Evaluation
import EvolveTypes
import Population
import RunStore

/// The measurements after the search, carried out.
extension Run {
    /// Verifies any scored candidate of a finished run as its champions were, over all tasks. Records are appended; what the run
    /// has found already is not measured again.
    package func verify(candidate id: CandidateID, stop: StopSignal) async throws -> RunEnding {
        let state = try RunState(policy: policy, history: history, resuming: store)
        let records = try store.verifications()
        guard let record = try store.slot(id), record.variation != VariationOperator.seed.rawValue,
            case .scored = record.verdict, let source = record.source
        else { throw unverifiable(id) }
        let verification = Verification(policy, state.population)
        let open = verification.duels(of: id, source: source, family: nil, records).filter { step in
            !records.contains { record in
                record.candidate == id && record.family == nil && record.duel?.opponent == step.duel?.opponent.name
                    && record.duel?.form == step.duel?.form.rawValue
            }
        }
        if !open.isEmpty { observe(.verifying(.heldout, steps: open.count)) }
        return try await test(open, from: records.count, stop: stop)
    }

    private func unverifiable(_ id: CandidateID) -> Failure {
        let record = try? store.slot(id)
        let advice: String
        switch record?.verdict {
        case .duplicate(let original): advice = "it behaves as candidate \(original): verify that one"
        case .retested: advice = "it re-tests candidate \(record?.parents.first ?? 0): verify that one"
        case .scored:
            advice =
                "it is a seed program, and known functions are what champions are held against: `evolve eval` measures it"
        case let verdict?: advice = "it is \(verdict.name), and only what was trained to the end can be verified"
        case nil: advice = "there is no such candidate"
        }
        return Failure(.badInput, "candidate \(id) cannot be verified: \(advice)")
    }

    /// Carries out steps side by side and records them in order.
    /// - Parameter first: index of the first step among all of the run's records.
    private func test(
        _ steps: [Verification.Step], from first: Int, stop: StopSignal
    ) async throws -> RunEnding {
        guard !steps.isEmpty else { return .complete }
        return try await withThrowingTaskGroup(of: VerificationRecord?.self) { group in
            group.addTask {
                await stop.wait()
                return nil
            }
            defer { group.cancelAll() }
            for (offset, step) in steps.enumerated() {
                group.addTask { try await carryOut(step, index: first + offset, requested: true) }
            }
            var waiting: [Int: VerificationRecord] = [:]
            var next = first
            while next < first + steps.count, let result = try await group.next() {
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

    func carryOut(_ step: Verification.Step, index: Int, requested: Bool?) async throws -> VerificationRecord {
        let start = clock()
        var record = VerificationRecord(
            index: index, stage: step.stage, family: step.family, candidate: step.candidate, name: step.name,
            duel: nil, verdict: .unanswered("not measured"), requested: requested, seconds: 0)
        if let duel = step.duel {
            let result = try await fight(step, duel)
            record.verdict = result.verdict
            record.duel = VerificationRecord.Duel(
                opponent: duel.opponent.name, form: duel.form.rawValue, rates: policy.verification.rates,
                rate: result.rate,
                opponentRate: result.opponentRate)
        } else {
            // Compiled anew from the stored source: what is verified is what is reported.
            switch ActivationPipeline().compile(step.source) {
            case .compiled(let candidate):
                record.verdict = try await verifier.measure(candidate, request(step)).verdict
            case let refusal: record.verdict = refusal.verdict
            }
        }
        record.seconds = clock() - start
        return record
    }

    private func request(_ step: Verification.Step) -> MeasurementRequest {
        let onSearchTasks = step.stage == .retest
        return MeasurementRequest(
            onSearchTasks ? .search : .heldout, family: step.family, purpose: onSearchTasks ? .retest : .heldout,
            seeds: 0..<(onSearchTasks ? policy.verification.retestSeeds : policy.verification.heldoutSeeds),
            // A champion is what is trained now; GELU and its like are what they were.
            keep: step.candidate == nil)
    }

    private func fight(_ step: Verification.Step, _ duel: Verification.Step.Duel) async throws -> DuelMeasurement {
        let pipeline = ActivationPipeline()
        switch (
            pipeline.compile(step.source, form: duel.form), pipeline.compile(duel.opponent.source, form: duel.form)
        ) {
        case (.compiled(let candidate), .compiled(let opponent)):
            return try await verifier.duel(
                Duel(
                    candidate: candidate.kernel, opponent: opponent.kernel, family: step.family,
                    rates: policy.verification.rates, seeds: policy.verification.heldoutSeeds, keepsOpponent: true))
        case (.compiled, let refusal): return DuelMeasurement(verdict: refusal.verdict)
        case (let refusal, _): return DuelMeasurement(verdict: refusal.verdict)
        }
    }
}

extension CompilationResult {
    /// Why there is no candidate.
    var verdict: Verdict {
        switch self {
        case .compiled: .unanswered("not measured")
        case .refused(let diagnostics): .refused(diagnostics)
        case .tooCostly(let cost, let limit): .tooCostly(cost: cost, limit: limit)
        case .unsound(let reason): .unsound(reason)
        }
    }
}
