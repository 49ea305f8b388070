import EvolveTypes

extension SuitePolicy {
    /// Indices of the tasks of a split, in the suite's order.
    package func taskIndices(in split: Split) -> [Int] { tasks.indices.filter { tasks[$0].split == split } }

    /// The search tasks of the first look.
    package var firstLookTasks: [Int] { spreadTasks(firstLook.tasks) }

    /// So many search tasks, or all if there are no more, in the suite's order: families in turn (in order of first
    /// appearance), and within a family spread evenly over its tasks.
    package func spreadTasks(_ count: Int) -> [Int] {
        let search = taskIndices(in: .search)
        var families: [String] = []
        for index in search where !families.contains(tasks[index].family) { families.append(tasks[index].family) }
        let members = families.map { family in search.filter { tasks[$0].family == family } }

        var shares = members.map { _ in 0 }
        var left = min(count, search.count)
        while left > 0 {
            for family in members.indices where left > 0 && shares[family] < members[family].count {
                shares[family] += 1
                left -= 1
            }
        }
        return zip(members, shares).flatMap { tasks, share in
            (0..<share).map { tasks[(2 * $0 + 1) * tasks.count / (2 * share)] }
        }.sorted()
    }

    /// A guard against hangs, not a budget: the seconds that one network may take on a slow and busy machine. Assumes
    /// 20 million multiply-adds a second, a thousandth of what one core does, for weights and activation together.
    package var secondsPerNetwork: Double {
        let inputs = tasks.map { $0.target.inputs }.max() ?? 0
        let widths = [max(10, inputs)] + network.hidden + [1]
        let weights = zip(widths, widths.dropFirst()).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        let activation = Double(network.hidden.reduce(0, +)) * max(costLimit, 10)
        let passes = Double(training.batch) * Double(training.steps) * 3
        return (1 + passes * (weights + activation) / 2e7).rounded()
    }
}
