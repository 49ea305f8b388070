import EvolveTypes
import Foundation
import GRDB
import RunStore
import Testing

@testable import RunStoreSQLite

@Suite("The check of a store")
struct StoreCheckTests {
    private let folder: TemporaryFolder
    private var path: String { folder("run.evolve") }

    init() throws { folder = try TemporaryFolder() }

    private func store() throws -> SQLiteRunStore {
        let store = try SQLiteRunStore.create(at: path, manifest: Sample.manifest())
        for slot in 0..<12 {
            var record = Sample.slot(slot)
            // The sample's duplicate is one of slot 1.
            if case .duplicate(let original) = record.verdict { record.fingerprint = "cd\(original)" }
            try store.commit(record)
            try store.record(Sample.answer(slot: slot))
        }
        for index in 0..<3 { try store.record(Sample.verification(index)) }
        return store
    }

    @Test("finds nothing where nothing is wrong")
    func whole() throws {
        let check = try StoreCheck(store())
        #expect(check.findings.isEmpty && check.slots == 12 && check.answers == 12 && check.verifications == 3)
    }

    static let edits = [
        ("UPDATE slot SET json = replace(json, 'line 3', 'line 4') WHERE slot = 3", "slot 3 is not the one"),
        ("UPDATE slot SET chain = '' WHERE slot = 11", "slot 11 is not the one"),
        (
            "UPDATE answer SET json = replace(json, 'Improve', 'Destroy') WHERE slot = 5",
            "the prompt of answer 0 of slot 5"
        ),
        ("DELETE FROM slot WHERE slot = 4", "where slot 4 should be is slot 5"),
        (
            "INSERT INTO snapshot (id, slots, chain, version, state) VALUES (1, 2, 'x', '1', x'')",
            "the snapshot is of another run"
        ),
        ("DELETE FROM answer WHERE slot = 7", "the totals of the answers"),
        ("UPDATE slot SET fingerprint = NULL WHERE slot = 5", "slot 5 is not found by what it behaves like"),
        ("UPDATE slot SET fingerprint = 'cd1' WHERE slot = 5", "slot 5 is not found by what it behaves like"),
        ("DELETE FROM verification WHERE verification = 0", "where verification 0 should be is 1"),
    ]

    @Test("finds what was changed, lost or put in", arguments: edits.indices)
    func edited(index: Int) throws {
        let store = try store()
        try store.database.write { try $0.execute(sql: Self.edits[index].0) }
        let findings = try StoreCheck(store).findings
        #expect(findings.contains { $0.hasPrefix(Self.edits[index].1) }, "\(findings)")
    }
}
