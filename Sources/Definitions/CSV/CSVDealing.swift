import Evaluation
import EvolveTypes

/// How the rows of a table are dealt out to the tasks of a `CSVSuite`.
///
/// Every task has a part of its own, so that the tasks are independent of each other given the table, and an interval over
/// them says how much the gain depends on the rows. More tasks make it narrower, but leave each less to train on.
struct CSVDealing {
    /// Search tasks, and as many held-out tasks.
    let tasks: Int
    /// Of the parts.
    let seed: UInt64

    /// Parts are drawn by chance: a task has at least these, and on average twice as many.
    private static let (leastTest, leastOutside) = (4, 4)
    /// Rows in distribution that each class needs for each task, so that it is likely to be in every training set.
    private static let rowsOfClass = 6
    /// Rows in distribution that a task should have before there are more than the usual tasks, and how many are usual.
    private static let (ampleRows, usualTasks, mostTasks) = (150, 3, 8)
    private static let attempts: UInt64 = 20

    /// - Throws: `Failure(.badInput)`: one line that says how many rows are needed.
    init(
        _ columns: CSVColumns, in table: TableText, called label: String, settings: CSVSuite.Settings, tasks: Int?
    ) throws {
        let census = try columns.regions.map { try Census(of: $0, columns, in: table, called: label) }
        let leastInside = max(settings.batch, 2)
        /// Rows in and out of distribution for so many tasks on each side.
        func needed(_ tasks: Int) -> (inside: Int, outside: Int) {
            (2 * tasks * 2 * leastInside, 2 * tasks * 2 * Self.leastOutside)
        }
        func suffices(_ census: Census, _ tasks: Int) -> Bool {
            census.inside >= needed(tasks).inside && census.outside >= needed(tasks).outside
        }
        let usual = max(Self.usualTasks, columns.regions.count)
        let ample = (census.map(\.inside).min() ?? 0) / (2 * Self.ampleRows)
        let wanted =
            tasks ?? (usual...max(usual, min(ample, Self.mostTasks))).last { count in
                census.allSatisfy { suffices($0, count) }
            } ?? usual
        if wanted < columns.regions.count {
            throw Failure(
                .badInput,
                "--tasks \(wanted) is fewer than the \(columns.regions.count) --ood, of which each needs a task")
        }
        let fewest = max(CSVSuite.tasksAllowed.lowerBound, columns.regions.count)
        for census in census where !suffices(census, wanted) {
            let fewer =
                wanted > fewest
                ? "; with --tasks \(fewest): \(needed(fewest).inside) and \(needed(fewest).outside)" : ""
            throw Failure(
                .badInput,
                "\(label) has too few rows: \(census.inside) in and \(census.outside) out of distribution (\(census.region.text)), "
                    + "but \(wanted) search and \(wanted) held-out tasks on rows of their own need \(needed(wanted).inside) and "
                    + "\(needed(wanted).outside)\(fewer)")
        }
        for census in census { try census.checkClasses(each: Self.rowsOfClass * 2 * wanted, tasks: 2 * wanted) }
        self.tasks = wanted
        seed = try Self.seed(columns, in: table, called: label, settings: settings, tasks: wanted)
    }

    /// What task `index` trains on; the first half of the tasks are the search's.
    func part(_ index: Int) -> TablePart { TablePart(of: 2 * tasks, take: index + 1, seed: seed) }

    /// Tasks take the regions in turn, on each side from the first.
    func region(_ index: Int, of columns: CSVColumns) -> CSVRegion {
        columns.regions[index % tasks % columns.regions.count]
    }

    /// The first with which every task has enough of everything. No network has been trained yet: the choice looks at
    /// numbers of rows only.
    private static func seed(
        _ columns: CSVColumns, in table: TableText, called label: String, settings: CSVSuite.Settings, tasks: Int
    ) throws -> UInt64 {
        var objection = ""
        for seed in 1...attempts {
            do {
                for index in 0..<2 * tasks {
                    let part = TablePart(of: 2 * tasks, take: index + 1, seed: seed)
                    let region = columns.regions[index % tasks % columns.regions.count]
                    let task = columns.task(region, seed: UInt64(index + 1), part: part)
                    let data = try TaskData(task, in: table, points: settings.points)
                    let sets = [data.train, data.inDistribution, data.outOfDistribution].map(\.coordinates.count)
                    if zip(sets, [settings.batch, leastTest, leastOutside]).contains(where: { $0 < $1 }) {
                        throw Failure(
                            .badInput,
                            "a task gets only \(sets[0]) training, \(sets[1]) test and \(sets[2]) out-of-distribution rows"
                        )
                    }
                }
                return seed
            } catch let failure as Failure {
                objection = failure.message
            }
        }
        throw Failure(
            .badInput,
            "\(label) cannot be dealt out to \(2 * tasks) tasks: \(objection); give more rows, or fewer --tasks")
    }
}
