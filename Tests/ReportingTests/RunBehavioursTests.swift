import EvolveTypes
import Foundation
import Reporting
import Retrieval
import RunStore
import Testing

@Suite("What is kept of a run's functions")
struct RunBehavioursTests {
    private static func store(_ name: String, _ expressions: [String]) throws -> InMemoryRunStore {
        let store = InMemoryRunStore(
            manifest: RunManifest(
                name: name, seed: 1, policy: Data("{}".utf8), definitions: [], replay: false,
                createdAt: Date(timeIntervalSince1970: 0)))
        try add(expressions, to: store)
        return store
    }

    private static func add(_ expressions: [String], to store: InMemoryRunStore) throws {
        let first = store.slotCount()
        try store.commit(
            expressions.enumerated().map { place, expression in
                SlotRecord(
                    slot: first + place, island: "a", variation: "seed", parents: [], model: nil,
                    source: "float activation(float x) { return \(expression); }", idea: nil,
                    canonicalHash: expression, fingerprint: expression, cost: 1, descriptor: nil,
                    verdict: .crashed("not trained here"), times: SlotRecord.Times(propose: 0, compile: 0, train: 0))
            })
    }

    @Test("Each slot is read once, and what reads its layer is counted")
    func goesOn() throws {
        let store = try Self.store("r", ["x", "tanhf(x)", "x - batch_mean(x)"])
        var behaviours = RunBehaviours(.wholes)
        #expect(try behaviours.update(from: store))
        #expect(behaviours.read == 3 && behaviours.without == 1 && behaviours.table.owners == [0, 1])
        #expect(try !behaviours.update(from: store))
        try Self.add(["sinf(x)"], to: store)
        var pages: [Int] = []
        #expect(try behaviours.update(from: store) { pages.append($0) })
        #expect(pages == [4] && behaviours.table.owners == [0, 1, 3])
    }

    @Test("Kept and read again it is the same; damaged, there is nothing")
    func keeping() throws {
        let store = try Self.store("r", ["x", "x * tanhf(x)"])
        var behaviours = RunBehaviours(.parts)
        _ = try behaviours.update(from: store)
        #expect(behaviours.table.functions == 2 && behaviours.table.count > 2)
        let data = try behaviours.encoded()
        var again = try #require(RunBehaviours(decoding: data, .parts))
        #expect(again.table == behaviours.table && again.read == 2)
        #expect(try !again.update(from: store))
        #expect(RunBehaviours(decoding: data.dropLast(), .parts)?.read == nil)
        #expect(RunBehaviours(decoding: Data("{}\n".utf8), .parts)?.read == nil)
    }

    @Test("Of another run it begins anew")
    func foreign() throws {
        var behaviours = RunBehaviours(.wholes)
        _ = try behaviours.update(from: Self.store("r", ["x", "tanhf(x)"]))
        #expect(try behaviours.update(from: Self.store("r", ["x", "sinf(x)", "cosf(x)"])))
        #expect(behaviours.read == 3 && behaviours.table.owners == [0, 1, 2])
        #expect(try behaviours.update(from: Self.store("r", ["expf(-x * x)"])))
        #expect(behaviours.table.owners == [0])
    }
}
