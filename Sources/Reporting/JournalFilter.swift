import EvolveTypes
import RunStore

/// Which slots of a journal are asked for.
package struct JournalFilter: Sendable {
    private let islands: Set<String>
    private let variations: Set<String>
    private let verdicts: Set<String>
    private let models: Set<String>

    package init(islands: Set<String>, variations: Set<String>, verdicts: Set<String>, models: Set<String>) {
        self.islands = islands
        self.variations = variations
        self.verdicts = verdicts
        self.models = models
    }

    /// Whether all pass.
    package var isEmpty: Bool { islands.isEmpty && variations.isEmpty && verdicts.isEmpty && models.isEmpty }

    /// What is empty lets all through.
    package func passes(_ record: SlotRecord) -> Bool {
        (islands.isEmpty || islands.contains(record.island))
            && (variations.isEmpty || variations.contains(record.standIn ?? record.variation))
            && (verdicts.isEmpty || verdicts.contains(record.verdict.name))
            && (models.isEmpty || record.model.map(models.contains) == true)
    }
}
