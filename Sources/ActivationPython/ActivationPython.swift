import ActivationParser
import EvolveTypes

/// `ActivationPython`: a pointwise function written in Python becomes C of the language, or a located reason why not.
///
/// Papers and people have their functions in Python, and many models write it best. Read are: `def activation(x): …` or a lambda, with
/// helper functions, constants, assignments, if, for over range, return, and the functions of math, numpy, jax, torch and
/// tensorflow that work element by element, or are statistics of a layer.
///
/// `AnsweredFunction` finds the function in a model's answer, whichever of the two languages it is in.
///
/// Steps: `PythonLexer` → `PythonParser` → `PythonTranslator`, which builds a syntax tree of the C language → `SourcePrinter`.
/// Invariants: no Python is run; whatever comes out is checked by the front end like any other text.
/// Not here: classes, loops without a known end, anything that is no function of x.
package enum ActivationPython {
    package enum Outcome: Sendable {
        /// C text.
        case translated(String)
        case refused(Diagnostic)
    }

    /// - Parameter name: the function that is meant; nil = `activation`, else the last one.
    package static func translate(_ text: String, name: String? = nil) -> Outcome {
        let lexer = PythonLexer(text)
        if let problem = lexer.problem { return .refused(problem) }
        do {
            let module = try PythonParser(lexer.tokens).module
            var translator = PythonTranslator(module)
            var tree = try translator.tree(name)
            if tree.idea == nil { tree.idea = lexer.comment }
            return .translated(SourcePrinter.print(tree))
        } catch {
            return .refused(Diagnostic(line: error.position.line, column: error.position.column, error.text))
        }
    }
}
