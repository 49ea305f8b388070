/// What a constrained language model may write: rules as data, rendered as GBNF (llama.cpp's grammar notation).
///
/// Every text the rules accept is a candidate that the parser accepts and whose result depends on x. No rule refers to
/// itself, so a text is short. `GrammarRules` builds the rules from the builtin table.
package struct Grammar: Sendable {
    package indirect enum Symbol: Hashable, Sendable {
        case text(String)
        case rule(String)
        case sequence([Symbol])
        case choice([Symbol])
        /// Between `least` and `most` characters of the set.
        case characters(of: String, least: Int, most: Int)
    }

    /// Name of the rule that a text is derived from.
    package static let root = "root"

    package private(set) var rules: [String: Symbol] = [:]
    /// Rule names in the order they were added, the root first.
    package private(set) var order: [String] = []

    /// The grammar of whole candidates.
    ///
    /// - Parameters:
    ///   - ideaLength: most characters of the idea, the comment a candidate begins with.
    ///   - declarations: most declarations before the return statement, 0 to 4.
    package static func candidates(ideaLength: Int = 60, declarations: Int = 4) -> Grammar {
        var rules = GrammarRules(ideaLength: ideaLength, declarations: min(max(declarations, 0), 4))
        return rules.build()
    }

    /// `candidates` in GBNF.
    package static func gbnf(ideaLength: Int = 60, declarations: Int = 4) -> String {
        candidates(ideaLength: ideaLength, declarations: declarations).gbnf
    }

    package subscript(name: String) -> Symbol? { rules[name] }

    mutating func add(_ name: String, _ symbol: Symbol) {
        if rules.updateValue(symbol, forKey: name) == nil { order.append(name) }
    }

    // MARK: GBNF

    package var gbnf: String {
        order.compactMap { name in rules[name].map { "\(name) ::= \(Self.text(of: $0, inSequence: false))\n" } }
            .joined()
    }

    private static func text(of symbol: Symbol, inSequence: Bool) -> String {
        switch symbol {
        case .text(let text): return "\"\(escaped(text))\""
        case .rule(let name): return name
        case .sequence(let parts): return parts.map { self.text(of: $0, inSequence: true) }.joined(separator: " ")
        case .choice(let parts):
            let text = parts.map { self.text(of: $0, inSequence: false) }.joined(separator: " | ")
            return inSequence ? "(\(text))" : text
        case .characters(let set, let least, let most): return "[\(escapedSet(set))]{\(least),\(most)}"
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    private static func escapedSet(_ set: String) -> String {
        set.map { "\\]-^".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
