import Evaluation
import EvolveTypes
import Foundation

/// What a person asks of a table of their own on the command line, and the suite that is made of it.
///
/// The suite is a text like any suite.yaml: the settings of Fitness/csv.yaml, which is content, and tasks on parts of the
/// table that share no row (`TablePart`), one half of them for the search and the other held out. It is read by the one
/// reader of suites, so what `text` prints and what a run stores are the same suite.
///
/// Steps: `CSVColumns` finds the columns → `CSVDealing` decides how many tasks the rows allow, and deals them →
/// `CSVSuiteText` writes.
package struct CSVSuite: Sendable {
    package enum Goal: Sendable {
        /// Columns of numbers, or names of several with commas between them.
        case numbers(String)
        /// A column of classes.
        case classes(String)
    }

    /// The table.
    package var file: URL
    package var goal: Goal
    /// At least one; with several, tasks take them in turn.
    package var regions: [CSVRegion]
    /// Names of columns with commas between them; nil = all that are left.
    package var inputs: String?
    /// Search tasks, and as many held-out tasks; nil = as the number of rows allows.
    package var tasks: Int?

    package static let tasksAllowed = 2...50
    /// The settings of such suites.
    package static let template = "Fitness/csv.yaml"

    package init(file: URL, goal: Goal, regions: [CSVRegion], inputs: String? = nil, tasks: Int? = nil) {
        self.file = file
        self.goal = goal
        self.regions = regions
        self.inputs = inputs
        self.tasks = tasks
    }

    /// The table's name without its ending: what the suite is called, and its file if it is to keep the name.
    package var name: String { file.deletingPathExtension().lastPathComponent }

    /// The suite.yaml, to lie beside the table.
    /// - Throws: `Failure(.badInput)`: one line for a wrong column or too few rows; file, line and column for each wrong
    ///   field of the table, and for a mistake in the template.
    func text(from content: ContentFolder) throws -> String {
        let label = file.lastPathComponent
        let settings = try Settings.read(content)
        if let objection = TableFile.objection(to: file) { throw Failure(.badInput, "\(label): \(objection)") }
        let table = try TableFile(at: file, called: label, from: content).cells
        let columns = try CSVColumns(self, in: table, called: label)
        let dealing = try CSVDealing(columns, in: table, called: label, settings: settings, tasks: tasks)
        return CSVSuiteText.write(columns, dealing, table: label, template: settings.text)
    }

    /// What has to be known of the template to deal out rows.
    struct Settings {
        var text: String
        var points: SuitePolicy.Points
        var batch: Int

        static func read(_ content: ContentFolder) throws -> Settings {
            let text = try content.text(CSVSuite.template)
            return try YAMLNode.read(text, problems: DefinitionProblems(file: CSVSuite.template)) { keys in
                keys.optional("tasks")?.reject("'tasks' come from the table; leave them out here")
                let points = keys.required("points").mapping(SuiteDefinition.points)
                let batch = keys.required("training").mapping { keys in
                    keys.acceptAll()
                    return keys.required("batch").int(1...1_000_000)
                }
                // The reader of suites looks at the rest.
                keys.acceptAll()
                return Settings(text: text, points: points, batch: batch)
            }
        }
    }
}
