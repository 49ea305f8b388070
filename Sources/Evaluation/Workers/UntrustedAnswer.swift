import CTrainer
import EvolveTypes

// A kernel's process writes its answer into memory that the worker shares with it. A kernel that went astray may have
// written anything there: what cannot be the answer to what was asked is not taken. (What can be may still be a
// lie: nobody but the kernel's process has seen the training.)

extension evt_outcome {
    /// Whether the trainer could have said this of a network that is trained for so many steps.
    package func isPossible(steps wanted: Int, head: Int32) -> Bool {
        let errors = [train, in_distribution, out_of_distribution, loss]
        let shares = [in_distribution_accuracy, out_of_distribution_accuracy]
        let groups = [group_accuracies.0, group_accuracies.1, group_accuracies.2]
        guard diverged == 0 else { return diverged == 1 && (0...Int64(wanted)).contains(steps) }
        return steps == Int64(wanted) && errors.allSatisfy { $0.isFinite && $0 >= 0 }
            && shares.allSatisfy((0...1).contains)
            && (head != Int32(EVT_CROSS_ENTROPY) || groups.allSatisfy { $0 == -1 || (0...1).contains($0) })
    }
}

extension TuningReply {
    /// Whether a minimisation of the request, on networks of so many steps, could have ended so.
    package func isPossible(for request: TuningRequest, steps perNetwork: Int) -> Bool {
        // Four digits of a number a factor of ten away.
        let reach = 1.001 * Float(10.0)
        let gains = -request.clip - 1e-9...request.clip + 1e-9
        return values.count == request.numbers.count
            && zip(values, request.numbers).allSatisfy {
                $0.isFinite && $0 >= $1.value / reach && $0 <= $1.value * reach
            }
            && gains.contains(before) && gains.contains(after) && after >= before
            && (0...request.trials).contains(trials)
            && (0...trials * request.networks.count * perNetwork).contains(steps)
    }
}
