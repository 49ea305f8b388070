import ActivationCompiler
import ActivationIR
import ActivationParser
import ActivationPasses
import ActivationPython
import Evaluation
import EvolveTypes
import Mutation
import RunStore

/// A model's answer and what the language says of it, as measurements read it.
struct JudgedAnswer: Encodable {
    var index: Int
    var island: String
    var attempt: Int
    var text: String?
    var promptTokens: Int
    var completionTokens: Int
    var seconds: Double
    /// compiled, refused, too costly, unsound or unanswered.
    var verdict: String
    /// Why it is not compiled.
    var reason: String?
    /// Of a refused text; of an unsound or dear one the reason as its only message.
    var diagnostics: [Diagnostic] = []
    /// Whether it is a program of the language.
    var parses: Bool
    /// Whether the function's value differs anywhere.
    var reads = false
    var fingerprint: String?
    var scaleFreeFingerprint: String?
    /// Behaves as one of the parents shown, or as a seed of the island.
    var repeatsParent = false
    var repeatsSeed = false

    init(_ answer: AnswerRecord, to asked: AskedSlots.Asked, suite: SuitePolicy) {
        index = answer.slot
        island = asked.policy.name
        attempt = answer.turn ?? answer.attempt
        text = answer.text
        promptTokens = answer.promptTokens
        completionTokens = answer.completionTokens
        seconds = answer.seconds
        verdict = "unanswered"
        parses = false
        reason = answer.failure
        guard reason == nil, let function = answer.text.flatMap({ AnsweredFunction.read($0) }) else {
            diagnostics = [Diagnostic(line: 0, column: 0, reason ?? "no C function in the answer")]
            reason = diagnostics.first?.message
            return
        }
        guard case .source(let source) = function else {
            if case .refused(_, let diagnostic) = function {
                (verdict, reason, diagnostics) = ("refused", diagnostic.message, [diagnostic])
            }
            return
        }
        if let program = SourceParser.parse(source).program {
            parses = true
            reads = Self.varies(program)
        }
        let pipeline = ActivationPipeline(costLimit: suite.costLimit, allow: suite.allow ?? .elementwise)
        switch pipeline.compile(source) {
        case .refused(let found):
            diagnostics = found
            (verdict, reason) = ("refused", diagnostics.first { $0.severity == .error }?.message)
        case .tooCostly(let cost, let limit):
            (verdict, reason) = ("too costly", "it costs \(Int(cost)), more than the limit of \(Int(limit))")
            diagnostics = [Diagnostic(line: 0, column: 0, reason ?? "")]
        case .unsound(let why):
            (verdict, reason) = ("unsound", why)
            diagnostics = [Diagnostic(line: 0, column: 0, why)]
        case .compiled(let candidate):
            verdict = "compiled"
            fingerprint = candidate.fingerprint
            if !candidate.program.readsLayer {
                scaleFreeFingerprint = ScaleFreeFingerprint.of(candidate.program)
            }
            repeatsParent = Self.fingerprints(asked.plan.parents.map(\.source)).contains(candidate.fingerprint)
            repeatsSeed = Self.fingerprints(asked.policy.seeds.map(\.source)).contains(candidate.fingerprint)
        }
    }

    /// Whether the value is not the same on all of a layer's elements.
    private static func varies(_ program: Program) -> Bool {
        let y = Interpreter.evaluateLayer(Simplifier.run(program), x: LayerSample.spread(9, 7, size: 4))[0].flatMap {
            $0
        }
        guard let first = y.first else { return false }
        return y.contains { abs($0 - first) > 1e-9 }
    }

    private static func fingerprints(_ sources: [String]) -> [String] {
        sources.compactMap { source in
            guard case .compiled(let candidate) = ActivationPipeline().compile(source) else { return nil }
            return candidate.fingerprint
        }
    }
}
