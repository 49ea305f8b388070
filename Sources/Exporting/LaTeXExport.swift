import ActivationCodegen
import ActivationIR

/// LaTeX: the function and its derivatives as displayed formulas, to be put into a paper.
enum LaTeXExport {
    static func text(of function: ExportedFunction) -> String {
        let header = ExportHeader.lines(
            of: function, usage: ["\\input{FILE} in a document with \\usepackage{amsmath}."])
        var lines = header.map { "% " + $0 }
        lines += ["\\begin{align*}"]
        let names = function.parameters.map { FormulaPrinter.latexName($0.name) }
        let arguments = names.isEmpty ? "x" : "x;\\, " + names.joined(separator: ", ")
        var formulas = [formula("f(\(arguments))", function.program, 0)]
        if !function.readsLayer {
            formulas.append(formula("f'(x)", function.gradient, 1))
            formulas += names.enumerated().map { place, name in
                formula("\\frac{\\partial f}{\\partial \(name)}", function.gradient, 2 + place)
            }
        }
        lines.append(formulas.joined(separator: " \\\\\n"))
        lines += ["\\end{align*}", ""]
        return lines.joined(separator: "\n")
    }

    private static func formula(_ left: String, _ program: Program, _ output: Int) -> String {
        var one = program
        one.outputs = [program.outputs[output]]
        let parts = FormulaPrinter.latex(one)
        let wheres = parts.definitions.map { " \\\\\n&\\quad\\text{where } \($0.name) = \($0.text)" }.joined()
        return "\(left) &= \(parts.value)\(wheres)"
    }
}
