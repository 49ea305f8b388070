import EvolveTypes

/// The rows of a table cut into the sets of a task.
///
/// In-distribution rows are shuffled; where no column says which of them are for the test, the first quarter is. The
/// out-of-distribution rows are shuffled, too, and of each set at most as many are taken as the suite has points.
package struct TableRows: Sendable {
    package struct Row: Sendable {
        package var inputs: [Double]
        /// The numbers, or the class: 1 in its place, 0 elsewhere.
        package var outputs: [Double]
    }

    package private(set) var train: [Row] = []
    package private(set) var test: [Row] = []
    package private(set) var ood: [Row] = []
    /// Names of the classes; empty for numbers.
    package private(set) var classes: [String] = []

    private enum Place { case train, test, inside, ood }

    /// - Throws: `TableProblems` for fields that are not what they should be; `Failure(.badInput)`, with no place in
    ///   the table, when a column is missing, a set would be empty, or a class does not occur in training.
    package init(_ task: TableTask, in table: TableText, points: SuitePolicy.Points) throws {
        var problems: [Diagnostic] = []
        let places = try Self.places(task.split, table, &problems)
        let inputs = try task.inputs.map { try Self.column($0, table) }
        let part = task.part?.holds(rowsOf: table)
        let rows = places.indices.filter { places[$0] != nil && part?[$0] ?? true }
        let goals = try outputs(task.goal, table, rows, &problems)
        var sets: [Place: [Row]] = [:]
        for (row, goal) in zip(rows, goals) {
            guard let place = places[row] else { continue }
            let values = inputs.map { Self.number($0.cells[row], $0.name, &problems) }
            sets[place, default: []].append(Row(inputs: values, outputs: goal))
        }
        guard problems.isEmpty else {
            // A column that is read twice has each of its mistakes told once.
            throw TableProblems(Set(problems).sorted { ($0.line, $0.column) < ($1.line, $1.column) })
        }

        var random = RandomStream(key: ["table", String(task.seed)])
        let inside = random.shuffle(sets[.inside, default: []])
        let held = inside.count / TableTask.testShare
        test = random.shuffle(sets[.test, default: []]) + inside[..<held]
        train = random.shuffle(sets[.train, default: []]) + inside[held...]
        ood = random.shuffle(sets[.ood, default: []])
        try check()
        train = Array(train.prefix(points.train))
        test = Array(test.prefix(points.inDistribution))
        ood = Array(ood.prefix(points.outOfDistribution))
        try checkClasses()
    }

    private func check() throws {
        for (name, rows, least) in [("training", train, 2), ("test", test, 1), ("out-of-distribution", ood, 1)]
        where rows.count < least {
            throw Failure(.badInput, "the table has \(rows.count) \(name) rows for it; at least \(least) are needed")
        }
    }

    private func checkClasses() throws {
        if classes.count == 1 { throw Failure(.badInput, "there is only one class, '\(classes[0])'") }
        for (index, name) in classes.enumerated() where !train.contains(where: { $0.outputs[index] == 1 }) {
            throw Failure(.badInput, "the class '\(name)' does not occur in the training rows")
        }
    }

    /// For each row, whether it is out of distribution; left out are those that are neither.
    /// - Throws: as `init`.
    package static func areOutside(_ split: TableTask.Split, _ table: TableText) throws -> [Bool?] {
        var problems: [Diagnostic] = []
        let places = try places(split, table, &problems)
        guard problems.isEmpty else { throw TableProblems(problems) }
        return places.map { $0.map { $0 == .ood } }
    }

    // MARK: - Columns

    private typealias Column = (name: String, cells: [TableText.Cell])

    private static func column(_ name: String, _ table: TableText) throws -> Column {
        guard let cells = table.cells(of: name) else {
            throw Failure(
                .badInput,
                "the table has no column '\(name)'" + NearestName.hint(name, among: table.columns, noun: "its columns"))
        }
        return (name, cells)
    }

    private static func number(_ cell: TableText.Cell, _ column: String, _ problems: inout [Diagnostic]) -> Double {
        if let value = Double(cell.text), value.isFinite, cell.text.allSatisfy({ "0123456789.+-eE".contains($0) }) {
            return value
        }
        let found = cell.text.isEmpty ? "nothing is there" : "'\(cell.text)' is there"
        problems.append(
            Diagnostic(line: cell.line, column: cell.column, "the column '\(column)' needs a number, but \(found)"))
        return 0
    }

    /// Where each row belongs; nil = left out.
    private static func places(
        _ split: TableTask.Split, _ table: TableText, _ problems: inout [Diagnostic]
    ) throws -> [Place?] {
        switch split {
        case .range(let name, let low, let high):
            return try column(name, table).cells.map { cell in
                let value = number(cell, name, &problems)
                return value >= low ?? -.infinity && value <= high ?? .infinity ? .ood : .inside
            }
        case .values(let name, let train, let test, let ood):
            let inside = test == nil ? Place.inside : .train
            return try column(name, table).cells.map { cell in
                switch cell.text {
                case ood: .ood
                case test: .test
                default: train == nil || train == cell.text ? inside : nil
                }
            }
        }
    }

    /// What the network has to say for each of the rows.
    private mutating func outputs(
        _ goal: TableTask.Goal, _ table: TableText, _ rows: [Int], _ problems: inout [Diagnostic]
    ) throws -> [[Double]] {
        switch goal {
        case .numbers(let names):
            let columns = try names.map { try Self.column($0, table) }
            return rows.map { row in columns.map { Self.number($0.cells[row], $0.name, &problems) } }
        case .classes(let name):
            let cells = try Self.column(name, table).cells
            for row in rows where cells[row].text.isEmpty {
                let cell = cells[row]
                problems.append(
                    Diagnostic(
                        line: cell.line, column: cell.column,
                        "the column '\(name)' needs the row's class, but nothing is there"))
            }
            classes = Set(rows.map { cells[$0].text }).sorted()
            let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
            return rows.map { row in
                var values = classes.map { _ in 0.0 }
                if let place = places[cells[row].text] { values[place] = 1 }
                return values
            }
        }
    }
}
