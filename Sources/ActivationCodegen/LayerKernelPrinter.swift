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
        let trained = gradient.outputs.count - 2
        var forward = gradient
        forward.outputs = [gradient.outputs[0]]
        var backward = gradient
        backward.outputs = Array(gradient.outputs.dropFirst())
        var first = LayerFunction(forward, targets: [.array("y")])
        var second = LayerFunction(
            backward, targets: [.array("xbar")] + (0..<trained).map { .sum("pbar_\($0)") })
        let forwardText = function(
            "evt_forward", ["const float *restrict z", "const float *restrict bias", "float *restrict y"],
            first.body(), parameters: 0)
        let backwardText = function(
            "evt_backward",
            [
                "const float *restrict z", "const float *restrict bias", "const float *restrict cotangent",
                "float *restrict xbar", "float *restrict pbar",
            ], second.body(), parameters: trained)
        return [helpers, forwardText, backwardText, interface(first.room, second.room)]
    }

    private static func function(_ name: String, _ arrays: [String], _ body: [String], parameters: Int) -> String {
        let arguments =
            arrays + [
                "int64_t batch", "int64_t units", "const float *restrict p", "float *restrict workspace",
            ]
        var lines = ["static __attribute__((noinline)) void \(name)(\(arguments.joined(separator: ", "))) {"]
        lines += LayerFunction.sizes.map { "    " + $0 }
        let names = arguments.map { $0.split(separator: " ").last ?? "" }.map { $0.drop { $0 == "*" } }
        lines.append("    \(names.map { "(void)\($0);" }.joined(separator: " "))")
        for index in 0..<parameters { lines.append("    float pbar_\(index) = 0.0f;") }
        lines += body
        for index in 0..<parameters { lines.append("    pbar[\(index)] = pbar_\(index);") }
        return (lines + ["}"]).joined(separator: "\n")
    }

    /// The functions of the interface. Rows that are no whole vectors are copied into such, and back.
    private static func interface(_ forward: LayerFunction.Room, _ backward: LayerFunction.Room) -> String {
        let sizes = LayerFunction.sizes.map { "    " + $0 }.joined(separator: "\n")
        return """
            int64_t evt_kernel_layer_workspace(int64_t batch, int64_t units) {
            \(sizes)
                const int64_t forward = \(forward.text) + 2 * room_elements + room_units;
                const int64_t backward = \(backward.text) + 3 * room_elements + room_units;
                return forward < backward ? backward : forward;
            }

            void evt_kernel_layer_forward(const float *restrict z, const float *restrict bias, float *restrict y, int64_t batch,
                                          int64_t units, const float *restrict p, float *restrict workspace) {
            \(sizes)
                if (pitch == count) {
                    evt_forward(z, bias, y, batch, units, p, workspace);
                    return;
                }
                float *restrict input = workspace + \(forward.text);
                float *restrict output = input + room_elements;
                float *restrict shift = output + room_elements;
                evt_copy(input, pitch, z, count, batch, count);
                evt_copy(shift, pitch, bias, count, 1, count);
                evt_forward(input, shift, output, batch, units, p, workspace);
                evt_copy(y, count, output, pitch, batch, count);
            }

            void evt_kernel_layer_backward(const float *restrict z, const float *restrict bias, const float *restrict cotangent,
                                           float *restrict xbar, float *restrict pbar, int64_t batch, int64_t units,
                                           const float *restrict p, float *restrict workspace) {
            \(sizes)
                if (pitch == count) {
                    evt_backward(z, bias, cotangent, xbar, pbar, batch, units, p, workspace);
                    return;
                }
                float *restrict input = workspace + \(backward.text);
                float *restrict slope = input + room_elements;
                float *restrict output = slope + room_elements;
                float *restrict shift = output + room_elements;
                evt_copy(input, pitch, z, count, batch, count);
                evt_copy(slope, pitch, cotangent, count, batch, count);
                evt_copy(shift, pitch, bias, count, 1, count);
                evt_backward(input, shift, slope, output, pbar, batch, units, p, workspace);
                evt_copy(xbar, count, output, pitch, batch, count);
            }
            """
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

        // Rows of `count` floats from rows that lie `step` apart to rows that lie `pitch` apart.
        static __attribute__((noinline)) void evt_copy(float *restrict to, int64_t pitch, const float *restrict from, int64_t step,
                                                       int64_t rows, int64_t count) {
            for (int64_t row = 0; row < rows; row++)
                __builtin_memcpy(to + row * pitch, from + row * step, (uint64_t)count * sizeof(float));
        }
        """
}
