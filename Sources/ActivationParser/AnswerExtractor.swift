/// Finds the C text in a model's answer: inside a code fence if there is one, else between the prose.
package enum AnswerExtractor {
    /// - Returns: the text to parse, unchanged so that its diagnostics fit it; nil when the answer holds no code.
    package static func extract(_ answer: String) -> String? {
        let lines = answer.split(separator: "\n", omittingEmptySubsequences: false)
        let fenced = fences(in: lines)
        let best = fenced.first { $0.contains("activation") && $0.contains("{") } ?? fenced.first { $0.contains("{") }
        if let best { return best }
        return unfenced(lines)
    }

    /// The contents of all ``` or ~~~ fences; one that the answer's end cut off counts.
    private static func fences(in lines: [Substring]) -> [String] {
        var found: [String] = []
        var open: [Substring]?
        for line in lines {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            guard trimmed.hasPrefix("```") || trimmed.hasPrefix("~~~") else {
                open?.append(line)
                continue
            }
            if let content = open { found.append(content.joined(separator: "\n")) }
            open = open == nil ? [] : nil
        }
        if let content = open { found.append(content.joined(separator: "\n")) }
        return found
    }

    /// From the first line that looks like C to the last closing brace.
    private static func unfenced(_ lines: [Substring]) -> String? {
        guard let function = lines.firstIndex(where: { $0.contains("activation") && $0.contains("(") && !isProse($0) })
        else { return nil }
        let first = lines[...function].firstIndex { !isProse($0) } ?? function
        let rest = lines[first...]
        guard let last = rest.lastIndex(where: { $0.contains("}") }), last >= function else {
            return rest.contains { $0.contains("{") } ? rest.joined(separator: "\n") : nil
        }
        return lines[first...last].joined(separator: "\n")
    }

    /// Whether a line of the top level cannot begin C text.
    private static func isProse(_ line: Substring) -> Bool {
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        if ["//", "/*", "#include", "#define"].contains(where: { trimmed.hasPrefix($0) }) { return false }
        let word = trimmed.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard SpecifierWords.all.contains(String(word)) else { return true }
        // "int the following function" is prose; a declaration has a name and then one of these.
        let rest = trimmed.dropFirst(word.count)
        return !rest.contains { "(=;[{".contains($0) }
    }
}
