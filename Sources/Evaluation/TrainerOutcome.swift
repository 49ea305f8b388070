import CTrainer
import EvolveTypes

extension TrainingOutcome {
    /// What the C trainer says of a network of the task.
    package init(_ outcome: evt_outcome, of task: LoadedTask) {
        self.init(
            train: outcome.train, inDistribution: outcome.in_distribution,
            outOfDistribution: outcome.out_of_distribution, diverged: outcome.diverged != 0,
            steps: Int(outcome.steps))
        guard outcome.diverged == 0 else { return }
        loss = outcome.loss
        guard task.task.pointee.head == Int32(EVT_CROSS_ENTROPY) else { return }
        let (head, middle, tail) = outcome.group_accuracies
        let hasGroups = head >= 0 || middle >= 0 || tail >= 0
        accuracy = Accuracy(
            inDistribution: outcome.in_distribution_accuracy, outOfDistribution: outcome.out_of_distribution_accuracy,
            head: head >= 0 ? head : nil, middle: middle >= 0 ? middle : nil,
            tail: hasGroups ? outcome.out_of_distribution_accuracy : nil)
    }
}
