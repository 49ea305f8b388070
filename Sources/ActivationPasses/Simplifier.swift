import ActivationIR

/// Runs the passes in order, again and again until nothing changes.
package enum Simplifier {
    /// In this order: folding first, so that the rest sees constants; idioms before identities and factoring move the
    /// parts of quotients about; clean-up last.
    static let passes: [any ProgramPass.Type] = [
        ConstantFolding.self, StableIdioms.self, AlgebraicIdentities.self, ChoiceIdentities.self, PowerExpansion.self,
        LikeTerms.self, Factoring.self, LayerIdentities.self, CommonSubexpressions.self, DeadCode.self,
    ]

    /// Each round shrinks the program or brings it nearer to a normal form; this bound is only a safeguard.
    private static let mostRounds = 40

    /// A verified program of the same meaning, simpler or equal; trainables that it does not depend on are dropped.
    package static func run(_ program: Program, observe: PassObserver? = nil) -> Program {
        let result = UnusedParameters.run(reduce(program, observe: observe))
        observe?(PassRecord(pass: FrontEndPass.simplified, stage: .function, program: result))
        return result
    }

    /// As `run`, with every parameter kept.
    static func reduce(
        _ program: Program, stage: PassRecord.Stage = .function, observe: PassObserver? = nil
    ) -> Program {
        var current = program
        // How many passes in a row have left the program as it is; once all have, it is at a fixed point.
        var unchanged = 0
        for round in 1...mostRounds {
            for pass in passes {
                let next = pass.run(current)
                if next == current {
                    unchanged += 1
                } else {
                    unchanged = 0
                    observe?(PassRecord(pass: pass.name, stage: stage, round: round, program: next))
                }
                current = next
                if unchanged == passes.count { return current }
            }
        }
        return current
    }
}
