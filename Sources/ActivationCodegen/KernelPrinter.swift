import ActivationIR

/// Prints a gradient program as C for the kernel interface:
///
///     int32_t evt_kernel_parameters(void);
///     const float *evt_kernel_initials(void);
///     void evt_kernel_forward(const float *z, const float *bias, float *y, int64_t batch, int64_t units, const float *p);
///     void evt_kernel_forward_gradient(const float *z, const float *bias, float *y, float *dx, float *dp,
///                                      int64_t batch, int64_t units, const float *p);
///
/// z, y and dx are [batch × units], x = z + bias[unit]; dp is [parameters][batch·units]; the pointers do not overlap.
/// The body is one statement a node, without branches, in a loop over the units of one sample. Every function of
/// <math.h> is declared with the simd attribute, so the loop is vectorised through libmvec without relaxed arithmetic:
/// NaN, infinities and signed zeros mean what C says they mean, within libmvec's 4 units in the last place; only the sign
/// of a zero that `evt_minimum`, `evt_maximum` or a masked product returns is left open. Products and sums may be fused.
/// The functions go by names of our own (evt_sinf) that link to the real ones, because GCC would join a sine and a cosine
/// that it knows into one call, for which there is no vector form. What depends on parameters alone is computed before the loops.
///
/// A program that reads its layer gets other functions instead: see `LayerKernelPrinter`.
package enum KernelPrinter {
    /// - Parameter gradient: verified; outputs y, dy/dx, then dy/dp for each parameter.
    package static func print(gradient: Program) -> KernelSource {
        precondition(gradient.outputs.count == 2 + gradient.parameters.count, "a gradient program")
        var forward = gradient
        forward.outputs = [gradient.outputs[0]]
        let count = gradient.parameters.count
        let values = gradient.parameters.map { CExpression.literal($0.initial) }
        let body = """
            int32_t evt_kernel_parameters(void) { return \(count); }

            const float *evt_kernel_initials(void) {
                static const float initials[] = {\(count == 0 ? "0.0f" : values.joined(separator: ", "))};
                return initials;
            }
            """
        let functions =
            gradient.readsLayer
            ? LayerKernelPrinter.print(gradient: gradient)
            : [
                function("evt_kernel_forward", forward, targets: ["y"]),
                function(
                    "evt_kernel_forward_gradient", gradient, targets: ["y", "dx"] + (0..<count).map { "dp\($0)" })
                    + "\n",
            ]
        let text = (prologue(of: gradient) + [body] + functions).joined(separator: "\n\n")
        return KernelSource(text: text, initials: gradient.parameters.map { Float($0.initial) })
    }

    /// The header, and declarations of what the program calls.
    private static func prologue(of program: Program) -> [String] {
        var library: Set<String> = []
        var helpers: Set<String> = []
        var arity: [String: Int] = ["expf": 1, "log1pf": 1]
        for (node, isLive) in zip(program.nodes, program.isLive) where isLive {
            switch OperatorTable[node.op].spelling {
            case .library(let name):
                library.insert(name)
                arity[name] = node.operands.count
            case .helper(let name): helpers.insert(name)
            case .conditional: helpers.insert("evt_select")
            case .layer:
                if case .reduction(.max, .batch) = OperatorTable[node.op].value { helpers.insert("evt_select") }
            default: break
            }
        }
        if KernelHelpers.helpers.contains(where: { $0.needsSelect && helpers.contains($0.name) }) {
            helpers.insert("evt_select")
        }
        let definitions = KernelHelpers.helpers.filter { helpers.contains($0.name) }
        library.formUnion(definitions.flatMap(\.library))
        let declarations = library.sorted().map { name in
            let operands = [String](repeating: "float", count: arity[name, default: 1]).joined(separator: ", ")
            return "__attribute__((simd(\"notinbranch\"), const)) float evt_\(name)(\(operands)) __asm__(\"\(name)\");"
        }
        let sections = [
            "// An activation function and its derivatives, printed from a verified program.\n#include <stdint.h>",
            declarations.joined(separator: "\n"),
            definitions.map(\.text).joined(separator: "\n"),
        ]
        return sections.filter { !$0.isEmpty }
    }

    /// One function of the interface; `targets` names the array of each output.
    private static func function(_ name: String, _ program: Program, targets: [String]) -> String {
        let isGradient = targets.count > 1
        let parameters = isGradient ? program.parameters.count : 0
        let code = StraightLine(program)
        let arrays =
            ["const float *restrict z", "const float *restrict bias", "float *restrict y"]
            + (isGradient ? ["float *restrict dx", "float *restrict dp"] : [])
        let sizes = ["int64_t batch", "int64_t units", "const float *restrict p"]
        var lines = ["void \(name)(\((arrays + sizes).joined(separator: ", "))) {"]
        if !code.readsInput { lines.append("    (void)z; (void)bias;") }
        if !code.readsParameters { lines.append("    (void)p;") }
        if isGradient && parameters == 0 { lines.append("    (void)dp;") }
        lines += code.perLayer.map { "    " + $0 }
        lines.append("    for (int64_t sample = 0; sample < batch; sample++) {")
        lines.append("        const int64_t row = sample * units;")
        for index in 0..<parameters {
            lines.append("        float *restrict dp\(index) = dp + \(index) * batch * units + row;")
        }
        lines.append("#pragma omp simd")
        lines.append("        for (int64_t unit = 0; unit < units; unit++) {")
        lines += code.perElement.map { "            " + $0 }
        for (target, output) in zip(targets, program.outputs) {
            let index = target.hasPrefix("dp") ? "unit" : "row + unit"
            lines.append("            \(target)[\(index)] = \(code.name(of: output));")
        }
        lines += ["        }", "    }", "}"]
        return lines.joined(separator: "\n")
    }
}
