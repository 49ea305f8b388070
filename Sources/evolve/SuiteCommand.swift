import ArgumentParser
import EvolveTypes

/// `evolve suite`: the suite that `run --csv` and `eval --csv` make of a table, to look at and to edit.
struct SuiteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suite",
        abstract: "Print the suite that is made of a CSV file, to be edited and given as --suite.",
        discussion: "Keep it beside the table: evolve suite --csv data/runs.csv … > data/runs.yaml")

    @OptionGroup var table: TableOptions

    func validate() throws {
        if table.csv == nil { throw ValidationError("Give the table: --csv FILE.csv.") }
    }

    func run() throws {
        guard let suite = try table.suite() else { throw Failure(.internalError, "the options were not validated") }
        let text = try Installation().loader.text(of: suite)
        // The text ends its last line itself.
        Output.result(String(text.dropLast()))
    }
}
