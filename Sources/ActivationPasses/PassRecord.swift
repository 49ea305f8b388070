import ActivationIR

/// A program on its way through the front end, as a pass left it.
package struct PassRecord: Sendable {
    /// What is being worked on: the function, or it together with its derivatives.
    package enum Stage: String, Encodable, Sendable { case function, gradient }

    /// One of `FrontEndPass.names`.
    package var pass: String
    package var stage: Stage
    /// Which round of the simplifier, from 1; 0 outside it.
    package var round = 0
    package var program: Program

    package init(pass: String, stage: Stage, round: Int = 0, program: Program) {
        self.pass = pass
        self.stage = stage
        self.round = round
        self.program = program
    }
}

/// Hears of programs in the order they are made: of those between the passes, and of what each of the simplifier's
/// passes changed.
package typealias PassObserver = (PassRecord) -> Void

/// The names under which the front end's passes are asked for.
package enum FrontEndPass {
    /// What the parser gave.
    package static let lowered = "lowered"
    /// The function at the simplifier's fixed point.
    package static let simplified = "simplified"
    /// What the reverse sweep gave.
    static let reverse = "reverse"
    /// The gradient program at the simplifier's fixed point, which kernels are printed from.
    static let gradient = "gradient"

    package static let names = [lowered] + Simplifier.passes.map { $0.name } + [simplified, reverse, gradient]
}
