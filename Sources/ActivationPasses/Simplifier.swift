import ActivationIR

/// Runs the passes in order, again and again until nothing changes.
package enum Simplifier {
    /// In this order: folding first, so that the rest sees constants; idioms before identities and factoring move the
    /// parts of quotients about; clean-up last.
    private static let passes: [any ProgramPass.Type] = [
        ConstantFolding.self, StableIdioms.self, AlgebraicIdentities.self, ChoiceIdentities.self, PowerExpansion.self,
        Factoring.self, LayerIdentities.self, CommonSubexpressions.self, DeadCode.self,
    ]

    /// Each round shrinks the program or brings it nearer to a normal form; this bound is only a safeguard.
    private static let mostRounds = 40

    /// A verified program of the same meaning, simpler or equal; trainables that it does not depend on are dropped.
    package static func run(_ program: Program) -> Program {
        UnusedParameters.run(reduce(program))
    }

    /// As `run`, with every parameter kept.
    static func reduce(_ program: Program) -> Program {
        var current = program
        for _ in 0..<mostRounds {
            let next = passes.reduce(current) { $1.run($0) }
            if next == current { break }
            current = next
        }
        return current
    }
}
