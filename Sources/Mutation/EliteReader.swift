import ActivationCompiler
import ActivationParser
import Retrieval
import Synchronization

/// Elites' sources as they were read: most slots have parents that earlier slots had. It says nothing that a source does not
/// say, so a slot proposes the same whatever is known here.
final class EliteReader: Sendable {
    private let known = Mutex<[String: ReadActivation]>([:])
    private let called = Mutex<[String: Set<String>]>([:])
    private let behaviours = Mutex<[String: Behaviour?]>([:])

    /// When there would be more, all are forgotten: archives hold a few hundred.
    private static let most = 1_024

    /// Nil for a source that is refused.
    func read(_ source: String) -> ReadActivation? {
        if let activation = known.withLock({ $0[source] }) { return activation }
        guard let activation = ActivationPipeline().read(source).activation else { return nil }
        known.withLock { Self.keep(activation, of: source, in: &$0) }
        return activation
    }

    /// The functions that the source calls.
    func calls(in source: String) -> Set<String> {
        if let calls = called.withLock({ $0[source] }) { return calls }
        let calls = GrammarOffer.calls(in: source)
        called.withLock { Self.keep(calls, of: source, in: &$0) }
        return calls
    }

    /// What the source does; nil for one that is refused, or has no behaviour.
    func behaviour(_ source: String) -> Behaviour? {
        if let behaviour = behaviours.withLock({ $0[source] }) { return behaviour }
        let behaviour = read(source).flatMap { Behaviour(of: $0.program) }
        behaviours.withLock { Self.keep(behaviour, of: source, in: &$0) }
        return behaviour
    }

    private static func keep<Value>(_ value: Value, of source: String, in known: inout [String: Value]) {
        if known.count >= most { known = [:] }
        known[source] = value
    }
}
