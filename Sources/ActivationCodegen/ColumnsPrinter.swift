import ActivationIR

/// Prints the functions of an elementwise kernel: one that computes sixteen units of every sample, and those of the
/// kernel interface, which cut a layer into such columns.
///
/// The bias and all constants of the sixteen stay in registers from sample to sample, whatever the width of the layer; the
/// loop over sixteen is one or a few vectors without a rest, so there is one copy of the body for the C compiler to
/// vectorise. Units that do not fill sixteen are copied into sixteen and back, sample by sample. The value alone comes
/// from the same code, its derivatives written over each other: a layer without its derivatives is rarely asked for.
///
/// Where a helper is right near 0 only, a second function calls the library's for all arguments; it computes the columns
/// again in which one was far.
enum ColumnsPrinter {
    /// - Parameter gradient: outputs y, dy/dx, then dy/dp for each parameter.
    static func print(gradient: Program) -> [String] {
        let near = StraightLine(gradient, reach: .near, input: "z[unit] + bias[unit]")
        let hasRange = !near.rangedOperands.isEmpty
        var functions = [columns("evt_columns", gradient, near)]
        if hasRange {
            let all = StraightLine(gradient, reach: .all, input: "z[unit] + bias[unit]")
            functions.append(columns("evt_columns_all", gradient, all))
        }
        return functions + [layer(hasRange: hasRange, parameters: gradient.outputs.count - 2), interface]
    }

    private static let arrays = """
        const float *restrict z, const float *restrict bias, float *restrict y, float *restrict dx,
            float *restrict dp, int64_t batch, int64_t units, int64_t step, int64_t plane, const float *restrict p
        """

    private static func columns(_ name: String, _ gradient: Program, _ code: StraightLine) -> String {
        let ranged = code.rangedOperands
        let count = gradient.outputs.count - 2
        var lines = ["static __attribute__((noinline)) \(ranged.isEmpty ? "void" : "int32_t") \(name)("]
        lines += ["    \(arrays)) {", "    (void)p; (void)plane; (void)z; (void)bias;"]
        lines += code.perLayer.map { "    " + $0 }
        if !ranged.isEmpty { lines.append("    int32_t far[16] = {0};") }
        lines.append("    for (int64_t sample = 0; sample < batch; sample++) {")
        lines += ["#pragma omp simd", "        for (int32_t unit = 0; unit < 16; unit++) {"]
        lines += code.perElement.map { "            " + $0 }
        for operand in ranged { lines.append("            far[unit] |= evt_far(\(operand));") }
        let targets = ["y[unit]", "dx[unit]"] + (0..<count).map { "dp[\($0) * plane + unit]" }
        for (target, output) in zip(targets, gradient.outputs) {
            lines.append("            \(target) = \(code.name(of: output));")
        }
        lines += ["        }", "        z += units; y += units; dx += step; dp += step;", "    }"]
        if !ranged.isEmpty {
            lines += [
                "    int32_t any = 0;", "    for (int32_t unit = 0; unit < 16; unit++) any |= far[unit];",
                "    return any;",
            ]
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    /// Derivatives that nobody asked for (a step of 0) go to sixteen places of their own.
    private static func layer(hasRange: Bool, parameters: Int) -> String {
        let call = "(z, bias, y, dx, dp, batch, units, step, plane, p)"
        return """
            enum { evt_slopes = \(max(1, parameters)) * 16 };

            static void evt_sixteen(\(arrays)) {
                \(hasRange ? "if (evt_columns\(call)) evt_columns_all\(call);" : "evt_columns\(call);")
            }

            // Rows of z and y lie `units` apart, those of dx and dp `step`, the parts of dp `plane`.
            static __attribute__((noinline)) void evt_layer(\(arrays)) {
                int64_t first = 0;
                for (; first + 16 <= units; first += 16)
                    evt_sixteen(z + first, bias + first, y + first, step ? dx + first : dx, step ? dp + first : dp, batch, units, step,
                                plane, p);
                const uint64_t rest = (uint64_t)(units - first) * sizeof(float);
                if (!rest) return;
                float in[16] = {0}, shift[16] = {0}, out[16], slope[16], slopes[evt_slopes];
                __builtin_memcpy(shift, bias + first, rest);
                for (int64_t sample = 0; sample < batch; sample++) {
                    __builtin_memcpy(in, z + sample * units + first, rest);
                    evt_sixteen(in, shift, out, slope, slopes, 1, 16, 0, 16, p);
                    __builtin_memcpy(y + sample * units + first, out, rest);
                    if (!step) continue;
                    __builtin_memcpy(dx + sample * step + first, slope, rest);
                    for (int32_t i = 0; i < \(parameters); i++)
                        __builtin_memcpy(dp + i * plane + sample * step + first, slopes + 16 * i, rest);
                }
            }
            """
    }

    private static let interface = """
        void evt_kernel_forward(const float *restrict z, const float *restrict bias, float *restrict y, int64_t batch, int64_t units,
                                const float *restrict p) {
            float slope[16], slopes[evt_slopes];
            evt_layer(z, bias, y, slope, slopes, batch, units, 0, 16, p);
        }

        void evt_kernel_forward_gradient(const float *restrict z, const float *restrict bias, float *restrict y, float *restrict dx,
                                         float *restrict dp, int64_t batch, int64_t units, const float *restrict p) {
            evt_layer(z, bias, y, dx, dp, batch, units, units, batch * units, p);
        }

        """
}
