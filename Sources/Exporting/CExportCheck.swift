/// The test values of a C header, and the program that checks the header by them.
enum CExportCheck {
    static func elementwise(_ function: ExportedFunction, _ names: ExportNames) -> String {
        let name = names.function
        let values = TestValues(function)
        return """

            /* Values computed in double precision, for a check of this file: cc -x c -D\(name.uppercased())_CHECK FILE -lm */
            #ifdef \(name.uppercased())_CHECK
            #include <stdio.h>
            \(compared(name))
            int main(void) {
                enum { count = \(values.x[0].count) };
            \(arrays(values, "count"))
                float found[count], slopes[count], sums[\(max(1, values.dp.count))];
                \(name)_forward(x, found, count, \(name)_initials);
                \(name)_backward(x, g, slopes, sums, count, \(name)_initials);
            \(ending(name, "count", values.dp.count))
            """
    }

    static func layer(_ function: ExportedFunction, _ names: ExportNames) -> String {
        let name = names.function
        let values = TestValues(function)
        return """

            /* Values computed in double precision, for a check of this file: cc -x c -D\(name.uppercased())_CHECK FILE -lm */
            #ifdef \(name.uppercased())_CHECK
            #include <math.h>
            #include <stddef.h>
            #include <stdio.h>
            #include <stdlib.h>
            \(compared(name))
            int main(void) {
                enum { batch = \(values.x.count), units = \(values.x[0].count) };
            \(arrays(values, "batch * units"))
                static const float bias[units] = {0.0f};
                float found[batch * units], slopes[batch * units], sums[\(max(1, values.dp.count))];
                const size_t bytes = (size_t)\(name)_workspace(batch, units) * sizeof(float);
                float *workspace = aligned_alloc(64, (bytes + 63) / 64 * 64);
                if (!workspace) return 2;
                \(name)_forward(x, bias, found, batch, units, \(name)_initials(), workspace);
                \(name)_backward(x, bias, g, slopes, sums, batch, units, \(name)_initials(), workspace);
                free(workspace);
            \(ending(name, "batch * units", values.dp.count))
            """
    }

    /// How many of some values are not as they should be.
    private static func compared(_ name: String) -> String {
        """
        static int \(name)_wrong(const float *found, const float *wanted, size_t count) {
            int wrong = 0;
            for (size_t i = 0; i < count; i++) wrong += !(fabsf(found[i] - wanted[i]) <= 1e-4f * (1.0f + fabsf(wanted[i])));
            return wrong;
        }

        """
    }

    private static func arrays(_ values: TestValues, _ size: String) -> String {
        func array(_ name: String, _ size: String, _ rows: [[Double]]) -> String {
            let list = rows.joined().map(CExport.literal)
            return
                "    static const float \(name)[\(size)] = {\((list.isEmpty ? ["0.0f"] : list).joined(separator: ", "))};"
        }
        let results = [("x", values.x), ("g", values.g), ("y", values.y), ("dx", values.dx)]
        return (results.map { array($0.0, size, $0.1) } + [array("dp", "\(max(1, values.dp.count))", [values.dp])])
            .joined(separator: "\n")
    }

    private static func ending(_ name: String, _ size: String, _ parameters: Int) -> String {
        """
            const int wrong = \(name)_wrong(found, y, \(size)) + \(name)_wrong(slopes, dx, \(size))
                + \(name)_wrong(sums, dp, \(parameters));
            printf("%d wrong\\n", wrong);
            return wrong != 0;
        }
        #endif
        """
    }
}
