/// What a constrained language model may write: rules as data, rendered as GBNF (llama.cpp's grammar notation).
///
/// Every text the rules accept, behind the head, is a candidate that the parser accepts and whose result depends on x. No
/// rule refers to itself, so a text is short. `GrammarRules` builds the rules from the builtin table and a `GrammarOffer`.
package struct Grammar: Sendable {
    package indirect enum Symbol: Hashable, Sendable {
        case text(String)
        case rule(String)
        case sequence([Symbol])
        case choice([Symbol])
    }

    /// Name of the rule that a text is derived from.
    package static let root = "root"

    /// What stands before the text that the rules derive: a comment and the function's head. A model is given it and
    /// goes on from there.
    package let head: String
    package private(set) var rules: [String: Symbol] = [:]
    /// Rule names in the order they were added, the root first.
    package private(set) var order: [String] = []

    init(head: String) { self.head = head }

    /// The grammar of the bodies of candidates.
    ///
    /// - Parameter idea: the comment a candidate begins with, without line breaks.
    package static func candidates(_ offer: GrammarOffer = .everything(layer: false), idea: String = "a proposal")
        -> Grammar
    {
        var rules = GrammarRules(offer: offer, head: "// \(idea)\n" + Self.function)
        return rules.build()
    }

    /// The grammar of what may stand in one place of a program.
    ///
    /// - Parameters:
    ///   - head: the program up to the place; an opening parenthesis ends it, so that anything may follow.
    ///   - variables: float variables to be read there, at least one.
    ///   - old: what stood there.
    package static func edits(_ offer: GrammarOffer, head: String, variables: [String], old: String) -> Grammar {
        var rules = GrammarRules(offer: offer, head: head)
        return rules.buildEdit(variables: variables, old: old)
    }

    private static let function = "float activation(float x)\n{\n"

    package subscript(name: String) -> Symbol? { rules[name] }

    mutating func add(_ name: String, _ symbol: Symbol) {
        if rules.updateValue(symbol, forKey: name) == nil { order.append(name) }
    }

    /// Without the rules that the root does not reach.
    func withoutIdleRules() -> Grammar {
        var reached: Set<String> = []
        func visit(_ symbol: Symbol) {
            switch symbol {
            case .text: break
            case .rule(let name):
                if reached.insert(name).inserted, let rule = rules[name] { visit(rule) }
            case .sequence(let parts), .choice(let parts): parts.forEach(visit)
            }
        }
        visit(.rule(Self.root))
        var grammar = Grammar(head: head)
        for name in order where reached.contains(name) { grammar.rules[name] = rules[name] }
        grammar.order = order.filter { reached.contains($0) }
        return grammar
    }

    // MARK: GBNF

    package var gbnf: String {
        var text = ""
        for name in order {
            guard let rule = rules[name] else { continue }
            Self.spell(name, into: &text)
            text += " ::= "
            Self.write(rule, inSequence: false, into: &text)
            text += "\n"
        }
        return text
    }

    private static func write(_ symbol: Symbol, inSequence: Bool, into text: inout String) {
        switch symbol {
        case .text(let part): quote(part, into: &text)
        case .rule(let name): spell(name, into: &text)
        case .sequence(let parts): write(parts, between: " ", inSequence: true, into: &text)
        case .choice(let parts):
            if inSequence { text += "(" }
            write(parts, between: " | ", inSequence: false, into: &text)
            if inSequence { text += ")" }
        }
    }

    private static func write(
        _ parts: [Symbol], between separator: String, inSequence: Bool, into text: inout String
    ) {
        for (index, part) in parts.enumerated() {
            if index > 0 { text += separator }
            write(part, inSequence: inSequence, into: &text)
        }
    }

    /// Some rules are named after variables, and GBNF's names have no underscores.
    private static func spell(_ rule: String, into text: inout String) {
        for scalar in rule.unicodeScalars { text.unicodeScalars.append(scalar == "_" ? "-" : scalar) }
    }

    private static func quote(_ part: String, into text: inout String) {
        text += "\""
        for scalar in part.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
