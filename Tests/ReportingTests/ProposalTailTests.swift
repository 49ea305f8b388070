import EvolveTypes
import Foundation
import Reporting
import RunStore
import Testing

@Suite("How varied proposals are")
struct ProposalTailTests {
    private static func store(_ records: [(variation: String, model: String?, body: String)]) throws -> InMemoryRunStore
    {
        let store = InMemoryRunStore(
            manifest: RunManifest(
                name: "r", seed: 1, policy: Data("{}".utf8), definitions: [], replay: false,
                createdAt: Date(timeIntervalSince1970: 0)))
        for (slot, part) in records.enumerated() {
            try store.commit(
                SlotRecord(
                    slot: slot, island: "a", variation: part.variation, parents: [], model: part.model,
                    source: "float activation(float x) { return \(part.body); }", idea: nil, canonicalHash: nil,
                    fingerprint: part.body, cost: 5,
                    descriptor: BehaviourDescriptor(
                        leftSlope: 0, rightSlope: part.body.contains("tanhf") ? 0 : 1, turns: 0),
                    verdict: .crashed("not trained"), times: SlotRecord.Times(propose: 0, compile: 0, train: 0)))
        }
        return store
    }

    @Test("Equally frequent things count in full, a rare one little; seeds and re-tests not at all")
    func effective() throws {
        let tail = try ProposalTail(
            Self.store([
                ("seed", nil, "cosf(x)"), ("re-test", nil, "cosf(x)"), ("tree-mutation", nil, "x * sigmoid(x)"),
                ("tree-mutation", nil, "x * tanhf(x)"), ("model-rewrite", "m", "tanhf(x)"),
                ("model-rewrite", "m", "tanhf(x"), ("model-rewrite", "other", "x * sigmoid(x)"),
            ]))
        #expect(tail.parts.map(\.variation) == [nil, "model-rewrite", "model-rewrite", "tree-mutation"])
        #expect(tail.parts.map(\.model) == [nil, "m", "other", nil])
        #expect(tail.parts.map(\.proposals) == [5, 2, 1, 2] && tail.parts.map(\.read) == [4, 1, 1, 2])
        let all = tail.parts[0]
        // Two of either: as varied as two.
        #expect(all.functions.head.map(\.name) == ["sigmoid", "tanh"] && abs(all.functions.effective - 2) < 1e-12)
        #expect(all.cells.head.map(\.count) == [2, 2])
        // Of three behaviours one has half: exp(ln 2 / 2 + ln 4 / 2).
        #expect(all.behaviours.distinct == 3 && abs(all.behaviours.effective - 8.0.squareRoot()) < 1e-12)
        #expect(all.behaviours.topTen == 1)
        #expect(TailText.render(tail).split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("Of many, the share of the ten most frequent is told")
    func topTen() {
        var counts = Dictionary(uniqueKeysWithValues: (0..<20).map { ("\($0)", 1) })
        counts["0"] = 21
        let spread = ProposalTail.Spread(counts)
        #expect(spread.distinct == 20 && spread.topTen == 0.75)
        #expect(spread.head.first?.name == "0" && spread.head.first?.count == 21 && spread.head.count == 10)
        #expect(spread.effective < 20 && spread.effective > 1)
        #expect(ProposalTail.Spread([:]).effective == 0)
    }

    @Test("A run without proposals says so")
    func empty() throws {
        #expect(TailText.render(try ProposalTail(Self.store([]))) == "no proposal could be read yet")
    }
}
