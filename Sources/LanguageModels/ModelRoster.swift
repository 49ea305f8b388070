/// The models that a run may ask, by name, each with what is known of it.
package struct ModelRoster: Sendable {
    package struct Entry: Sendable {
        package var facts: ModelFacts
        package var model: any LanguageModel

        package init(facts: ModelFacts, model: any LanguageModel) {
            self.facts = facts
            self.model = model
        }
    }

    private let entries: [String: Entry]

    package init(_ entries: [Entry]) {
        self.entries = Dictionary(entries.map { ($0.facts.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package subscript(name: String) -> Entry? { entries[name] }
}
