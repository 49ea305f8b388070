import ActivationCompiler
import Engine
import Evaluation
import EvolveTypes
import Population
import RunStore
import Synchronization
import Testing

extension PlayedEvaluator {
    /// Half as much again of every number, but now and then nothing better, or a crash.
    func tune(_ candidate: TunableActivation, budget: TuningBudget) async throws -> TuningMeasurement {
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...jitter)))
        var stream = RandomStream(key: [candidate.kernel.hash, "tuning"])
        let values = candidate.numbers.map { Float($0.literal.value) * 1.5 }
        let steps = budget.trials * budget.networks * 10
        switch stream.index(below: 6) {
        case 0:
            return TuningMeasurement(result: .stopped(.timedOut("20 s")), steps: 0, compileSeconds: 0, seconds: 0)
        case 1:
            return TuningMeasurement(
                result: .tuned(values: values, before: 1, after: 1), steps: steps, compileSeconds: 0, seconds: 0)
        default:
            return TuningMeasurement(
                result: .tuned(values: values, before: 1, after: 1.5), steps: steps, compileSeconds: 0,
                seconds: Double.random(in: 0...1))
        }
    }
}

@Suite("A run that tunes constants")
struct ConstantTuningRunTests {
    private static var policy: RunPolicy {
        var policy = EngineFixture.policy(slots: 120)
        for place in policy.islands.indices {
            policy.islands[place].operators.append(IslandPolicy.OperatorShare(kind: .constantTuning, weight: 2))
            policy.islands[place].tuning = IslandPolicy.Tuning(trials: 5, networks: 3)
        }
        return policy
    }

    private static func finished() async throws -> any WorkQueue {
        let store: any WorkQueue = InMemoryRunStore(manifest: try EngineFixture.manifest(policy))
        #expect(try await EngineFixture.run(policy, store: store).execute(stop: StopSignal()) == .complete)
        return store
    }

    @Test("has one digest, whoever finishes first and however often it is stopped")
    func digest() async throws {
        let digests = try [RunDigest.of(try await Self.finished()), RunDigest.of(try await Self.finished())]
        #expect(digests[0] == digests[1])
        let store: any WorkQueue = InMemoryRunStore(manifest: try EngineFixture.manifest(Self.policy))
        for session in 1... {
            let stop = StopSignal()
            let left = Mutex(7)
            let run = try EngineFixture.run(Self.policy, store: store) { event in
                guard case .committed = event else { return }
                if left.withLock({
                    $0 -= 1
                    return $0 == 0
                }) {
                    stop.request()
                }
            }
            if try await run.execute(stop: stop) == .complete { break }
            try #require(session < 100)
        }
        #expect(try RunDigest.of(store) == digests[0])
    }

    @Test("writes the parent's text with other numbers, says whose they are, and counts the steps")
    func record() async throws {
        let slots = try await Self.finished().slots(from: 0)
        let tuned = slots.filter { $0.variation == "constant-tuning" }
        #expect(tuned.count > 5)
        #expect(slots.allSatisfy { ($0.tuningSteps != nil) == ($0.variation == "constant-tuning") })
        #expect(tuned.contains { $0.tuningSteps == 5 * 3 * 10 && $0.source != nil })
        for record in tuned {
            #expect(record.parents.count == 1 && record.model == nil)
            let parent = try #require(slots[record.parents[0]].source)
            guard let source = record.source else {
                #expect(record.verdict.name == "unanswered")
                continue
            }
            #expect(record.idea?.hasPrefix("Tuned") == true)
            let candidate = try #require(ActivationPipeline(allow: .elementwise).tunable(parent))
            let values = candidate.numbers.map { Float($0.literal.value) * 1.5 }
            let lines = { (text: String) in text.split(separator: "\n").filter { !$0.hasPrefix("//") } }
            #expect(lines(source) == lines(try #require(candidate.source(with: values, idea: nil))))
        }
        #expect(tuned.contains { $0.verdict == .unanswered("no constants tried were better than the parent's") })
    }

    @Test("tunes an elite once, and never one without numbers")
    func once() async throws {
        let slots = try await Self.finished().slots(from: 0)
        let parents = slots.filter { $0.variation == "constant-tuning" }.flatMap(\.parents)
        #expect(Set(parents).count == parents.count)
        for parent in parents {
            #expect(ActivationPipeline(allow: .elementwise).isTunable(try #require(slots[parent].source)))
        }
        #expect(!parents.contains(4), "tanh has no numbers")
    }
}
