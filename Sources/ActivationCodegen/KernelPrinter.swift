import ActivationIR

/// Prints a gradient program as C for the kernel interface:
///
///     int32_t evt_kernel_parameters(void);
///     int32_t evt_kernel_frozen(void);  (only where there are such)
///     const float *evt_kernel_initials(void);
///     void evt_kernel_forward(const float *z, const float *bias, float *y, int64_t batch, int64_t units, const float *p);
///     void evt_kernel_forward_gradient(const float *z, const float *bias, float *y, float *dx, float *dp,
///                                      int64_t batch, int64_t units, const float *p);
///
/// z, y and dx are [batch × units], x = z + bias[unit]; dp is [parameters][batch·units]; the pointers do not overlap.
/// The body is one statement a node, without branches, in a loop over units (`ColumnsPrinter`). Functions are our own
/// (`VectorMaths`) or those of <math.h>, which are declared with the simd attribute: the loop is vectorised through the C
/// library's vector functions without relaxed arithmetic. NaN, infinities and signed zeros mean what C says they mean, within
/// 4 units in the last place a function; only the sign of a zero that `evt_minimum`, `evt_maximum` or a masked product
/// returns is left open, and denormal results of an exponential are 0. Products and sums may be fused. The library's functions
/// go by names of our own (evt_sinf) that link to the real ones, because GCC would join a sine and a cosine that it knows
/// into one call, for which there is no vector form. What depends on parameters alone is computed before the loops.
///
/// A program that reads its layer gets other functions instead: see `LayerKernelPrinter`.
package enum KernelPrinter {
    /// - Parameter gradient: verified; outputs y, dy/dx, then dy/dp for each parameter. Parameters at the end that have no
    ///   such output are frozen: the kernel reads them in `p` behind the trained ones.
    package static func print(gradient: Program) -> KernelSource {
        let trained = gradient.outputs.count - 2
        let frozen = gradient.parameters.count - trained
        precondition(trained >= 0 && frozen >= 0, "a gradient program")
        let values = gradient.parameters.map { CExpression.literal($0.initial) }
        var body = """
            int32_t evt_kernel_parameters(void) { return \(trained); }

            const float *evt_kernel_initials(void) {
                static const float initials[] = {\(values.isEmpty ? "0.0f" : values.joined(separator: ", "))};
                return initials;
            }
            """
        if frozen > 0 { body += "\n\nint32_t evt_kernel_frozen(void) { return \(frozen); }" }
        let functions =
            gradient.readsLayer
            ? LayerKernelPrinter.print(gradient: gradient) : ColumnsPrinter.print(gradient: gradient)
        let text = (prologue(of: gradient) + [body] + functions).joined(separator: "\n\n")
        return KernelSource(text: text, initials: gradient.parameters.map { Float($0.initial) })
    }

    /// The header, and declarations of what the program calls.
    private static func prologue(of program: Program) -> [String] {
        var library: [String: Int] = [:]
        var helpers: Set<String> = []
        for (node, isLive) in zip(program.nodes, program.isLive) where isLive {
            switch OperatorTable[node.op].spelling {
            case .mathFunction(let name): library[name] = node.operands.count
            case .helper(let name): helpers.insert(name)
            case .ranged(let helper, let name):
                library[name] = node.operands.count
                if !program.readsLayer { helpers.insert(helper) }
            case .conditional: helpers.insert("evt_select")
            default: break
            }
        }
        if program.readsLayer { helpers.insert("evt_select") }
        let declarations = library.sorted { $0.key < $1.key }.map { name, arity in
            let operands = [String](repeating: "float", count: arity).joined(separator: ", ")
            return "__attribute__((simd(\"notinbranch\"), const)) float evt_\(name)(\(operands)) __asm__(\"\(name)\");"
        }
        let definitions = KernelHelpers.closure(of: helpers).map(\.text)
        let helperText = (definitions.isEmpty ? [] : [KernelHelpers.inline] + definitions).joined(separator: "\n")
        let sections = [
            "// An activation function and its derivatives, printed from a verified program.\n#include <stdint.h>",
            declarations.joined(separator: "\n"),
            helperText,
        ]
        return sections.filter { !$0.isEmpty }
    }
}
