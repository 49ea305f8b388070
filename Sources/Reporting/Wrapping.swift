/// Long texts in lines that fit a terminal.
package enum Wrapping {
    /// Columns of a terminal that everything is readable on.
    package static let width = 80

    /// Broken at spaces; a word that is longer than a line, behind an operator or a bracket.
    /// - Parameters:
    ///   - first: what the first line begins with.
    ///   - then: what further lines begin with.
    ///   - width: columns of a line.
    /// - Returns: at least one line.
    package static func lines(
        _ text: String, first: String = "", then: String = "", width: Int = width
    ) -> [String] {
        var lines: [String] = []
        var (line, isEmpty) = (first, true)
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty {
                if Ink.width(line) + 1 + Ink.width(String(word)) <= width {
                    line += " " + word
                    continue
                }
                lines.append(line)
                line = then
            }
            let pieces = pieces(word, first: width - Ink.width(line), then: width - Ink.width(then))
            for piece in pieces.dropLast() {
                lines.append(line + piece)
                line = then
            }
            line += pieces.last ?? ""
            isEmpty = false
        }
        return lines + [line]
    }

    /// C that means the same: long lines go on farther in, long comments as comments.
    package static func source(_ text: String, indent: Int, width: Int = width) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var text = Ink.legible(text)[...]
        while text.last?.isNewline == true { text = text.dropLast() }
        return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            guard indent + Ink.width(String(line)) > width else { return line.isEmpty ? [""] : [margin + line] }
            let own = margin + line.prefix { $0 == " " }
            let words = line.drop { $0 == " " }
            guard words.hasPrefix("//") else {
                return lines(String(words), first: own, then: own + "    ", width: width)
            }
            let comment = words.dropFirst(2).drop { $0 == " " }
            return lines(String(comment), first: own + "// ", then: own + "// ", width: width)
        }
    }

    /// - Parameters:
    ///   - first: columns of the first piece.
    ///   - then: columns of the others.
    private static func pieces(_ word: Substring, first: Int, then: Int) -> [String] {
        var (rest, pieces, width) = (word, [String](), max(first, 8))
        while Ink.width(String(rest)) > width {
            let most = rest.prefix(width)
            let end = most.dropFirst(width / 2).lastIndex { breaks.contains($0) }.map { rest.index(after: $0) }
            pieces.append(String(rest[..<(end ?? most.endIndex)]))
            rest = rest[(end ?? most.endIndex)...]
            width = max(then, 8)
        }
        return pieces + [String(rest)]
    }

    private static let breaks: Set<Character> = ["·", "+", "−", "(", ")", ",", "{", "}"]
}

/// Names and values, long values in several lines.
struct Facts {
    private var rows: [(name: String, value: String)] = []

    mutating func add(_ name: String, _ value: String) { rows.append((name, value)) }

    /// - Parameter indent: of all lines.
    func lines(indent: Int) -> [String] {
        let names = rows.map { Ink.width($0.name) }.max() ?? 0
        let margin = String(repeating: " ", count: indent)
        let gap = margin + String(repeating: " ", count: names + 2)
        return rows.flatMap { name, value in
            let space = String(repeating: " ", count: names + 2 - Ink.width(name))
            return Wrapping.lines(value, first: margin + name + space, then: gap)
        }
    }
}
