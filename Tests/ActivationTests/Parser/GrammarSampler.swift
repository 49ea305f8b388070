import ActivationParser
import EvolveTypes

extension Grammar {
    /// A text the grammar accepts, each choice drawn uniformly.
    func randomText(_ stream: inout RandomStream) -> String { head + text(.rule(Grammar.root), &stream) }

    private func text(_ symbol: Symbol, _ stream: inout RandomStream) -> String {
        switch symbol {
        case .text(let text): return text
        case .rule(let name):
            guard let rule = self[name] else { return "<no rule \(name)>" }
            return text(rule, &stream)
        case .sequence(let parts): return parts.map { text($0, &stream) }.joined()
        case .choice(let parts): return stream.pick(parts).map { text($0, &stream) } ?? "<no choice>"
        }
    }
}
