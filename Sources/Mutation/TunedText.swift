import ActivationCompiler
import ActivationParser

extension TunableActivation {
    /// The text with other numbers, and a first comment that says whose they are.
    /// - Parameter values: one per number.
    package func tunedText(with values: [Float]) -> String? {
        let idea = SourceParser.parse(source).tree.flatMap { TreeNames.idea("Tuned:", of: [$0]) }
        return self.source(with: values, idea: idea ?? "Tuned")
    }
}
