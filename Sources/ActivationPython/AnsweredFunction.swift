import ActivationParser
import EvolveTypes

/// The function in a model's answer, as C text: its own, or its Python translated. Of both, the C is taken.
package enum AnsweredFunction: Sendable {
    case source(String)
    /// Python that is no function of the language: the text, and where and why.
    case refused(String, Diagnostic)

    /// - Returns: nil when the answer holds no function.
    package static func read(_ answer: String) -> AnsweredFunction? {
        let source = AnswerExtractor.extract(answer, passingOver: PythonText.isPython)
        if let source, PythonText.definesFunctionOfC(source) { return .source(source) }
        // What has only braces in it, like a dictionary, is C where there is nothing else.
        guard let python = python(in: answer) else { return source.map { .source($0) } }
        switch ActivationPython.translate(python) {
        case .translated(let source): return .source(source)
        case .refused(let diagnostic): return .refused(python, diagnostic)
        }
    }

    private static let languages: Set<String> = ["python", "py", "python3"]

    /// Of several fences the last that defines `activation`, else the last that defines anything; without one, what
    /// stands between the prose.
    private static func python(in answer: String) -> String? {
        let lines = answer.split(separator: "\n", omittingEmptySubsequences: false)
        let fences = AnswerExtractor.fences(in: lines)
        let texts = fences.compactMap { fence -> String? in
            guard PythonText.isPython(fence.text) else { return nil }
            let lines = fence.text.split(separator: "\n", omittingEmptySubsequences: false)
            return fence.isClosed
                ? PythonText.withoutMargin(lines).joined(separator: "\n") : PythonText.betweenProse(lines)
        }
        return texts.last(where: PythonText.definesActivation) ?? texts.last ?? PythonText.betweenProse(lines)
            // Marked as Python, and without a definition: the translator says what is missing.
            ?? fences.last { languages.contains($0.language) }?.text
    }
}
