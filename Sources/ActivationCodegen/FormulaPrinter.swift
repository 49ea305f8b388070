import ActivationIR
import Foundation

/// Prints an activation as plain-text mathematics: infix, with as few parentheses as precedence allows.
///
///     0.5·x·(1 + erf(0.70710678·x))
///     x ≥ 0 ? x : 0.01·x
///     a·sigmoid(a) where a = x + 0.1·sin(3·x)
///
/// A value used more than once is written out when it is short, else named after "where". Trainables go by their names.
package enum FormulaPrinter {
    /// The formula of the first output; the program is verified, and reads best simplified.
    package static func print(_ program: Program) -> String {
        let (value, definitions) = written(program, .plain)
        let wheres = definitions.map { "\($0.name) = \($0.text)" }
        return wheres.isEmpty ? value : value + " where " + wheres.joined(separator: ", ")
    }

    /// The same in LaTeX's mathematics: the value, and what its names stand for.
    package static func latex(_ program: Program) -> (value: String, definitions: [(name: String, text: String)]) {
        written(program, .latex)
    }

    /// A parameter's name in LaTeX.
    package static func latexName(_ name: String) -> String { FormulaNotation.latex.name(name) }

    private static func written(
        _ program: Program, _ notation: FormulaNotation
    ) -> (value: String, definitions: [(name: String, text: String)]) {
        var writer = FormulaWriter(program, notation)
        let value = writer.formula(of: program.outputs[0]).text
        return (value, writer.definitions.map { (notation.name($0.name), $0.text) })
    }
}

/// How tightly a piece of text holds together, loosest first.
enum Precedence: Int, Comparable {
    case conditional, disjunction, conjunction, comparison, sum, product, power, atom

    static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
}

struct Formula {
    var text: String
    var precedence: Precedence
    /// The text begins with a minus sign that a sum may absorb.
    var isNegative = false
    var notation: FormulaNotation

    /// The text, in parentheses if it holds together less than `least`.
    func within(_ least: Precedence) -> String {
        // A leading minus sign binds as a sum does: 2·(−x), (−x)².
        let own = isNegative ? min(precedence, .sum) : precedence
        return own < least ? notation.grouped(text) : text
    }
}
