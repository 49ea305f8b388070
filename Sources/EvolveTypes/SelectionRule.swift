/// Which number of a score candidates are ranked by, in decibels.
package enum SelectionRule: String, Codable, CaseIterable, Sendable {
    /// The mean gain over all tasks.
    case mean
    /// The mean gain over the worst quarter of the tasks.
    case tail
    /// Half of each.
    case mix
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
