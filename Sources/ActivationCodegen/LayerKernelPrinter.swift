import ActivationIR
import Foundation

/// Prints the reverse program of an activation that reads its layer as C for the kernel interface:
///
///     int32_t evt_kernel_parameters(void);
///     const float *evt_kernel_initials(void);
///     int64_t evt_kernel_layer_workspace(int64_t batch, int64_t units);
///     void evt_kernel_layer_forward(const float *z, const float *bias, float *y, int64_t batch, int64_t units,
///                                   const float *p, float *workspace);
///     void evt_kernel_layer_backward(const float *z, const float *bias, const float *cotangent, float *xbar,
///                                    float *pbar, int64_t batch, int64_t units, const float *p, float *workspace);
///
/// z, y, cotangent (dL/dy) and xbar (dL/dx) are [batch × units], x = z + bias[unit]; pbar is dL/dp [parameters]; the
/// workspace is the caller's, of as many floats as the first function says, aligned to 64 bytes. Backward needs nothing
/// that forward left behind. Sums are taken in double precision, in an order that depends on sizes alone.
enum LayerKernelPrinter {
    /// - Parameter gradient: verified; outputs y, dL/dx, then each element's part of dL/dp.
    static func print(gradient: Program) -> [String] {
        var forward = gradient
        forward.outputs = [gradient.outputs[0]]
        var backward = gradient
        backward.outputs = Array(gradient.outputs.dropFirst())
        var first = LayerFunction(forward, targets: [.array("y")])
        var second = LayerFunction(
            backward, targets: [.array("xbar")] + gradient.parameters.indices.map { .sum("pbar_\($0)") })
        let forwardText = function(
            "evt_kernel_layer_forward", ["const float *restrict z", "const float *restrict bias", "float *restrict y"],
            first.body(), parameters: 0)
        let backwardText = function(
            "evt_kernel_layer_backward",
            [
                "const float *restrict z", "const float *restrict bias", "const float *restrict cotangent",
                "float *restrict xbar", "float *restrict pbar",
            ], second.body(), parameters: gradient.parameters.count)
        return [helpers, workspace([first.room, second.room]), forwardText, backwardText]
    }

    private static func workspace(_ rooms: [LayerFunction.Room]) -> String {
        var lines = ["int64_t evt_kernel_layer_workspace(int64_t batch, int64_t units) {"]
        lines += LayerFunction.sizes.map { "    " + $0 }
        lines.append("    const int64_t forward = \(rooms[0].text);")
        lines.append("    const int64_t backward = \(rooms[1].text);")
        lines += ["    return forward < backward ? backward : forward;", "}"]
        return lines.joined(separator: "\n")
    }

    private static func function(_ name: String, _ arrays: [String], _ body: [String], parameters: Int) -> String {
        let arguments =
            arrays + [
                "int64_t batch", "int64_t units", "const float *restrict p", "float *restrict workspace",
            ]
        var lines = ["void \(name)(\(arguments.joined(separator: ", "))) {"]
        lines += LayerFunction.sizes.map { "    " + $0 }
        lines.append("    (void)room_elements; (void)room_units; (void)room_batch; (void)p; (void)workspace;")
        lines.append("    \(arrays.map { "(void)\($0.split(separator: " ").last ?? "");" }.joined(separator: " "))")
        lines = lines.map { $0.replacingOccurrences(of: "(void)*", with: "(void)") }
        for index in 0..<parameters { lines.append("    float pbar_\(index) = 0.0f;") }
        lines += body
        for index in 0..<parameters { lines.append("    pbar[\(index)] = pbar_\(index);") }
        return (lines + ["}"]).joined(separator: "\n")
    }

    private static let helpers = """
        // The largest of `units` values and `start`; NaN is passed over. Sixteen at a time: a maximum has no order.
        static inline float evt_largest(const float *restrict values, int64_t units, float start) {
            float lanes[16];
            for (int32_t lane = 0; lane < 16; lane++) lanes[lane] = start;
            int64_t unit = 0;
            for (; unit + 16 <= units; unit += 16)
                for (int32_t lane = 0; lane < 16; lane++)
                    lanes[lane] = lanes[lane] < values[unit + lane] ? values[unit + lane] : lanes[lane];
            for (; unit < units; unit++) lanes[0] = lanes[0] < values[unit] ? values[unit] : lanes[0];
            for (int32_t lane = 1; lane < 16; lane++) lanes[0] = lanes[0] < lanes[lane] ? lanes[lane] : lanes[0];
            return lanes[0];
        }

        // result[u] = values[(u + places) mod units]
        static inline void evt_shift(float *restrict result, const float *restrict values, int64_t units, int64_t places) {
            const int64_t rest = places % units;
            const int64_t first = rest < 0 ? rest + units : rest;
            __builtin_memcpy(result, values + first, (uint64_t)(units - first) * sizeof(float));
            __builtin_memcpy(result + (units - first), values, (uint64_t)first * sizeof(float));
        }
        """
}
