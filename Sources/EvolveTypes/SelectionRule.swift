/// Which number of a score candidates are ranked by, in decibels.
package enum SelectionRule: String, Codable, CaseIterable, Sendable {
    /// The mean gain over all tasks.
    case mean
    /// The mean gain over the worst quarter of the tasks.
    case tail
    /// Half of each.
    case mix

    /// How much each task counts, given the mean gain of each; together 1.
    package func weights(_ means: [Double]) -> [Double] {
        guard !means.isEmpty else { return [] }
        let even = means.map { _ in 1 / Double(means.count) }
        guard self != .mean else { return even }
        let worst = means.indices.sorted { means[$0] < means[$1] }.prefix(Self.tailCount(of: means.count))
        var tail = means.map { _ in 0.0 }
        for index in worst { tail[index] = 1 / Double(worst.count) }
        return self == .tail ? tail : zip(even, tail).map { ($0 + $1) / 2 }
    }

    /// A quarter of the tasks, rounded up.
    package static func tailCount(of tasks: Int) -> Int { (tasks + 3) / 4 }
}

extension Score {
    package func standing(by rule: SelectionRule) -> Double {
        switch rule {
        case .mean: gain.mean
        case .tail: tail
        case .mix: (gain.mean + tail) / 2
        }
    }
}
