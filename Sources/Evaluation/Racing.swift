import EvolveTypes

extension SuitePolicy {
    /// Indices of the tasks of a split, in the suite's order.
    /// - Parameter family: only its; nil = all.
    package func taskIndices(in split: Split, family: String? = nil) -> [Int] {
        tasks.indices.filter { tasks[$0].split == split && (family == nil || tasks[$0].family == family) }
    }

    /// The search tasks of a stage of the race, in the suite's order.
    package func tasks(of stage: Racing.Stage) -> [Int] { spreadTasks(stage.tasks) }

    /// So many search tasks, spread evenly over the families, in the suite's order.
    package func spreadTasks(_ count: Int) -> [Int] { raceOrder.prefix(count).sorted() }

    /// The search tasks in the order in which a race takes them up: families in turn, and within a family as evenly over
    /// its list as any prefix allows (van der Corput 1935).
    private var raceOrder: [Int] {
        let search = taskIndices(in: .search)
        var families: [String] = []
        for index in search where !families.contains(tasks[index].family) { families.append(tasks[index].family) }
        let members = families.map { family in
            Self.spread(search.filter { tasks[$0].family == family })
        }
        let longest = members.map(\.count).max() ?? 0
        return (0..<longest).flatMap { round in members.compactMap { round < $0.count ? $0[round] : nil } }
    }

    private static func spread(_ list: [Int]) -> [Int] {
        // 1/2, 1/4, 3/4, 1/8 …: each place of the list when it is first hit.
        var order: [Int] = []
        var taken: Set<Int> = []
        var step = 1
        while taken.count < list.count {
            var (fraction, digits, unit) = (0.0, step, 0.5)
            while digits > 0 {
                fraction += Double(digits % 2) * unit
                digits /= 2
                unit /= 2
            }
            let place = Int(fraction * Double(list.count))
            if taken.insert(place).inserted { order.append(list[place]) }
            step += 1
        }
        return order
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

extension SuitePolicy.Racing {
    /// Whether a candidate has fallen behind after a stage, from its gains so far.
    /// - Parameter rivals: of the island's elites, best first; their gains on the same tasks and seeds are what counts.
    package func isOut(_ candidate: Evidence, after stage: Stage, rivals: [Evidence]) -> Bool {
        let gains = candidate.tasks.map(\.gains)
        if Scoring.mean(gains.map(Scoring.mean)) < -stage.margin { return true }
        // Behind the last of them is behind all of them: they are ranked.
        guard self.rivals > 0, rivals.count >= self.rivals else { return false }
        let differences = Self.differences(candidate, rivals[self.rivals - 1])
        return GainInterval.pValues(differences.map { [$0] }, clip: .infinity).below < 1 - confidence
    }

    /// Per task, the mean over the seeds that both have: the reference's noise and the task's difficulty cancel out.
    private static func differences(_ candidate: Evidence, _ rival: Evidence) -> [Double] {
        let theirs = Dictionary(rival.tasks.map { ($0.name, $0.gains) }, uniquingKeysWith: { first, _ in first })
        return candidate.tasks.compactMap { task in
            guard let other = theirs[task.name], !other.isEmpty else { return nil }
            let pairs = Array(zip(task.gains, other))
            return Scoring.mean(pairs.map { $0 - $1 })
        }
    }
}
