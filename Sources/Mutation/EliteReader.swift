import ActivationCompiler
import ActivationParser
import Retrieval
import Synchronization

/// Elites' sources as they were read: most slots have parents that earlier slots had. It says nothing that a source does not
/// say, so a slot proposes the same whatever is known here.
final class EliteReader: Sendable {
    private let activations = Memo<ReadActivation?>()
    private let called = Memo<Set<String>>()
    private let behaviours = Memo<Behaviour?>()
    private let parts = Memo<[Behaviour]>()

    /// Nil for a source that is refused.
    func read(_ source: String) -> ReadActivation? { activations(source) { ActivationPipeline().read($0).activation } }

    /// The functions that the source calls.
    func calls(in source: String) -> Set<String> { called(source) { GrammarOffer.calls(in: $0) } }

    /// What the source does; nil for one that is refused, or has no behaviour.
    func behaviour(_ source: String) -> Behaviour? {
        behaviours(source) { read($0).flatMap { Behaviour(of: $0.program) } }
    }

    /// What the source does, and what the expressions inside it do but for those that are linear, which almost all have.
    func allBehaviours(_ source: String) -> [Behaviour] {
        parts(source) { source in
            guard let program = read(source)?.program, let whole = behaviour(source) else { return [] }
            return [whole] + Behaviour.parts(of: program).map(\.behaviour).filter { !$0.isLinear }
        }
    }
}

/// What was made of texts, as long as there are few.
private final class Memo<Value: Sendable>: Sendable {
    private let known = Mutex<[String: Value]>([:])

    /// When there would be more, all are forgotten: archives hold a few hundred.
    private static var most: Int { 1_024 }

    func callAsFunction(_ text: String, _ make: (String) -> Value) -> Value {
        if let value = known.withLock({ $0[text] }) { return value }
        let value = make(text)
        known.withLock { known in
            if known.count >= Self.most { known = [:] }
            known[text] = value
        }
        return value
    }
}
