import Evaluation
import EvolveTypes

extension CSVDealing {
    /// How many rows of a table a region puts on which side. A `CSVRegion` leaves none out.
    struct Census {
        let region: CSVRegion
        let inside: Int
        let outside: Int
        /// Rows in distribution of each class, by name; empty for numbers.
        private let classes: [String: Int]
        private let label: String

        /// - Throws: `Failure(.badInput)` when no row lies outside, or no row inside.
        init(of region: CSVRegion, _ columns: CSVColumns, in table: TableText, called label: String) throws {
            self.region = region
            self.label = label
            let outsides = try TableRows.areOutside(CSVColumns.split(region), table)
            outside = outsides.count { $0 == true }
            inside = outsides.count - outside
            if outside == 0 || inside == 0 {
                throw Failure(
                    .badInput,
                    "--ood \(region.text): \(outside == 0 ? "no" : "every") row of \(label) is out of distribution"
                        + Self.hint(region, table))
            }
            var counts: [String: Int] = [:]
            if case .classes(let name) = columns.goal {
                for (cell, isOutside) in zip(table.cells(of: name) ?? [], outsides) {
                    counts[cell.text, default: 0] += isOutside == true ? 0 : 1
                }
            }
            classes = counts
        }

        /// What the column does hold.
        private static func hint(_ region: CSVRegion, _ table: TableText) -> String {
            let texts = (table.cells(of: region.column) ?? []).map(\.text)
            switch region.rows {
            case .text(let text):
                let known = Set(texts).sorted()
                if let nearest = NearestName.of(text, among: known), nearest != text {
                    return "; did you mean '\(nearest)'?"
                }
                let shown = known.prefix(10).joined(separator: ", ") + (known.count > 10 ? ", …" : "")
                return "; the column '\(region.column)' holds: \(shown)"
            case .range:
                let numbers = texts.compactMap { Double($0) }
                guard let low = numbers.min(), let high = numbers.max() else { return "" }
                return "; the column '\(region.column)' reaches from \(low) to \(high)"
            }
        }

        /// - Throws: `Failure(.badInput)` when there is one class only, or one has fewer rows than `least` in
        ///   distribution.
        func checkClasses(each least: Int, tasks: Int) throws {
            if classes.count == 1, let name = classes.keys.first {
                throw Failure(.badInput, "\(label) has only one class, '\(name)'")
            }
            guard let rarest = classes.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }), rarest.value < least else {
                return
            }
            throw Failure(
                .badInput,
                "the class '\(rarest.key)' has \(rarest.value) rows in distribution (\(region.text)), but \(tasks) tasks on rows "
                    + "of their own need \(least); leave out its rows, give it to another class, or use fewer --tasks")
        }
    }
}
