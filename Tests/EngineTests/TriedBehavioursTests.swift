import ActivationCompiler
import Engine
import EvolveTypes
import Foundation
import Mutation
import RunStore
import Testing

@Suite("What was tried before")
struct TriedBehavioursTests {
    private let store = InMemoryRunStore(
        manifest: RunManifest(
            name: "tried", seed: 1, policy: Data(), definitions: [], replay: false,
            createdAt: Date(timeIntervalSince1970: 0)))

    private func compiled(_ expression: String) throws -> CompiledActivation {
        guard
            case .compiled(let candidate) = ActivationPipeline().compile(
                "float activation(float x) { return \(expression); }")
        else { throw Failure(.badInput, "\(expression) does not compile") }
        return candidate
    }

    private func commit(_ expression: String?) throws {
        let candidate = try expression.map(compiled)
        try store.commit([
            SlotRecord(
                slot: store.slotCount(), island: "a", variation: "tree-mutation", parents: [], model: nil,
                source: candidate?.source ?? "nonsense", idea: nil, canonicalHash: nil,
                fingerprint: candidate?.fingerprint, cost: candidate?.cost.total, descriptor: nil,
                verdict: candidate == nil ? .refused([]) : .racedOut(PlayedEvaluator.score(0)),
                times: SlotRecord.Times(propose: 0, compile: 0, train: 0))
        ])
    }

    @Test("Equal and nearly equal ones are told apart, and only slots below the base count")
    func twins() throws {
        for expression in ["tanhf(x)", nil, "x * sigmoid(x)", "1.003f * tanhf(x)"] { try commit(expression) }
        let tried = TriedBehaviours(store)
        let tanh = try compiled("-tanhf(-x)")
        let near = try compiled("1.001f * tanhf(x)")
        func twin(_ candidate: CompiledActivation, _ base: Int, _ novelty: Double?) throws -> Twin? {
            try tried.twin(of: candidate, base: base, novelty: novelty)
        }
        #expect(try twin(near, 4, 0.01) == Twin(0, isExact: false))
        #expect(try twin(near, 4, 1e-5) == nil)
        #expect(try twin(near, 4, nil) == nil)
        #expect(try twin(near, 0, 0.01) == nil)
        #expect(try twin(compiled("x * sigmoid(1.001f * x)"), 2, 0.01) == nil, "slot 2 is not below 2")
        #expect(try twin(compiled("x * sigmoid(1.001f * x)"), 3, 0.01) == Twin(2, isExact: false))
        #expect(try twin(tanh, 4, 0.01) == Twin(0, isExact: true))
        // A slot that was planned earlier asks after one that was planned later.
        #expect(try TriedBehaviours(store).twin(of: near, base: 1, novelty: 0.01) == Twin(0, isExact: false))
    }
}
