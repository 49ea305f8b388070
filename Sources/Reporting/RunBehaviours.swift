import ActivationCompiler
import Dispatch
import EvolveTypes
import Foundation
import Retrieval
import RunStore

/// How a run's functions behave, slot by slot: what a search among them reads instead of the journal. Reading a function
/// takes longer than finding it, so what was read once is worth keeping, and goes on where it ended.
package struct RunBehaviours: Sendable {
    /// Owners are slots.
    package private(set) var table = BehaviourTable()
    /// Slots that have been read.
    package private(set) var read = 0
    /// Functions that have no behaviour, because they read their layer or are not finite everywhere.
    package private(set) var without = 0
    package let granularity: BehaviourTable.Granularity
    /// The journal's fingerprint up to there.
    private var chain = ""

    package init(_ granularity: BehaviourTable.Granularity) { self.granularity = granularity }

    /// Reads what the run has committed since. If what was read is of another run, it begins anew.
    /// - Parameter observe: hears, now and then, of slots that have been read.
    /// - Returns: whether anything has changed.
    package mutating func update(from store: any RunStore, observe: (Int) -> Void = { _ in }) throws -> Bool {
        let count = try store.slotCount()
        if read > 0, try read > count || store.chain(before: read) != chain { self = RunBehaviours(granularity) }
        guard read < count else { return false }
        try store.forEachPageOfSlots(from: read, to: count) { page in
            add(page)
            observe(read)
        }
        chain = try store.chain(before: read)
        return true
    }

    /// Functions that were trained, or refused for what they cost: a duplicate is there already, and a re-test has none.
    private mutating func add(_ page: [SlotRecord]) {
        let functions = page.compactMap { record -> (slot: Int, source: String)? in
            if case .duplicate = record.verdict { return nil }
            return record.fingerprint == nil ? nil : record.source.map { (record.slot, $0) }
        }
        let granularity = granularity
        let tables = functions.sideBySide { function -> BehaviourTable? in
            guard let read = ActivationPipeline().read(function.source).activation else { return nil }
            var rows = BehaviourTable()
            rows.append(read.program, owner: function.slot, granularity: granularity)
            return rows
        }
        for place in functions.indices {
            guard let rows = tables[place], rows.count > 0 else {
                without += 1
                continue
            }
            table.append(rows)
        }
        read = (page.last?.slot ?? read - 1) + 1
    }
}

/// As bytes, to be kept.
extension RunBehaviours {
    private struct Place: Codable {
        var read, without: Int
        var chain: String
    }

    /// A line of JSON, and the table.
    package func encoded() throws -> Data {
        let place = Place(read: read, without: without, chain: chain)
        return try CanonicalJSON.encode(place) + Data("\n".utf8) + table.encoded()
    }

    /// - Returns: nil for what is damaged, or of another version.
    package init?(decoding data: Data, _ granularity: BehaviourTable.Granularity) {
        guard let end = data.firstIndex(of: UInt8(ascii: "\n")),
            let place = try? CanonicalJSON.decode(Place.self, from: Data(data[..<end])),
            let table = BehaviourTable(decoding: Data(data[(end + 1)...]))
        else { return nil }
        self.init(granularity)
        self.table = table
        (read, without, chain) = (place.read, place.without, place.chain)
    }
}
