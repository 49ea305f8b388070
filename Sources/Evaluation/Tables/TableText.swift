import EvolveTypes

/// A comma-separated table (RFC 4180): first the columns' names, then one row a line.
///
/// A field that begins with a quote ends with one and may hold commas; a quote inside it is doubled. A field may not go
/// over the end of its line. Empty lines are left out. Nothing is guessed: a row with too few or too many fields is
/// a mistake with its place.
package struct TableText: Sendable {
    package struct Cell: Hashable, Sendable {
        package var text: String
        /// Place in the file, from 1; columns count characters.
        package var line: Int
        package var column: Int
    }

    package let columns: [String]
    /// As many cells in each as there are columns.
    package private(set) var rows: [[Cell]] = []

    /// - Throws: `TableProblems` with every malformed line.
    package init(_ text: String) throws(TableProblems) {
        var problems: [Diagnostic] = []
        var header: [Cell]?
        var number = 0
        // Spreadsheets begin a UTF-8 file with a byte order mark.
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        // By bytes: as characters, a table of a megabyte takes seconds.
        for bytes in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let line = Substring(bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes)
            guard !line.isEmpty else { continue }
            let cells: [Cell]
            switch Self.cells(of: line, number: number) {
            case .success(let found): cells = found
            case .failure(let problem):
                problems += problem.diagnostics
                continue
            }
            guard let names = header else {
                header = cells
                problems += Self.problems(ofHeader: cells)
                continue
            }
            if cells.count == names.count {
                rows.append(cells)
            } else {
                problems.append(
                    Diagnostic(
                        line: number, column: 1,
                        "this row has \(cells.count) fields, but the first line names \(names.count) columns"))
            }
        }
        columns = header?.map(\.text) ?? []
        if header == nil { problems.append(Diagnostic(line: 1, column: 1, "the table is empty")) }
        guard problems.isEmpty else { throw TableProblems(problems) }
    }

    /// The cells of a column, row by row; nil when there is no such column.
    package func cells(of column: String) -> [Cell]? {
        columns.firstIndex(of: column).map { index in rows.map { $0[index] } }
    }

    private static func problems(ofHeader cells: [Cell]) -> [Diagnostic] {
        cells.indices.compactMap { index in
            let cell = cells[index]
            if cell.text.isEmpty {
                return Diagnostic(line: cell.line, column: cell.column, "a column has no name")
            }
            guard cells[..<index].contains(where: { $0.text == cell.text }) else { return nil }
            return Diagnostic(line: cell.line, column: cell.column, "the column '\(cell.text)' is named twice")
        }
    }

    private static func cells(of line: Substring, number: Int) -> Result<[Cell], TableProblems> {
        var cells: [Cell] = []
        var rest = line
        var column = 1
        while true {
            guard rest.first == "\"" else {
                let field = Substring(rest.utf8.prefix { $0 != UInt8(ascii: ",") })
                cells.append(Cell(text: trimmed(field), line: number, column: column))
                column += field.count + 1
                rest = rest[field.endIndex...]
                if rest.isEmpty { return .success(cells) }
                rest = rest.dropFirst()
                continue
            }
            guard let (text, end) = quoted(rest), end.isEmpty || end.first == "," else {
                let problem = Diagnostic(
                    line: number, column: column, "this quoted field does not end with a quote before a comma")
                return .failure(TableProblems([problem]))
            }
            cells.append(Cell(text: text, line: number, column: column))
            column += rest.count - end.count + 1
            if end.isEmpty { return .success(cells) }
            rest = end.dropFirst()
        }
    }

    /// The text of a field in quotes, and what follows it.
    private static func quoted(_ field: Substring) -> (text: String, rest: Substring)? {
        var text = ""
        var rest = field.dropFirst()
        while let character = rest.first {
            rest = rest.dropFirst()
            if character != "\"" {
                text.append(character)
            } else if rest.first == "\"" {
                text.append(character)
                rest = rest.dropFirst()
            } else {
                return (text, rest)
            }
        }
        return nil
    }

    private static func trimmed(_ field: Substring) -> String {
        var field = field
        while field.first == " " || field.first == "\t" { field = field.dropFirst() }
        while field.last == " " || field.last == "\t" { field = field.dropLast() }
        return String(field)
    }
}

/// What is wrong with a table, with places in its file.
package struct TableProblems: Error {
    package var diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}
