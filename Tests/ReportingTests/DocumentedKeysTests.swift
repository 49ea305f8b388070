import Engine
import EvolveTypes
import Foundation
import PlayedRuns
import Reporting
import RunStore
import Testing

/// docs/json.md is what programs are written against.
@Suite("Documented JSON")
struct DocumentedKeysTests {
    /// Objects whose keys are names of the run, not of the format.
    private static let maps: Set<String> = ["verdicts", "families", "faults", "spend"]

    private static func keys(_ value: Any) -> Set<String> {
        switch value {
        case let object as [String: Any]:
            object.reduce(into: Set(object.keys)) { keys, entry in
                guard let inner = entry.value as? [String: Any], maps.contains(entry.key) else {
                    keys.formUnion(Self.keys(entry.value))
                    return
                }
                for value in inner.values { keys.formUnion(Self.keys(value)) }
            }
        case let list as [Any]: list.reduce(into: []) { $0.formUnion(Self.keys($1)) }
        default: []
        }
    }

    private static func keys(of value: some Encodable) throws -> Set<String> {
        keys(try JSONSerialization.jsonObject(with: CanonicalJSON.encode(value)))
    }

    @Test("Every key that inspect prints is in docs/json.md")
    func keys() throws {
        var run = try PlayedRun(seed: 3, slots: 60)
        try run.go(to: 50)
        var found = try Self.keys(of: try RunReader(run.store).summary())
        try run.go(to: 60)
        found.formUnion(try Self.keys(of: try RunReader(run.store).summary()))
        try run.verify()
        let reader = try RunReader(run.store)
        found.formUnion(try Self.keys(of: try reader.summary()))
        for id in 0..<60 {
            found.formUnion(try Self.keys(of: try CandidateCard(id, in: reader)))
            found.formUnion(try Self.keys(of: try Lineage(of: id, in: reader)))
        }
        found.formUnion(try Self.keys(of: ArchiveMap(try reader.population())))
        found.formUnion(try Self.keys(of: GainCostFront(try reader.population())))
        found.formUnion(try Self.keys(of: try ProposalTail(run.store)))
        try run.store.forEachSlotWithAnswers { record, answers in
            found.formUnion(try Self.keys(of: JournalEntry(record, answers: answers)))
        }
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../docs/json.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(found.count > 80)
        for key in found.sorted() { #expect(text.contains("`\(key)`") || text.contains("\"\(key)\""), "\(key)") }
    }
}
