/// Lines up text in columns.
package struct Columns: Sendable {
    package enum Alignment: Sendable { case left, right }

    private let alignments: [Alignment]
    private var rows: [[String]] = []

    package init(_ alignments: [Alignment]) { self.alignments = alignments }

    package mutating func add(_ cells: [String]) { rows.append(cells) }

    /// One line per row, columns two spaces apart, nothing trailing.
    package var lines: [String] {
        let widths = alignments.indices.map { column in
            rows.map { column < $0.count ? Ink.width($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row.indices, row).map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - Ink.width(cell))
                return alignments[column] == .left ? cell + padding : padding + cell
            }
            var line = cells.joined(separator: "  ")[...]
            while line.last == " " { line = line.dropLast() }
            return String(line)
        }
    }
}
