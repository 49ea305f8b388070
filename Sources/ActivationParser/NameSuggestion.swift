import EvolveTypes

/// What to write instead of a name the language does not have.
enum NameSuggestion {
    /// Ready to be appended to a message.
    static func hint(for name: String, among names: some Sequence<String>, otherwise: String) -> String {
        if let explanation = RefusedNames.explanations[name] { return "; \(explanation)" }
        if let meaning = RefusedNames.meanings[name] { return "; write \(meaning)" }
        return NearestName.of(name, among: names).map { "; did you mean '\($0)'?" } ?? otherwise
    }
}
