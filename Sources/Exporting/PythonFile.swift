import ActivationIR

/// What the Python files have in common.
struct PythonFile {
    let function: ExportedFunction
    let language: Language
    let names: ExportNames

    init(_ function: ExportedFunction, _ language: Language) {
        self.function = function
        names = ExportNames(function.name, parameters: function.parameters, language: language)
        self.language = language.called(names)
    }

    var parameters: [String] { names.parameters }

    /// ", a=0.1, b=1.0", or nothing.
    var defaults: String {
        zip(parameters, function.parameters).map { ", \($0)=\(Python.literal($1.initial))" }.joined()
    }

    func header(usage: [String]) -> String {
        "\"\"\"" + ExportHeader.lines(of: function, usage: usage).joined(separator: "\n") + "\n\"\"\""
    }

    /// Definitions that operators need, each with an empty line before it.
    /// - Parameter also: those that the file itself needs.
    func helpers(also: [String] = []) -> String {
        language.helpers(for: function.gradient, also: also.map(names.helper)).map { "\n\n\($0)\n" }.joined()
    }

    /// Statements, the last of which returns y.
    func value(indent: Int) -> String {
        let listing = Listing(
            function.program, outputs: [function.program.outputs[0]], language: language, names: names)
        return lines(setting + listing.lines + ["return \(shaped(listing.outputs[0], function.program, 0))"], indent)
    }

    /// Statements before which stand x, g = dL/dy and the parameters.
    /// - Parameter then: those that follow, for dL/dx and, of each parameter, what sums up to dL/dp.
    func slopes(indent: Int, then: (_ dx: String, _ slopes: [String]) -> [String]) -> String {
        let outputs = Array(function.gradient.outputs.dropFirst())
        let listing = Listing(function.gradient, outputs: outputs, language: language, names: names)
        let texts =
            function.readsLayer
            ? listing.outputs.enumerated().map { shaped($1, function.gradient, $0 + 1) }
            : listing.factors.map { "g * \($0)" }
        return lines(setting + listing.lines + then(texts[0], Array(texts.dropFirst())), indent)
    }

    /// Of a function of one element: the same for df/dx and df/dp.
    func derivatives(indent: Int, then: ([String]) -> [String]) -> String {
        let outputs = Array(function.gradient.outputs.dropFirst())
        let listing = Listing(function.gradient, outputs: outputs, language: language, names: names)
        return lines(listing.lines + then(listing.factors), indent)
    }

    /// In the shape of the layer.
    private func shaped(_ text: String, _ program: Program, _ output: Int) -> String {
        program.extents[program.outputs[output]] == .element ? text : language.broadcast.replacing("{0}", with: text)
    }

    /// What a function of the layer needs to know of it.
    private var setting: [String] { function.readsLayer ? language.setting : [] }

    func lines(_ lines: [String], _ indent: Int, separator: String = "\n") -> String {
        lines.map { $0.isEmpty ? "" : String(repeating: "    ", count: indent) + $0 }.joined(separator: separator)
    }

    /// The values and their check; `call` computes y, dx and dp of X and G in as many statements as it takes.
    func check(_ call: [String]) -> String {
        let values = TestValues(function)
        func array(_ rows: [[Double]]) -> String {
            "[" + rows.map(vector).joined(separator: ", ") + "]"
        }
        return """


            # Values in double precision, for a check of this file: python3 FILE
            X = \(array(values.x))
            G = \(array(values.g))
            Y = \(array(values.y))
            DX = \(array(values.dx))
            DP = \(vector(values.dp))

            if __name__ == "__main__":
            \(lines(call, 1))
                for name, found, wanted in [("y", y, Y), ("dx", dx, DX), ("dp", dp, DP)]:
                    found, wanted = np.asarray(found, dtype=np.float64), np.asarray(wanted)
                    worst = np.max(np.abs(found - wanted) / (1 + np.abs(wanted)), initial=0.0)
                    print(f"{name}: {worst:.1e} off at most")
                    if not worst < 1e-4:
                        raise SystemExit(f"{name} is {found}, not {wanted}")

            """
    }

    private func vector(_ values: [Double]) -> String {
        "["
            + values.map { value in
                value.isFinite ? value.description : Python.literal(value)
            }.joined(separator: ", ") + "]"
    }
}
