import ActivationIR

/// `ActivationPasses`: what is computed from programs: simpler programs, costs, gradients, and whether they are sound.
///
/// A pass turns a verified program into a verified program of the same meaning, up to rounding and the sign of zero. `Simplifier` runs the ordered list of passes to a fixed point; `Gradient` adds the outputs dy/dx and dy/dp;
/// `Cost` counts operations; `SoundnessGate` examines a gradient program on a wide grid before anything is trained.
///
/// "Same meaning" is meant for pre-activations up to 2⁶³ in size and trainables up to 2²⁰ (`Interval`), and where the
/// original is finite; a pass may make finite what was not (`exp(x)/(1 + exp(x))` at 1000).
///
/// Not here: text of any language.
protocol ProgramPass: Sendable {
    /// As in `evolve check --dump-after`.
    static var name: String { get }

    static func run(_ program: inout Workspace)
}
