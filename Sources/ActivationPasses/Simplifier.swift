import ActivationIR

/// Runs the passes in order, again and again until nothing changes.
package enum Simplifier {
    /// In this order: folding first, so that the rest sees constants; idioms before identities and factoring move the
    /// parts of quotients about; nodes that no output depends on fall away by themselves.
    static let passes: [any ProgramPass.Type] = [
        ConstantFolding.self, StableIdioms.self, AlgebraicIdentities.self, ChoiceIdentities.self, PowerExpansion.self,
        LikeTerms.self, Factoring.self, LayerIdentities.self, CommonSubexpressions.self,
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
        var workspace = Workspace(program)
        // How many passes in a row have left the program as it is; once all have, it is at a fixed point.
        var unchanged = 0
        for round in 1...mostRounds {
            for pass in passes {
                let before = workspace.outputs
                pass.run(&workspace)
                unchanged = workspace.outputs == before ? unchanged + 1 : 0
                if unchanged == 0, let observe {
                    observe(PassRecord(pass: pass.name, stage: stage, round: round, program: workspace.program))
                }
                if unchanged == passes.count { return workspace.program }
            }
        }
        return workspace.program
    }
}
