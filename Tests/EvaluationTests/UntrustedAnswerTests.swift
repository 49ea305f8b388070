import CTrainer
import Testing

@testable import Evaluation

@Suite("A kernel's answer")
struct UntrustedAnswerTests {
    private static let squared = Int32(EVT_SQUARED)
    private static let classes = Int32(EVT_CROSS_ENTROPY)

    private var honest: evt_outcome {
        var outcome = evt_outcome()
        outcome.train = 0.5
        outcome.in_distribution = 0.6
        outcome.out_of_distribution = 7
        outcome.loss = 3
        outcome.steps = 60
        outcome.in_distribution_accuracy = 0.9
        outcome.group_accuracies = (0.5, -1, 1)
        return outcome
    }

    private func changed(_ change: (inout evt_outcome) -> Void) -> evt_outcome {
        var outcome = honest
        change(&outcome)
        return outcome
    }

    @Test("of a network is taken when the trainer could have given it")
    func honesty() {
        #expect(honest.isPossible(steps: 60, head: Self.squared) && honest.isPossible(steps: 60, head: Self.classes))
        let diverged = changed {
            $0.diverged = 1
            $0.steps = 4
        }
        #expect(diverged.isPossible(steps: 60, head: Self.squared))
    }

    @Test("of a network is not taken when a number in it cannot be")
    func lies() {
        let lies: [(inout evt_outcome) -> Void] = [
            { $0.train = .nan }, { $0.in_distribution = -1e-9 }, { $0.out_of_distribution = .infinity },
            { $0.loss = -.infinity }, { $0.steps = 59 }, { $0.steps = .max }, { $0.diverged = 2 }, { $0.diverged = -1 },
            {
                $0.diverged = 1
                $0.steps = 61
            },
            {
                $0.diverged = 1
                $0.steps = .min
            },
            { $0.in_distribution_accuracy = 1.01 }, { $0.out_of_distribution_accuracy = .nan },
            { $0.group_accuracies.1 = -0.5 }, { $0.group_accuracies.2 = 2 },
        ]
        for (index, lie) in lies.enumerated() {
            #expect(!changed(lie).isPossible(steps: 60, head: Self.classes), "lie \(index)")
        }
    }

    @Test("to a tuning is taken only within what was to be tried")
    func tuning() {
        let request = TuningRequest(
            numbers: [TuningRequest.Number(value: 2, places: [0], isNegative: false)],
            networks: [NetworkRequest(task: 0, seed: 1)], references: [], trials: 10, clip: 20)
        func reply(
            _ values: [Float] = [3], before: Double = 1, after: Double = 2, trials: Int = 10, steps: Int = 600
        ) -> TuningReply {
            TuningReply(values: values, before: before, after: after, trials: trials, steps: steps, seconds: 0)
        }
        #expect(reply().isPossible(for: request, steps: 60))
        for lie in [
            reply([]), reply([3, 3]), reply([.nan]), reply([0.1]), reply([21]), reply([-2]), reply(before: .nan),
            reply(after: 21), reply(after: 0), reply(trials: 11), reply(trials: -1), reply(steps: 601),
            reply(steps: -1),
        ] {
            #expect(!lie.isPossible(for: request, steps: 60), "\(lie)")
        }
    }
}
