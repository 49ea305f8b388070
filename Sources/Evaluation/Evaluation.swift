import ActivationCompiler
import EvolveTypes

/// `Evaluation`: from a candidate's printed kernel to its verdict.
///
/// Steps:
/// 1. `KernelCompiler` turns the kernel's C into a shared object, once per text.
/// 2. `SuiteEvaluator` chooses the networks to train: stage by stage of a race, then every search task and seed.
/// 3. `WorkerPool` hands them to worker processes (`evolve-worker`), which build the data (`TaskData`) and train.
/// 4. `Scoring` pairs each network with the reference's and gives gains in decibels with intervals.
///
/// Invariants:
/// - An outcome depends on suite, run seed and kernel; never on the number of workers, on chunks, or on other candidates.
/// - A candidate that diverges, crashes or hangs its worker gets a verdict that says so; only a broken machine or a
///   broken suite throws.
///
/// It does not parse, differentiate or print candidates, and chooses none.
package protocol CandidateEvaluator: Sendable {
    /// The verdict that selection sees: raced stage by stage, then all search tasks with the suite's seeds.
    /// - Parameter rivals: what is known of the island's elites, best first.
    func search(_ candidate: CompiledActivation, rivals: [Evidence]) async throws -> CandidateMeasurement

    /// Everything that is asked for; nothing is raced.
    func measure(
        _ candidate: CompiledActivation, _ request: MeasurementRequest
    ) async throws -> CandidateMeasurement

    func duel(_ duel: Duel) async throws -> DuelMeasurement

    /// Other numbers for those of a candidate's text, by search tasks on seeds that nothing else uses.
    func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement
}

/// Tasks × seeds on which a function is measured.
package struct MeasurementRequest: Hashable, Sendable {
    package var split: SuitePolicy.Split
    /// Only its tasks; nil = all.
    package var family: String?
    package var purpose: SeedPurpose
    /// Indices of the purpose's seeds.
    package var seeds: Range<Int>
    /// For known functions that are measured again and again: outcomes are looked up and kept. False = every network is
    /// trained anew.
    package var keep: Bool

    package init(
        _ split: SuitePolicy.Split, family: String? = nil, purpose: SeedPurpose, seeds: Range<Int>, keep: Bool = false
    ) {
        self.split = split
        self.family = family
        self.purpose = purpose
        self.seeds = seeds
        self.keep = keep
    }
}

/// What an evaluation found, and the machine time it took on the candidate (the reference's is not counted).
package struct CandidateMeasurement: Sendable {
    package var verdict: Verdict
    package var compileSeconds: Double
    package var trainSeconds: Double

    package init(verdict: Verdict, compileSeconds: Double, trainSeconds: Double) {
        self.verdict = verdict
        self.compileSeconds = compileSeconds
        self.trainSeconds = trainSeconds
    }
}

/// Seeds of different purposes never meet: a champion is verified on initial weights and batches that selection
/// has not seen.
package enum SeedPurpose: String, Codable, CaseIterable, Sendable {
    case search, retest, heldout, tuning

    /// The seed of one network: the same for every candidate and for the reference.
    package func modelSeed(runSeed: UInt64, index: Int, task: SuitePolicy.Task) -> UInt64 {
        var seeds = RandomStream(key: [String(runSeed), "training-seed", rawValue, String(index)])
        // Without the task's name in the key, tasks with equal layer sizes would share their initial weights.
        var stream = RandomStream(key: [String(seeds.next()), "model", task.name])
        return stream.next()
    }
}
