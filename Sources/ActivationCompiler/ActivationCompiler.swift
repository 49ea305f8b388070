import ActivationCodegen
import ActivationIR
import ActivationParser
import ActivationPasses
import EvolveTypes

/// `ActivationCompiler`: the door of the language. C text goes in, a checked candidate or a typed refusal comes out.
///
/// Steps: parse → verify → simplify → gradient → verify → cost limit → soundness gate → kernel text.
/// Invariants:
/// - No text of a model ever reaches the C compiler: `kernel` is printed from the verified program.
/// - Everything here is a pure function of the source and the limits.
/// Not here: running the C compiler and loading its output (Evaluation).
package struct ActivationPipeline: Sendable {
    /// Highest cost a candidate may have, in operations per element; nil = no limit.
    package var costLimit: Double?
    package var limits: ParserLimits
    package var allow: AllowedReach

    package init(
        costLimit: Double? = nil, limits: ParserLimits = .standard, allow: AllowedReach = .layer
    ) {
        self.costLimit = costLimit
        self.limits = limits
        self.allow = allow
    }

    /// - Parameter observe: hears of the program after each step, also of a text that is refused later on.
    /// - Parameter form: a function of the same shape to compile in place of what is written.
    package func compile(
        _ source: String, form: ActivationForm = .asWritten, observe: PassObserver? = nil
    ) -> CompilationResult {
        switch read(source, observe: observe) {
        case .refused(let diagnostics): .refused(diagnostics)
        case .read(let activation): compile(activation, form: form, observe: observe)
        }
    }

    /// The first steps, which ask for no gradient: parse, verify, simplify.
    package func read(_ source: String, observe: PassObserver? = nil) -> ReadingResult {
        let parsed = SourceParser.parse(source, limits: limits)
        guard let written = parsed.program, let tree = parsed.tree else { return .refused(parsed.diagnostics) }
        if let defect = Verifier.verify(written).first { return .refused([Self.defect(defect)]) }
        observe?(PassRecord(pass: FrontEndPass.lowered, stage: .function, program: written))
        return .read(
            ReadActivation(
                source: source, idea: parsed.idea, tree: tree, warnings: parsed.diagnostics,
                program: Simplifier.run(written, observe: observe)))
    }

    /// The steps after `read`.
    package func compile(
        _ activation: ReadActivation, form: ActivationForm = .asWritten, observe: PassObserver? = nil
    ) -> CompilationResult {
        var program = activation.program
        if form == .unitMoment {
            guard let normalised = UnitMoment.normalised(program) else {
                return .unsound("its second moment over normal inputs is 0 or not finite")
            }
            program = normalised
        }
        guard Verifier.readsInput(program) else {
            return .refused([
                Diagnostic(line: 0, column: 0, "the result does not depend on x; use x in the returned expression")
            ])
        }
        if allow == .elementwise, let refusal = Self.refusal(ofLayer: program) { return .refused([refusal]) }
        let gradient = Gradient.differentiate(program, isSimplified: true, observe: observe)
        if let defect = Verifier.verify(gradient).first { return .refused([Self.defect(defect)]) }
        let cost = Cost.of(gradient: gradient)
        if let costLimit, cost.total > costLimit { return .tooCostly(cost: cost.total, limit: costLimit) }
        if let reason = SoundnessGate.check(gradient) { return .unsound(reason) }
        return .compiled(
            CompiledActivation(
                source: activation.source, idea: activation.idea, tree: activation.tree, warnings: activation.warnings,
                program: program, gradient: gradient, cost: cost, canonicalHash: CanonicalHash.of(program),
                fingerprint: Fingerprint.of(gradient: gradient), kernel: KernelPrinter.print(gradient: gradient)))
    }

    private static func refusal(ofLayer program: Program) -> Diagnostic? {
        guard let node = program.nodes.first(where: { OperatorTable[$0.op].readsLayer }) else { return nil }
        return Diagnostic(
            line: node.line, column: 0,
            "'\(node.op.name)' reads other elements of the layer, which this suite does not allow "
                + "(allow: elementwise); write a function of x alone")
    }

    private static func defect(_ text: String) -> Diagnostic {
        Diagnostic(line: 0, column: 0, "internal defect, please report it with the source: \(text)")
    }
}

/// The form in which a function is compiled.
package enum ActivationForm: String, Codable, CaseIterable, Sendable {
    case asWritten = "as written"
    /// Divided by a constant, so that its outputs start with unit second moment: `UnitMoment`.
    case unitMoment = "unit moment"
}

/// What a candidate may look at.
package enum AllowedReach: String, Codable, CaseIterable, Sendable {
    /// Its own element alone.
    case elementwise
    /// The layer around it too: statistics, shifts, its place.
    case layer
}

/// What the first steps make of a text.
package enum ReadingResult: Sendable {
    case read(ReadActivation)
    case refused([Diagnostic])

    /// Nil for a text that is refused.
    package var activation: ReadActivation? { if case .read(let activation) = self { activation } else { nil } }
}

/// A function that has been understood, and not differentiated yet: what tree operators edit.
package struct ReadActivation: Hashable, Sendable {
    package var source: String
    /// The first comment of the source: what its author says of it.
    package var idea: String?
    package var tree: TranslationUnit
    package var warnings: [Diagnostic]
    /// Simplified.
    package var program: Program
}

/// What a text turned out to be.
package enum CompilationResult: Sendable {
    case compiled(CompiledActivation)
    case refused([Diagnostic])
    case tooCostly(cost: Double, limit: Double)
    case unsound(String)
}

/// A candidate that may be trained.
package struct CompiledActivation: Sendable {
    package var source: String
    /// The first comment of the source: what its author says of it.
    package var idea: String?
    package var tree: TranslationUnit
    package var warnings: [Diagnostic]
    /// The simplified program, output y.
    package var program: Program
    /// Outputs y, dy/dx, then dy/dp for each parameter.
    package var gradient: Program
    package var cost: Cost
    package var canonicalHash: String
    package var fingerprint: String
    package var kernel: KernelSource

    package var formula: String { FormulaPrinter.print(program) }

    /// The formula in LaTeX's mathematics, definitions behind it.
    package var latex: String {
        let (value, definitions) = FormulaPrinter.latex(program)
        let wheres = definitions.map { "\\quad\\text{where } \($0.name) = \($0.text)" }
        return ([value] + wheres).joined(separator: ",")
    }
}
