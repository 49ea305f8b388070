import ActivationCompiler
import EvolveTypes
import Synchronization

/// Answers what was measured before out of a memory; the rest is measured, and remembered.
///
/// Whether remembered or not, an answer is the same: as it is read back. Nothing is raced, because where a race ends depends on
/// who is in it.
package final class RememberingEvaluator: CandidateEvaluator {
    private let evaluator: any CandidateEvaluator
    private let memory: MeasurementMemory
    private let suite: SuitePolicy
    private let trained = Mutex(0)

    /// - Parameter evaluator: of the memory's suite and seed.
    /// - Throws: `Failure(.badInput)` for a suite that races.
    package init(_ evaluator: any CandidateEvaluator, suite: SuitePolicy, memory: MeasurementMemory) throws {
        guard suite.racing.stages.isEmpty else {
            throw Failure(
                .badInput,
                "the suite \(suite.name) races candidates, so what it says of one depends on the others: take one without "
                    + "stages, such as light")
        }
        self.evaluator = evaluator
        self.memory = memory
        self.suite = suite
    }

    /// Measurements that were not remembered.
    package var measured: Int { trained.withLock { $0 } }

    package func search(_ candidate: CompiledActivation, rivals: [Evidence]) async throws -> CandidateMeasurement {
        try await measure(
            candidate, MeasurementRequest(.search, purpose: .search, seeds: 0..<suite.scoring.seeds))
    }

    package func measure(
        _ candidate: CompiledActivation, _ request: MeasurementRequest
    ) async throws -> CandidateMeasurement {
        if let verdict = memory.verdict(of: candidate.fingerprint, request) {
            return CandidateMeasurement(verdict: verdict, compileSeconds: 0, trainSeconds: 0)
        }
        var measurement = try await evaluator.measure(candidate, request)
        trained.withLock { $0 += 1 }
        try memory.keep(measurement.verdict, of: candidate.fingerprint, request)
        measurement.verdict = memory.verdict(of: candidate.fingerprint, request) ?? measurement.verdict
        return measurement
    }

    package func duel(_ duel: Duel) async throws -> DuelMeasurement { try await evaluator.duel(duel) }

    package func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement {
        try await evaluator.tune(candidate, budget: budget)
    }
}
