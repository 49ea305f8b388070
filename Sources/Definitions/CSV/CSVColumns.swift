import Evaluation
import EvolveTypes

/// The columns that a `CSVSuite` names, found in its table; every field that is to be a number is one.
struct CSVColumns {
    let inputs: [String]
    let goal: TableTask.Goal
    let regions: [CSVRegion]

    private let label: String
    private let table: TableText

    /// - Throws: `Failure(.badInput)`, one line for a wrong column, or a line for each wrong field.
    init(_ suite: CSVSuite, in table: TableText, called label: String) throws {
        self.label = label
        self.table = table
        func found(_ name: String, _ option: String) throws -> String {
            if table.columns.contains(name) { return name }
            throw Failure(
                .badInput,
                "\(option): \(label) has no column '\(name)'"
                    + NearestName.hint(name, among: table.columns, noun: "its columns"))
        }
        /// A name may itself hold a comma.
        func list(_ names: String, _ option: String) throws -> [String] {
            if table.columns.contains(names) { return [names] }
            let parts = names.split(separator: ",", omittingEmptySubsequences: false).map { part in
                String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            for (place, name) in parts.enumerated() where parts[..<place].contains(name) {
                throw Failure(.badInput, "\(option): the column '\(name)' is listed twice")
            }
            return try parts.map { try found($0, option) }
        }

        regions = suite.regions
        for region in regions { _ = try found(region.column, "--ood \(region.text)") }
        var taken: Set<String>
        switch suite.goal {
        case .numbers(let names):
            let columns = try list(names, "--target")
            (goal, taken) = (.numbers(columns), Set(columns))
        case .classes(let name):
            let column = try found(name, "--class")
            (goal, taken) = (.classes(column), [column])
        }
        for case (.text, let name) in regions.map({ ($0.rows, $0.column) }) { taken.insert(name) }
        let left = table.columns.filter { !taken.contains($0) }
        if let names = suite.inputs {
            inputs = try list(names, "--inputs")
            if let both = inputs.first(where: taken.contains) {
                throw Failure(
                    .badInput,
                    "--inputs: the column '\(both)' cannot be an input, since it is learned or splits the rows")
            }
        } else {
            inputs = left
        }
        if inputs.isEmpty { throw Failure(.badInput, "\(label) has no column left to be an input") }
        if suite.inputs == nil { try refuseTexts() }
        try checkNumbers()
    }

    /// The task on all rows.
    func task(_ region: CSVRegion, seed: UInt64 = 0, part: TablePart? = nil) -> TableTask {
        TableTask(
            table: label, inputs: inputs, goal: goal, scaling: .each, split: Self.split(region), seed: seed, part: part)
    }

    static func split(_ region: CSVRegion) -> TableTask.Split {
        switch region.rows {
        case .range(let from, let to): .range(column: region.column, from: from, to: to)
        case .text(let text): .values(column: region.column, train: nil, test: nil, ood: text)
        }
    }

    /// A column of names among the inputs that nobody chose is one mistake, not one in every row.
    private func refuseTexts() throws {
        let texts = inputs.filter { name in
            let cells = table.cells(of: name) ?? []
            return !cells.isEmpty && cells.allSatisfy { Double($0.text) == nil }
        }
        guard let first = texts.first, let cell = table.cells(of: first)?.first else { return }
        let rest = inputs.filter { !texts.contains($0) }
        throw Failure(
            .badInput,
            "\(label):\(cell.line):\(cell.column): the column '\(first)' has no numbers, but for example '\(cell.text)'"
                + (rest.isEmpty ? "" : "; leave it out: --inputs \(rest.joined(separator: ","))"))
    }

    private func checkNumbers() throws {
        let all = SuitePolicy.Points(train: .max, inDistribution: .max, outOfDistribution: .max)
        for region in regions {
            do {
                _ = try TableRows(task(region), in: table, points: all)
            } catch let problems as TableProblems {
                throw TableFile.failure(problems, file: label)
            } catch is Failure {
                // How many rows there must be is for `CSVDealing` to say.
            }
        }
    }
}
