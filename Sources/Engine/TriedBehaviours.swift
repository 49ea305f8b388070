import ActivationCompiler
import EvolveTypes
import Mutation
import Retrieval
import RunStore
import Synchronization

/// What was tried before: the committed slots, by how their candidates behave.
///
/// An answer depends on the slots below `base` and on nothing else, so every worker and every replay gives the same. Of
/// behaviours that are nearly equal only the last 10,000 slots are asked: all that a worker has to read anew when it joins.
package final class TriedBehaviours: Sendable {
    private struct Memory {
        var log = BehaviourLog()
        /// The first slot that has not been read.
        var next = 0
    }

    private let store: any RunStore
    private let memory = Mutex(Memory())
    private static let window = 10_000

    package init(_ store: any RunStore) { self.store = store }

    /// - Parameter novelty: distance, as a share of the size of both, up to which a candidate is nearly equal; nil = none is.
    package func twin(of candidate: CompiledActivation, base: Int, novelty: Double?) throws -> Twin? {
        let fingerprint = candidate.fingerprint
        if let id = try store.firstSlots(behaving: [fingerprint])[fingerprint], id < base {
            return Twin(id, isExact: true)
        }
        guard let novelty, let behaviour = Behaviour(of: candidate.program) else { return nil }
        let nearest = try memory.withLock { memory in
            try read(to: base, into: &memory)
            return memory.log.nearest(to: behaviour, in: max(0, base - Self.window)..<base)
        }
        return nearest.flatMap { $0.share < novelty ? Twin($0.number, isExact: false) : nil }
    }

    private func read(to base: Int, into memory: inout Memory) throws {
        guard memory.next < base else { return }
        // Slots are planned side by side: one that was planned a little earlier may still ask.
        let first = max(memory.next, base - 2 * Self.window)
        for record in try store.slots(from: first, most: base - first) {
            if case .duplicate = record.verdict { continue }
            guard record.fingerprint != nil, let source = record.source,
                let program = ActivationPipeline().read(source).activation?.program,
                let behaviour = Behaviour(of: program)
            else { continue }
            memory.log.append(behaviour, number: record.slot)
        }
        memory.next = base
        memory.log.forget(below: base - 2 * Self.window)
    }
}
