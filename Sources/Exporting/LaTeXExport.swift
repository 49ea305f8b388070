import ActivationCodegen
import ActivationIR

/// LaTeX: the function and its derivatives as displayed formulas, to be put into a paper.
enum LaTeXExport {
    private static let words = Language(
        constant: { "\($0)" }, functions: [:], reserved: ["x", "f", "e"], forms: [], typeForms: [])
    /// Of a line of a formula, in signs that are seen.
    private static let width = 64

    static func text(of function: ExportedFunction) -> String {
        let header = ExportHeader.lines(
            of: function, usage: ["\\input{FILE} in a document with \\usepackage{amsmath}."])
        var lines = (header + values(of: function)).map { $0.isEmpty ? "%" : "% " + $0 }
        lines += ["\\begin{align*}"]
        let own = ExportNames(function.name, parameters: function.parameters, language: words).parameters
        let names = own.map { FormulaPrinter.latexName($0) }
        let arguments = names.isEmpty ? "x" : "x;\\, " + names.joined(separator: ", ")
        var formulas = [formula("f(\(arguments))", function.program, 0, own)]
        if !function.readsLayer {
            formulas.append(formula("f'(x)", function.gradient, 1, own))
            formulas += names.enumerated().map { place, name in
                formula("\\frac{\\partial f}{\\partial \(name)}", function.gradient, 2 + place, own)
            }
        }
        if formulas.contains(where: { $0.contains("\\sigma") }) {
            formulas.append("\\text{with the logistic function } \\sigma(z) &= \\frac{1}{1 + e^{-z}}")
        }
        lines.append(formulas.joined(separator: " \\\\\n"))
        lines += ["\\end{align*}", ""]
        return lines.joined(separator: "\n")
    }

    /// Lines to check the formulas by.
    private static func values(of function: ExportedFunction) -> [String] {
        let x = TestValues(function).x
        let outputs = Interpreter.evaluateLayer(function.gradient, x: x)
        func row(_ numbers: [Double]) -> String { numbers.map(\.description).joined(separator: " ") }
        guard !function.readsLayer else {
            return ["", "x, [samples × units]:"] + x.map(row) + ["f(x):"] + outputs[0].map(row)
        }
        let head = ["x", "f(x)", "f'(x)"] + function.parameters.map { "df/d" + $0.name }
        return ["", head.joined(separator: ", ") + ":"]
            + x[0].indices.map { place in row([x[0][place]] + outputs.map { $0[0][place] }) }
    }

    private static func formula(_ left: String, _ program: Program, _ output: Int, _ names: [String]) -> String {
        var one = withOwnConditions(program)
        one.outputs = [one.outputs[output]]
        for (place, name) in names.enumerated() { one.parameters[place].name = name }
        // The name is taken: f is the function.
        one.parameters.append(Parameter(name: "f", initial: 0))
        let parts = FormulaPrinter.latex(one)
        let wheres = parts.definitions.map { " \\\\\n&\\quad\\text{where } \($0.name) = \(broken($0.text))" }.joined()
        return "\(left) &= \(broken(parts.value))\(wheres)"
    }

    /// The same with a copy of a condition for each that reads it: what is read once is written in place, and letters stay
    /// for numbers.
    private static func withOwnConditions(_ program: Program) -> Program {
        let types = program.types
        var copy = Program(nodes: [], parameters: program.parameters, outputs: [])
        var places: [ValueID: ValueID] = [:]
        func add(_ id: ValueID) -> ValueID {
            if types[id] == .real || copy.nodes.count > 4 * program.nodes.count, let place = places[id] { return place }
            var node = program.nodes[id]
            node.operands = node.operands.map(add)
            copy.nodes.append(node)
            places[id] = copy.nodes.count - 1
            return copy.nodes.count - 1
        }
        copy.outputs = program.outputs.map(add)
        return copy
    }

    /// A long sum on several lines: broken before signs that no bracket holds.
    private static func broken(_ text: String) -> String {
        var (lines, line, depth) = ([String](), "", 0)
        for term in text.split(separator: " ", omittingEmptySubsequences: false) {
            if depth == 0, term == "+" || term == "-", seen(line) > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + term
            depth += opened(String(term))
        }
        return (lines + [line]).joined(separator: " \\\\\n&\\qquad ")
    }

    private static func opened(_ text: String) -> Int {
        func count(_ sign: String) -> Int { text.split(separator: sign, omittingEmptySubsequences: false).count - 1 }
        return count("{") - count("}") + count("\\left") - count("\\right") + count("\\begin")
            - count("\\end")
    }

    /// How many signs a reader sees of it, nearly: a command is one.
    private static func seen(_ text: String) -> Int {
        var (count, isCommand) = (0, false)
        for sign in text {
            if sign == "\\" {
                isCommand = true
                count += 1
            } else if isCommand, sign.isLetter {
                continue
            } else {
                isCommand = false
                if !"{} ".contains(sign) { count += 1 }
            }
        }
        return count
    }
}
