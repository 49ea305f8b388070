/// The gains of a candidate on search tasks, as far as they have been measured: what its standing is estimated from.
package struct Evidence: Codable, Hashable, Sendable {
    package struct Task: Codable, Hashable, Sendable {
        package var name: String
        package var family: String
        /// Decibels, one for each seed, in the order of the seeds; at least one.
        package var gains: [Double]

        package init(name: String, family: String, gains: [Double]) {
            self.name = name
            self.family = family
            self.gains = gains
        }
    }

    /// In the suite's order.
    package private(set) var tasks: [Task]

    package init(_ tasks: [Task] = []) { self.tasks = tasks.filter { !$0.gains.isEmpty } }

    package init(_ score: Score) {
        self.init(score.tasks.map { Task(name: $0.task, family: $0.family, gains: $0.gains) })
    }

    /// Seeds that every task has.
    package var seeds: Int { tasks.map(\.gains.count).min() ?? 0 }

    /// With the gains of further seeds.
    package mutating func add(_ more: Evidence) {
        for task in more.tasks {
            if let place = tasks.firstIndex(where: { $0.name == task.name }) {
                tasks[place].gains += task.gains
            } else {
                tasks.append(task)
            }
        }
    }

    package func of(family: String?) -> Evidence {
        guard let family else { return self }
        return Evidence(tasks.filter { $0.family == family })
    }
}
