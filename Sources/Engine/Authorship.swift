import EvolveTypes
import RunStore

/// Which models wrote a candidate or an ancestor of it, of all that may still be parents.
struct Authorship: Codable, Sendable {
    /// By name, in alphabetical order; who has none is left out.
    private var models: [CandidateID: [String]] = [:]

    subscript(id: CandidateID) -> [String] { models[id] ?? [] }

    /// The models of a slot whose parents are known.
    func models(of record: SlotRecord) -> [String] {
        let own = record.standIn == nil ? record.model : nil
        let known = record.parents.map { self[$0] }
        if own == nil, known.allSatisfy({ $0 == known.first }) { return known.first ?? [] }
        return Set(known.flatMap(\.self) + [own].compactMap(\.self)).sorted()
    }

    mutating func note(_ names: [String], of id: CandidateID) { models[id] = names.isEmpty ? nil : names }

    mutating func forget(where isForgotten: (CandidateID) -> Bool) { models = models.filter { !isForgotten($0.key) } }
}
