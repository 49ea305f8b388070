import EvolveTypes

/// A task on rows of a table: which columns, and which rows lie out of distribution.
package struct TableTask: Codable, Hashable, Sendable {
    /// Path of one of the suite's tables.
    package var table: String
    /// Columns of numbers.
    package var inputs: [String]
    package var goal: Goal
    package var scaling: Scaling
    package var split: Split
    /// Of the order in which rows are drawn.
    package var seed: UInt64
    /// nil = all rows, as in every suite stored before there was a choice.
    package var part: TablePart?

    package init(
        table: String, inputs: [String], goal: Goal, scaling: Scaling, split: Split, seed: UInt64,
        part: TablePart? = nil
    ) {
        self.table = table
        self.inputs = inputs
        self.goal = goal
        self.scaling = scaling
        self.split = split
        self.seed = seed
        self.part = part
    }

    package enum Goal: Codable, Hashable, Sendable {
        /// Columns of numbers: the network has one output for each.
        case numbers([String])
        /// A column of texts or numbers: each different one among the rows used is a class, in the order of the texts.
        case classes(String)
    }

    package enum Scaling: String, Codable, CaseIterable, Sendable {
        /// Every input by its own mean and standard deviation over the training rows. One that is constant there is
        /// set to 0 in every set.
        case each
        /// All inputs by one mean and one standard deviation: for pixels and the like, of which some hardly vary.
        case together
    }

    package enum Split: Codable, Hashable, Sendable {
        /// Rows whose value in the column is at least `from` and at most `to` (each may be missing) are out of
        /// distribution, the others in distribution.
        case range(column: String, from: Double?, to: Double?)
        /// Rows by the text in the column. Rows with any other text are left out; without `train` they are in
        /// distribution.
        case values(column: String, train: String?, test: String?, ood: String)
    }

    /// Every fourth in-distribution row is kept for the test, when the table does not say which.
    package static let testShare = 4
}
