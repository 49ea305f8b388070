import ActivationParser

/// What tells Python from C and from prose, line by line; nothing is parsed.
enum PythonText {
    /// Whether the text is Python: it defines something as Python does, and no function as C does. What stands in
    /// comments and documentation says nothing.
    static func isPython(_ text: String) -> Bool {
        var isPython = false
        for line in bareLines(text) {
            if beginsFunctionOfC(line) { return false }
            isPython = isPython || beginsDefinition(line)
        }
        return isPython
    }

    static func definesFunctionOfC(_ text: String) -> Bool { bareLines(text).contains(where: beginsFunctionOfC) }

    /// Whether the text defines `activation`.
    static func definesActivation(_ text: String) -> Bool {
        bareLines(text).contains { beginsDefinition($0) && definedName($0) == "activation" }
    }

    /// The Python lines between prose: from the first definition, with what belongs to it above, while they are Python.
    static func betweenProse(_ lines: [Substring]) -> String? {
        guard let definition = lines.firstIndex(where: beginsDefinition) else { return nil }
        let first = lines[..<definition].lastIndex { !isPreamble($0) }.map { $0 + 1 } ?? 0
        let margin = indentation(lines[definition])
        var last = definition
        var open = 0
        for index in definition..<lines.count {
            let line = lines[index]
            let isInside = open > 0 || indentation(line) > margin
            guard isBlank(line) || isInside || continues(line) else { break }
            // A bracket in a text may never be closed.
            open = isBlank(line) ? 0 : max(0, open + brackets(line))
            if !isBlank(line) { last = index }
        }
        return withoutMargin(lines[first...last].drop(while: isBlank)).joined(separator: "\n")
    }

    /// Less the indentation that a list's item gives to all its lines.
    static func withoutMargin(_ lines: some Sequence<Substring>) -> [Substring] {
        let margin = lines.filter { !isBlank($0) }.map(indentation).min() ?? 0
        return lines.map { $0.dropFirst(min(margin, indentation($0))) }
    }

    // MARK: Kinds of lines

    // Words first, expressions then: most lines of most answers are prose.

    private static func beginsDefinition(_ line: Substring) -> Bool {
        guard let trimmed = code(line) else { return false }
        if trimmed.hasPrefix("def ") || trimmed.hasPrefix("async ") {
            return trimmed.prefixMatch(of: /(async\s+)?def\s+\w+\s*\(/) != nil
        }
        if trimmed.hasPrefix("class ") {
            return trimmed.prefixMatch(of: /class\s+\w+\s*(\([\w.,\s]*\))?\s*:/) != nil
        }
        return trimmed.contains("lambda")
            && trimmed.prefixMatch(of: /(\w+\s*(:[^=]+)?=\s*)?lambda\s+[\w\s,=.*]*:/) != nil
    }

    /// What a line holds behind its indentation; nil when it is empty, or longer than anyone writes.
    private static func code(_ line: Substring) -> Substring? {
        guard line.utf8.count <= longestLine else { return nil }
        let trimmed = line.drop(while: \.isWhitespace)
        return trimmed.isEmpty ? nil : trimmed
    }

    private static let longestLine = 2_000

    private static func definedName(_ line: Substring) -> Substring? {
        if let match = line.prefixMatch(of: /\s*(?:async\s+)?def\s+(\w+)/) { return match.1 }
        return line.prefixMatch(of: /\s*(\w+)\s*(?::[^=]+)?=\s*lambda/)?.1
    }

    /// `float f(float x) {`, or the first line of it: at least two words, a bracket with neither brackets nor = nor : in it,
    /// closed or not, then nothing or a brace. Read by hand, for it is asked of every line of every answer.
    private static func beginsFunctionOfC(_ line: Substring) -> Bool {
        guard let trimmed = code(line), let opening = trimmed.firstIndex(of: "(") else { return false }
        let words = trimmed[..<opening].split(whereSeparator: \.isWhitespace)
        guard words.count > 1, SpecifierWords.all.contains(String(words[0])),
            words.allSatisfy({ $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } })
        else { return false }
        let rest = trimmed[trimmed.index(after: opening)...]
        guard let stop = rest.firstIndex(where: { "()=:".contains($0) }) else { return true }
        if rest[..<stop].contains("{") { return true }
        let next = rest[rest.index(after: stop)...].first { !$0.isWhitespace }
        return rest[stop] == ")" && (next == nil || next == "{")
    }

    /// What stands above a function and belongs to it.
    private static func isPreamble(_ line: Substring) -> Bool {
        guard let trimmed = code(line) else { return isBlank(line) }
        if trimmed.hasPrefix("#") || trimmed.hasPrefix("@") { return true }
        if trimmed.hasPrefix("import ") {
            return trimmed.prefixMatch(
                of: /import\s+[\w.]+(\s+as\s+\w+)?(\s*,\s*[\w.]+(\s+as\s+\w+)?)*\s*(#.*)?$/) != nil
        }
        if trimmed.hasPrefix("from ") { return trimmed.prefixMatch(of: /from\s+[\w.]+\s+import\s/) != nil }
        return trimmed.contains("=") && trimmed.prefixMatch(of: /\w+\s*(:\s*\w+\s*)?=[^=]/) != nil
    }

    /// What may stand between functions, or close one's brackets.
    private static func continues(_ line: Substring) -> Bool {
        isPreamble(line) || beginsDefinition(line) || code(line)?.first.map { ")]}".contains($0) } == true
    }

    private static func isBlank(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }

    private static func indentation(_ line: Substring) -> Int { line.prefix { $0 == " " || $0 == "\t" }.count }

    /// Opened less closed.
    private static func brackets(_ line: Substring) -> Int {
        line.prefix { $0 != "#" }.reduce(0) { $0 + ("([{".contains($1) ? 1 : ")]}".contains($1) ? -1 : 0) }
    }

    /// Without the lines in /* … */, """ … """ and '''…''', and those that a comment begins.
    private static func bareLines(_ text: String) -> [Substring] {
        var end: String?
        return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if let mark = end {
                if line.contains(mark) { end = nil }
                return false
            }
            let trimmed = line.drop(while: \.isWhitespace)
            for (start, mark) in [("/*", "*/"), ("\"\"\"", "\"\"\""), ("'''", "'''")] where trimmed.hasPrefix(start) {
                if !trimmed.dropFirst(start.count).contains(mark) { end = mark }
                return false
            }
            return !trimmed.hasPrefix("#") && !trimmed.hasPrefix("//")
        }
    }
}
