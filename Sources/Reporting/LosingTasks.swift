import EvolveTypes

/// Where a function loses: averages hide it.
package enum LosingTasks {
    /// The tasks with the largest losses, worst first, at most three: "feynman/I.6.2  -3.10 dB".
    package static func lines(_ score: Score) -> [String] {
        let means = score.tasks.map { task in
            (task.task, task.gains.reduce(0, +) / Double(max(1, task.gains.count)))
        }
        return means.filter { $0.1 < 0 }.sorted { $0.1 != $1.1 ? $0.1 < $1.1 : $0.0 < $1.0 }.prefix(3)
            .map { "\($0.0)  \(Figures.gain($0.1)) dB" }
    }
}
