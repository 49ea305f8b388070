import ActivationParser
import EvolveTypes

/// A program with one expression taken out: what a model is to fill in anew.
struct TreeHole: Hashable, Sendable {
    /// The text up to the expression, an opening parenthesis last.
    var before: String
    /// The expression as it was.
    var old: String
    /// The text behind it, a closing parenthesis first.
    var after: String
    /// What its author says of it.
    var idea: String?
    /// Float variables that may be read there, the parameter first; never none.
    var variables: [String]

    /// Cuts out a place that is no condition, no whole number and no initial value; each equally likely.
    /// - Returns: nil when there is none.
    static func cut(_ tree: TranslationUnit, stream: inout RandomStream) -> TreeHole? {
        let sites = TreeWalk.sites(of: tree).filter { site in
            switch site.expression.kind {
            case .integer: false
            default: !site.isCondition && !site.isInitialValue && site.function == "activation"
            }
        }
        guard let site = stream.pick(sites), !site.variables.isEmpty else { return nil }
        let mark = TreeNames.fresh(in: tree) + "hole"
        var marked = TreeWalk.replacing(site.index, in: tree, with: Expression(.call(mark, [site.expression])))
        marked.idea = nil
        let text = SourcePrinter.print(marked)
        guard let start = text.firstRange(of: mark + "("), let end = closing(text[start.upperBound...]) else {
            return nil
        }
        return TreeHole(
            before: text[..<start.lowerBound] + "(", old: String(text[start.upperBound..<end]),
            after: String(text[end...]),
            idea: tree.idea, variables: site.variables)
    }

    /// The parenthesis that closes the one before the text.
    private static func closing(_ text: Substring) -> String.Index? {
        var depth = 1
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    /// The program with the place between two comments.
    var marked: String { "\(before)/* from here */ \(old) /* to here */\(after)".trimmingNewlines() }
}
