import ActivationParser
import EvolveTypes

/// `ActivationPython`: a pointwise function written in Python becomes C of the language, or a located reason why not.
///
/// Papers and people have their functions in Python, and many models write it best. Read are: `def activation(x): …` or a
/// lambda, with helper functions, constants, assignments, if, for over range, return, and the functions of math, numpy,
/// jax, torch and tensorflow that work element by element, or are statistics of a layer. Of a class, a torch.nn.Module
/// for example, what its forward computes, with the numbers that its constructor gives by default, those that are
/// trained among them.
///
/// `AnsweredFunction` finds the function in a model's answer, whichever of the two languages it is in.
///
/// Steps: `PythonLexer` → `PythonParser` → `PythonDefinitions`, what the text defines → `PythonSimplifier`, of each function
/// what is known put in → `PythonTranslator`, a syntax tree of the C language → `SourcePrinter`.
/// Invariants: no Python is run; an argument that no one took (`PythonArguments`) is refused; whatever comes out is checked
/// by the front end like any other text.
/// Not here: loops without a known end, anything that is no function of x.
package enum ActivationPython {
    package enum Outcome: Sendable {
        /// C text.
        case translated(String)
        case refused(Diagnostic)
    }

    /// A function that was taken, and all that could have been meant.
    package struct Choice: Sendable {
        package let taken: String
        package let all: [String]
    }

    /// - Parameter name: the function that is meant; nil = `activation`, else the last one that no other calls.
    package static func translate(_ text: String, name: String? = nil) -> Outcome { read(text, name: name).outcome }

    /// - Returns: also the choice, where the text has several functions that could be meant and none was named.
    package static func read(_ text: String, name: String? = nil) -> (outcome: Outcome, choice: Choice?) {
        let lexer = PythonLexer(text)
        if let problem = lexer.problem { return (.refused(problem), nil) }
        var choice: Choice?
        do {
            let module = try PythonParser(lexer.tokens).module
            var translator = PythonTranslator(module)
            let own = translator.choice
            if name == nil, let taken = own.meant, own.candidates.count > 1 {
                choice = Choice(taken: taken, all: own.candidates)
            }
            var tree = try translator.tree(name)
            if tree.idea == nil { tree.idea = lexer.comment }
            return (.translated(SourcePrinter.print(tree)), choice)
        } catch {
            let place = error.position
            return (.refused(Diagnostic(line: place.line, column: place.column, error.text)), choice)
        }
    }
}
