import ArgumentParser
import Definitions
import EvolveTypes
import Foundation

/// Which suite a command measures on: one of Fitness, a file, or a table of the user's.
struct SuiteOptions: ParsableArguments {
    @Option(
        help: """
            Suite: name of a folder in Fitness, or a path to a .yaml file (if nothing is given, eval: lab; compare: \
            that of the runs, else lab).
            """)
    var suite: String?

    @OptionGroup var table: TableOptions

    func validate() throws {
        if suite != nil, table.csv != nil { throw ValidationError("Give --suite or --csv, not both.") }
    }

    /// As the user wrote it; nil when nothing is given.
    var name: String? { suite ?? table.csv }

    /// nil when nothing is given.
    func choice() throws -> SuiteChoice? {
        if let made = try table.suite() { return .table(made) }
        return suite.map { SuiteChoice(nameOrFile: $0) }
    }
}

/// A suite that is made from a table: `CSVSuite`.
struct TableOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Instead of a suite: a CSV file with column names in its first line. Half of its rows are held out.",
            valueName: "file.csv"))
    var csv: String?

    @Option(help: ArgumentHelp("Column of numbers to be learned; several with commas between.", valueName: "column"))
    var target: String?

    @Option(
        name: .customLong("class"), help: ArgumentHelp("Instead: column of classes to be learned.", valueName: "column")
    )
    var label: String?

    @Option(
        help: ArgumentHelp(
            "Rows out of distribution: COLUMN:FROM..TO (either end may be left out) or COLUMN=TEXT; may be repeated.",
            valueName: "rows"))
    var ood: [String] = []

    @Option(
        help: ArgumentHelp(
            "Columns to learn from, with commas between (default: all that are left).", valueName: "columns"))
    var inputs: String?

    @Option(
        help: "Search tasks to make of the table, and as many held-out tasks (default: 3 to 8, by the number of rows).")
    var tasks: Int?

    func validate() throws {
        guard csv != nil else {
            let given = [
                ("--target", target != nil), ("--class", label != nil), ("--ood", !ood.isEmpty),
                ("--inputs", inputs != nil), ("--tasks", tasks != nil),
            ].filter(\.1)
            if let first = given.first { throw ValidationError("\(first.0) is about a table: give --csv, too.") }
            return
        }
        switch (target, label) {
        case (nil, nil): throw ValidationError("--csv needs --target COLUMN (numbers) or --class COLUMN.")
        case (_?, _?): throw ValidationError("Give --target (numbers) or --class, not both.")
        default: break
        }
        if ood.isEmpty {
            throw ValidationError(
                "--csv needs --ood, the rows out of distribution: for example --ood speed:8.. or --ood set=new.")
        }
        if let tasks, !CSVSuite.tasksAllowed.contains(tasks) {
            let range = CSVSuite.tasksAllowed
            throw ValidationError("--tasks must be from \(range.lowerBound) to \(range.upperBound).")
        }
    }

    /// nil without a table.
    /// - Throws: `Failure(.misuse)` for a malformed --ood.
    func suite() throws -> CSVSuite? {
        guard let csv, let goal = target.map(CSVSuite.Goal.numbers) ?? label.map(CSVSuite.Goal.classes) else {
            return nil
        }
        return CSVSuite(
            file: URL(fileURLWithPath: csv), goal: goal, regions: try ood.map { try CSVRegion($0) }, inputs: inputs,
            tasks: tasks)
    }
}
