import Engine
import EvolveTypes
import Population
import RunStore

/// What a slot takes and comes to, drawn from the streams of its number: whoever carries it out, and however often,
/// it comes to the same. Only a model that is asked anew takes another time.
struct PlayedSlot {
    private enum End { case untrained, duplicate, racedOut, scored, retest }

    private let plan: SlotPlan
    private let policy: RunPolicy
    private let end: End
    /// Seconds until it is known how the candidate behaves, without the calls.
    let edit: Double
    /// Seconds of compiling and training, unless a twin makes them needless.
    let train: Double
    /// How its candidate behaves; nil where there is none to be trained.
    let fingerprint: String?

    init(_ plan: SlotPlan, _ policy: RunPolicy, _ times: SlotTimes) {
        self.plan = plan
        self.policy = policy
        var stream = Self.stream(plan, policy, "end")
        end = Self.end(plan, times, &stream)
        edit = plan.variation == .seed || plan.variation == .retest ? 0 : times.edit.draw(&stream)
        let compile = times.compile.draw(&stream)
        switch end {
        case .untrained: train = 0
        case .duplicate, .racedOut: train = compile + times.race.draw(&stream)
        case .scored: train = compile + times.whole.draw(&stream)
        // Its kernel is in the cache.
        case .retest: train = times.retest.draw(&stream)
        }
        switch end {
        case .untrained, .retest: fingerprint = nil
        // One of a few behaviours that come up again and again; who shows it first is no duplicate.
        case .duplicate: fingerprint = "common \(stream.index(below: 1 + plan.slot / 20))"
        case .racedOut, .scored: fingerprint = "own \(plan.slot)"
        }
    }

    private static func stream(_ plan: SlotPlan, _ policy: RunPolicy, _ purpose: String) -> RandomStream {
        RandomStream(key: ["\(policy.seed)", "\(plan.slot)", "played", purpose])
    }

    private static func end(_ plan: SlotPlan, _ times: SlotTimes, _ stream: inout RandomStream) -> End {
        switch plan.variation {
        case .seed: return .scored
        case .retest: return .retest
        default:
            let shares = plan.variation.asksModel ? times.asked : times.blind
            let ends: [End] = [.untrained, .duplicate, .racedOut, .scored]
            let weights = [shares.untrained, shares.duplicate, shares.racedOut, shares.scored]
            return stream.pick(weights: weights).map { ends[$0] } ?? .untrained
        }
    }

    /// Seconds that a model takes when the slot is carried out for the `attempt`th time.
    static func calls(_ plan: SlotPlan, _ policy: RunPolicy, _ times: SlotTimes, attempt: Int) -> Double {
        guard plan.variation.asksModel else { return 0 }
        var stream = stream(plan, policy, "call \(attempt)")
        let count = stream.uniform() < times.secondCall ? 2 : 1
        return (0..<count).reduce(0) { sum, _ in sum + min(Run.modelDeadline, times.call.draw(&stream)) }
    }

    /// What is handed in.
    /// - Parameter hasTwin: nothing was trained.
    func result(hasTwin: Bool) throws -> SlotResult {
        var stream = Self.stream(plan, policy, "gains")
        var record = SlotRecord(
            slot: plan.slot, island: policy.islands[plan.island].name, variation: plan.variation.rawValue,
            parents: plan.parents.map(\.id), model: plan.model, source: nil, idea: nil, canonicalHash: nil,
            fingerprint: fingerprint, cost: nil, descriptor: nil, verdict: .unanswered("played"),
            times: SlotRecord.Times(propose: edit, compile: 0, train: train))
        if fingerprint != nil {
            record.source = "// \(plan.slot)"
            record.cost = 4 + 120 * stream.uniform()
            record.descriptor = BehaviourDescriptor(
                leftSlope: [-1, 0, 0.5, 1][stream.index(below: 4)], rightSlope: [0, 0.5, 1][stream.index(below: 3)],
                turns: stream.index(below: 5))
        }
        guard !hasTwin else { return try SlotResult(record, isWhole: false) }
        switch end {
        case .untrained: break
        case .duplicate, .racedOut: record.verdict = .racedOut(score(-4, seeds: 1, &stream))
        case .scored: record.verdict = .scored(score(-0.5, seeds: policy.suite.scoring.seeds, &stream))
        case .retest: record.verdict = .retested(score(-0.5, seeds: plan.seeds.count, &stream))
        }
        return try SlotResult(record)
    }

    private func score(_ level: Double, seeds: Int, _ stream: inout RandomStream) -> Score {
        let gain = level + stream.normal()
        let estimate = Estimate(mean: gain, low: gain - 1, high: gain + 1)
        let tasks = policy.suite.taskIndices(in: .search).map { policy.suite.tasks[$0] }
        return Score(
            gain: estimate, families: [:], inDistribution: estimate, tail: gain,
            tasks: tasks.map { task in
                TaskScore(
                    task: task.name, family: task.family, gains: (0..<seeds).map { _ in gain + stream.normal() },
                    inDistributionGains: [])
            }, trainingSteps: 1)
    }
}
