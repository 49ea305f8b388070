import Engine
import Evaluation
import EvolveTypes
import Population
import RunStore

/// The examples of one run, read from its journal.
///
/// Every slot whose proposal has a parent and was trained gives one; what was raced out counts as far as it was trained, and a child
/// that diverged as −clip. Duplicates, seed programs and re-tests give none. Seeds are the same for all candidates of a run, so that gains
/// pair network by network. Of several parents the best counts: it is the one to be beaten.
package struct RunExamples: Sendable {
    /// As the store was called.
    package var store: String
    package var name: String
    package var seed: UInt64
    package var digest: String
    package var suite: String
    package var suiteDigest: String
    package var clip: Double
    package var slots: Int
    package var examples: [Example] = []

    /// - Parameter store: read whole.
    package init(_ store: any RunStore, called label: String) throws {
        let manifest = try store.manifest()
        let policy = try RunPolicy(of: manifest)
        (self.store, name, seed) = (label, manifest.name, manifest.seed)
        digest = try RunDigest.of(store)
        (suite, suiteDigest, clip) = (policy.suite.name, try policy.suite.measurementDigest, policy.suite.scoring.clip)
        slots = 0
        var known: [CandidateID: Known] = [:]
        try store.forEachPageOfSlots { page in
            slots += page.count
            let trained = page.filter { $0.isCandidate }
            for (record, traits) in zip(trained, Traits.of(trained)) {
                guard let traits, let source = record.source else { continue }
                if let example = self.example(record, traits, source, known) { examples.append(example) }
                // What was raced out is nobody's parent.
                if case .scored(let score) = record.verdict {
                    known[record.slot] = Known(score: score, traits: traits, source: source)
                }
            }
        }
    }

    private struct Known {
        var score: Score
        var traits: Traits
        var source: String
    }

    private func example(
        _ record: SlotRecord, _ traits: Traits, _ source: String, _ known: [CandidateID: Known]
    ) -> Example? {
        let parents = record.parents.compactMap { id in known[id].map { (id: id, known: $0) } }
        guard record.variation != VariationOperator.seed.rawValue,
            let best = parents.max(by: { ($0.known.score.gain.mean, $1.id) < ($1.known.score.gain.mean, $0.id) }),
            let outcome = self.outcome(record.verdict, over: best.known.score)
        else { return nil }
        let delta = Delta(from: best.known.traits, to: traits)
        return Example(
            parent: Example.Parent(run: 0, id: best.id), slot: record.slot, gain: outcome.gain, label: outcome.label,
            families: outcome.families, change: delta.change, context: delta.parent, before: best.known.source,
            after: source, idea: record.idea)
    }

    private func outcome(
        _ verdict: Verdict, over parent: Score
    ) -> (gain: Estimate, label: Example.Label, families: [String: Double])? {
        guard let score = verdict.score else {
            return (Estimate(mean: -clip, low: -clip, high: -clip), .worse, [:])
        }
        let gains = PairedGains(score, over: parent)
        guard !gains.tasks.isEmpty else { return nil }
        let estimate = GainInterval.estimate(gains.tasks.map { [bounded($0.gain)] }, clip: clip)
        let families = Dictionary(grouping: gains.tasks, by: \.family).mapValues { tasks in
            bounded(Scoring.mean(tasks.map(\.gain)))
        }
        let label: Example.Label = estimate.low > 0 ? .improved : estimate.high < 0 ? .worse : .undecided
        return (estimate, label, families)
    }

    private func bounded(_ gain: Double) -> Double { min(clip, max(-clip, gain)) }
}

/// Of one candidate over another, per task that both were trained on: the mean over the seeds that both have.
struct PairedGains {
    var tasks: [(family: String, gain: Double)]

    init(_ child: Score, over parent: Score) {
        let others = Dictionary(parent.tasks.map { ($0.task, $0.gains) }, uniquingKeysWith: { first, _ in first })
        tasks = child.tasks.compactMap { task in
            let pairs = Array(zip(task.gains, others[task.task] ?? []))
            return pairs.isEmpty ? nil : (task.family, Scoring.mean(pairs.map { $0 - $1 }))
        }
    }
}

extension SlotRecord {
    /// Whether it was trained as a candidate of its own, to whatever end.
    fileprivate var isCandidate: Bool {
        switch verdict {
        case .scored, .racedOut, .diverged: true
        default: false
        }
    }
}

extension [RunExamples] {
    /// All examples; their parents are told apart by the place of their run.
    var joined: [Example] {
        enumerated().flatMap { place, run in
            run.examples.map { example in
                var example = example
                example.parent.run = place
                return example
            }
        }
    }

    var clip: Double { map(\.clip).max() ?? 0 }
}
