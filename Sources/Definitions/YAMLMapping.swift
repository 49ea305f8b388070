import EvolveTypes
import Yams

/// The keys of one YAML mapping while a reader asks for them; what was never asked for is unknown.
final class YAMLMapping {
    private var entries: [(key: String, mark: Mark?, value: Node)] = []
    private let mark: Mark?
    private let problems: DefinitionProblems
    private let isStandIn: Bool
    private var asked: [String] = []

    init(of mapping: Node.Mapping?, problems: DefinitionProblems, isStandIn: Bool) {
        self.problems = problems
        self.isStandIn = isStandIn
        mark = mapping?.mark
        for (key, value) in mapping ?? [:] {
            if let name = key.scalar?.string {
                entries.append((name, key.mark, value))
            } else {
                problems.report(at: key.mark, "a key must be a word")
            }
        }
    }

    /// All keys, in the file's order: for mappings whose keys are names of somebody's choice.
    var names: [String] { entries.map(\.key) }

    /// The value of a key that must be there.
    func required(_ key: String) -> YAMLNode {
        if let node = optional(key) { return node }
        if !isStandIn { problems.report(at: mark, "'\(key)' is missing") }
        return YAMLNode(name: "'\(key)'", node: nil, problems: problems)
    }

    func optional(_ key: String) -> YAMLNode? {
        if !asked.contains(key) { asked.append(key) }
        return entries.first { $0.key == key }.map { YAMLNode(name: "'\(key)'", node: $0.value, problems: problems) }
    }

    /// Whether nothing in the file has been reported yet. Values that are judged against each other are judged only
    /// then: a stand-in for a wrong value would bring a second, puzzling complaint.
    var isSoundSoFar: Bool { !isStandIn && problems.diagnostics.isEmpty }

    /// A problem of the mapping as a whole.
    func reject(_ message: String) {
        if !isStandIn { problems.report(at: mark, message) }
    }

    /// Whether every key has been asked for.
    var isKnown: Bool { entries.allSatisfy { asked.contains($0.key) } }

    /// Takes every key for known: for a mapping that cannot be read because something else is missing.
    func acceptAll() { asked = entries.map(\.key) }

    func reportUnknownKeys() {
        let missing = asked.filter { key in !entries.contains { $0.key == key } }
        for entry in entries where !asked.contains(entry.key) {
            // A key that is already there is not what was meant.
            let hint = NearestName.of(entry.key, among: missing).map { "; did you mean '\($0)'?" }
            problems.report(
                at: entry.mark,
                "unknown key '\(entry.key)'" + (hint ?? "; known keys: \(asked.joined(separator: ", "))"))
        }
    }
}
