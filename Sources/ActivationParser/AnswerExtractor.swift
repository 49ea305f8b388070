/// Finds the C text in a model's answer: inside a code fence if there is one, else between the prose.
package enum AnswerExtractor {
    /// - Parameter isOther: whether a text is of another language, and to be passed over.
    /// - Returns: the text to parse, unchanged so that its diagnostics fit it; nil when the answer holds no code.
    package static func extract(_ answer: String, passingOver isOther: (String) -> Bool = { _ in false }) -> String? {
        let lines = answer.split(separator: "\n", omittingEmptySubsequences: false)
        let fenced = fences(in: lines).map(\.text).filter { !isOther($0) }
        // An answer may show the parent first, and how to call the function last.
        let best =
            fenced.last { definesActivation($0) } ?? fenced.first { $0.contains("activation") && $0.contains("{") }
            ?? fenced.first { $0.contains("{") }
        if let best { return best }
        return isOther(answer) ? nil : unfenced(lines)
    }

    /// Whether the text holds `activation(…) {` behind the name of a type.
    private static func definesActivation(_ text: String) -> Bool {
        var rest = Substring(text)
        while let name = rest.range(of: "activation(") {
            let before = rest[..<name.lowerBound]
            rest = rest[name.upperBound...]
            guard before.last?.isWhitespace == true, let end = rest.firstIndex(of: ")") else { continue }
            let type = before.split(whereSeparator: \.isWhitespace).last ?? ""
            let opening = rest[rest.index(after: end)...].first { !$0.isWhitespace }
            if type.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }), type != "return", opening == "{" {
                return true
            }
        }
        return false
    }

    /// What stands between two ``` or ~~~.
    package struct Fence: Sendable {
        /// The word behind the first of them: "python"; "" = none.
        package var language: String
        package var text: String
        /// False when the answer's end cut it off.
        package var isClosed: Bool
    }

    /// All fences of an answer; one that the answer's end cut off counts.
    package static func fences(in lines: [Substring]) -> [Fence] {
        var found: [Fence] = []
        var open: [Substring]?
        var language = ""
        for line in lines {
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            guard trimmed.hasPrefix("```") || trimmed.hasPrefix("~~~") else {
                open?.append(line)
                continue
            }
            if let content = open {
                found.append(Fence(language: language, text: content.joined(separator: "\n"), isClosed: true))
                open = nil
            } else {
                language = trimmed.drop { $0 == "`" || $0 == "~" }.prefix { $0.isLetter || $0.isNumber }.lowercased()
                if let content = singleLine(trimmed) {
                    found.append(Fence(language: language, text: content, isClosed: true))
                } else {
                    open = []
                }
            }
        }
        if let content = open {
            let text = withoutProseBehind(content).joined(separator: "\n")
            found.append(Fence(language: language, text: text, isClosed: false))
        }
        return found
    }

    /// "```c float activation(float x) { … } ```"
    private static func singleLine(_ line: Substring) -> String? {
        let content = line.dropFirst(3)
        guard content.contains("{"), let end = content.range(of: String(line.prefix(3))) else { return nil }
        let code = content[..<end.lowerBound]
        return String(code.drop { !$0.isWhitespace })
    }

    /// From the first line that looks like C to the last closing brace.
    private static func unfenced(_ lines: [Substring]) -> String? {
        guard let function = lines.indices.first(where: { beginsFunction(lines[$0...]) }) else { return nil }
        let name = lines[function].trimmingPrefix { $0.isWhitespace }
        // The type may stand on the line before.
        let head = name.hasPrefix("activation") && function > 0 ? function - 1 : function
        let first = lines[...head].firstIndex { !isProse($0) } ?? head
        let rest = lines[first...]
        guard let last = rest.lastIndex(where: { $0.contains("}") }), last >= function else {
            return rest.contains { $0.contains("{") } ? rest.joined(separator: "\n") : nil
        }
        return lines[first...last].joined(separator: "\n")
    }

    /// Whether the lines begin with `float activation(float x)` and a body or `;`, as no prose does.
    private static func beginsFunction(_ lines: ArraySlice<Substring>) -> Bool {
        guard let line = lines.first, let name = line.range(of: "activation") else { return false }
        let isType = line[..<name.lowerBound].allSatisfy { $0.isLetter || $0.isNumber || "_ \t[]()*,".contains($0) }
        let rest = lines.prefix(3).joined(separator: "\n")[...].dropFirst(line[..<name.upperBound].count)
        guard isType, rest.first(where: { !$0.isWhitespace }) == "(", let end = rest.firstIndex(of: ")") else {
            return false
        }
        let next = rest[rest.index(after: end)...].first { !$0.isWhitespace }
        return next == "{" || next == ";" || next == "/" || next == nil || !isProse(line)
    }

    /// An answer that never closed its fence may talk on behind the function.
    private static func withoutProseBehind(_ lines: [Substring]) -> ArraySlice<Substring> {
        let text = lines.joined()
        let isWhole = text.contains("{") && text.count { $0 == "{" } == text.count { $0 == "}" }
        guard isWhole, let last = lines.lastIndex(where: { $0.contains("}") }) else { return lines[...] }
        return lines[...last]
    }

    /// Whether a line of the top level cannot begin C text.
    private static func isProse(_ line: Substring) -> Bool {
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        if ["//", "/*", "#", "[[", "__"].contains(where: { trimmed.hasPrefix($0) }) { return false }
        let word = trimmed.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        guard SpecifierWords.all.contains(String(word)) else { return true }
        // "int the following function" is prose; a declaration has a name and then one of these.
        let rest = trimmed.dropFirst(word.count)
        return !rest.contains { "(=;[{".contains($0) }
    }
}
