import ActivationParser
import EvolveTypes
import LanguageModels

/// A second request after an answer that was refused.
///
/// `told` is for models that a grammar holds, `begun` for those that only go on from a beginning, `quoting` for the others;
/// the rest is what they were measured against (docs/operators.md).
package enum RepairPrompt: String, CaseIterable, Sendable {
    /// The first request, the messages, and the answer begun as far as `return` and the name of a function that suits any
    /// value. A small model copies what it is shown, so the refused text is not.
    case begun
    /// The first request and the messages, begun as the first one was: its grammar still holds.
    case told
    /// As `begun`, but only as far as `return`.
    case short
    /// Begun as far as `return`, without any message.
    case silent
    /// The first request and a template, with the refused text and the messages with the lines they speak of.
    case quoting

    /// Messages shown; more confuse a small model.
    private static let messages = 2

    /// - Parameters:
    ///   - original: what was asked first.
    ///   - source: the refused text.
    ///   - diagnostics: what is wrong with it.
    ///   - template: of `quoting`, with the slots source and errors.
    ///   - seed: of the sampling; another one than the first request's.
    package func request(
        after original: ModelRequest, source: String, diagnostics: [Diagnostic], template: String, seed: UInt32
    ) -> ModelRequest {
        var request = original
        request.seed = seed
        let errors = diagnostics.filter { $0.severity == .error }.prefix(Self.messages)
        switch self {
        case .begun:
            let names = BuiltinNames.tameUnary
            let name = names[Int(seed) % names.count]
            request.user += Self.message(errors, advice: "Return one short expression made of \(name)(x).")
            request.prefill = original.prefill.map { "\($0)    return \(name)(" }
        case .told: request.user += Self.message(errors, advice: "Write another one.")
        case .short:
            request.user += Self.message(errors, advice: "Return one short expression that is made from x.")
            request.prefill = original.prefill.map { $0 + "    return " }
        case .silent: request.prefill = original.prefill.map { $0 + "    return " }
        case .quoting:
            request.user +=
                "\n\n"
                + template.replacing(Prompt.Slot.errors.marker, with: Self.listed(errors, source))
                .replacing(Prompt.Slot.source.marker, with: source).trimmingNewlines()
        }
        return request
    }

    private static func message(_ errors: some Sequence<Diagnostic>, advice: String) -> String {
        let list = errors.enumerated().map { "(\($0 + 1)) \($1.message)." }.joined(separator: " ")
        return "\n\nThe last answer was refused: \(list) \(advice)"
    }

    private static func listed(_ errors: some Sequence<Diagnostic>, _ source: String) -> String {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        return errors.map { error in
            guard lines.indices.contains(error.line - 1) else { return "- \(error.message)" }
            return "- line \(error.line): `\(lines[error.line - 1])`: \(error.message)"
        }.joined(separator: "\n")
    }
}
