import EvolveTypes

extension Grammar {
    /// A text that the grammar accepts, head and all, each choice drawn evenly.
    package func sample(_ stream: inout RandomStream) -> String { head + text(.rule(Self.root), &stream) }

    private func text(_ symbol: Symbol, _ stream: inout RandomStream) -> String {
        switch symbol {
        case .text(let text): text
        // Every rule that is named is there: `GrammarRules` adds it first.
        case .rule(let name): self[name].map { text($0, &stream) } ?? ""
        case .sequence(let parts): parts.map { text($0, &stream) }.joined()
        case .choice(let parts): stream.pick(parts).map { text($0, &stream) } ?? ""
        }
    }
}
