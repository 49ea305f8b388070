/// Lines up text in columns.
package struct Columns: Sendable {
    package enum Alignment: Sendable { case left, right }

    private let alignments: [Alignment]
    private var rows: [[String]] = []

    package init(_ alignments: [Alignment]) { self.alignments = alignments }

    package mutating func add(_ cells: [String]) { rows.append(cells) }

    /// One line per row, columns two spaces apart, nothing trailing.
    package var lines: [String] { lines(width: nil) }

    /// - Parameter width: columns of a line; the last cell of a longer one is cut, and ends with "…". nil = of any length.
    package func lines(width: Int?) -> [String] {
        let widths = alignments.indices.map { column in
            rows.map { column < $0.count ? Ink.width($0[column]) : 0 }.max() ?? 0
        }
        return rows.map { row in
            let used = widths.dropLast().reduce(0) { $0 + $1 + 2 }
            let cells = zip(row.indices, row).map { column, cell in
                if let width, column == alignments.count - 1 { return Self.cut(cell, to: max(8, width - used)) }
                let padding = String(repeating: " ", count: widths[column] - Ink.width(cell))
                return alignments[column] == .left ? cell + padding : padding + cell
            }
            var line = cells.joined(separator: "  ")[...]
            while line.last == " " { line = line.dropLast() }
            return String(line)
        }
    }

    /// At most so many columns of it, the last of them "…".
    static func cut(_ text: String, to width: Int) -> String {
        guard Ink.width(text) > width else { return text }
        var text = text
        while Ink.width(text) >= width { text.removeLast() }
        return text + "…"
    }
}
