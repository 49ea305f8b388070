import ActivationIR
import ActivationPasses
import Foundation
import Testing

@testable import ActivationCodegen

/// Our own vector functions beside the C library's in double precision, over floats of all bit patterns.
@Suite("Vector maths")
struct VectorMathsTests {
    /// Name, the true function in C, and whether only arguments near 0 are meant.
    static let functions = [
        ("evt_exp", "exp(a)", false), ("evt_sin", "sin(a)", true), ("evt_cos", "cos(a)", true),
        ("evt_erf", "erf(a)", false), ("evt_sigmoid", "1 / (1 + exp(-a))", false),
        ("evt_softplus", "fmax(a, 0) + log1p(exp(-fabs(a)))", false),
    ]

    /// The machine's own instructions, and those of any x86-64 processor, which have no fused products.
    static let machines = ["native", "x86-64"]

    @Test("are within 3 units in the last place for any argument", arguments: machines)
    func accuracy(machine: String) throws {
        #if !arch(x86_64)
        guard machine == "native" else { return }
        #endif
        // A prime, so that all exponents meet many mantissas: 4.2 and 0.4 million floats.
        let stride = machine == "native" ? 1021 : 10_007
        let report = try Self.report(machine: machine, stride: stride)
        #expect(report.count == Self.functions.count)
        for line in report {
            let words = line.split(separator: " ")
            let (units, wrong, count) = (try #require(Double(words[1])), words[2], try #require(Int(words[3])))
            #expect(units < 3, "\(line)")
            #expect(wrong == "0", "infinities, NaN or zeros differ: \(line)")
            #expect(count > (1 << 32) / stride * 4 / 5, "\(line)")
        }
    }

    @Test("sines of huge arguments are right, and those of infinities are not a number")
    func far() throws {
        let program = Examples.program { b, x in b.unary(.sin, x) }
        let compiled = try CompiledKernels([KernelPrinter.print(gradient: Gradient.differentiate(program))])
        let inputs: [Float] = [
            1, 9e4, 1.1e5, -1.1e5, 8.1e3, 1e6, 1e10, -1e20, 3e38, .greatestFiniteMagnitude, 0x1p100, 2, -3,
            .leastNonzeroMagnitude, .infinity, -.infinity, .nan, 0, -0.0,
        ]
        let values = try compiled.evaluate(0, inputs: inputs, parameters: []).gradient
        for (place, x) in inputs.enumerated() {
            for (column, exact) in [sin(Double(x)), cos(Double(x))].enumerated() {
                let value = values[column][place]
                let isNear = abs(Double(value) - exact) <= 4 * Double(Float(exact).ulp)
                #expect(
                    value.isNaN == exact.isNaN && (exact.isNaN || isNear),
                    "column \(column) at \(x): \(value), not \(exact)")
            }
        }
        #expect(values[0][17] == 0 && values[0][18].sign == .minus)
    }

    /// One line a function: name, largest error in units in the last place, special values that differ, arguments.
    private static func report(machine: String, stride: Int) throws -> [Substring] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "maths-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "maths.c")
        let program = folder.appending(path: "maths")
        try Data(text.utf8).write(to: source)
        let flags = KernelSource.compilerFlags.map { $0 == "-march=native" ? "-march=\(machine)" : $0 }
        let said = try CompiledKernels.compile(flags + [source.path, "-o", program.path, "-lm"])
        #expect(said.isEmpty, "\(said)")
        let process = Process()
        process.executableURL = program
        process.arguments = ["\(stride)"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }

    private static var text: String {
        let helpers = KernelHelpers.closure(of: Set(functions.map(\.0))).map(\.text).joined(separator: "\n")
        let measures = functions.map { name, exact, isRanged in
            """
            static void measure_\(name)(uint32_t stride) {
                double worst = 0;
                uint32_t at = 0, wrong = 0, count = 0;
                for (uint64_t first = 0; first < 1ull << 32; first += 4096ull * stride) {
                    float in[4096], out[4096];
                    for (uint32_t i = 0; i < 4096; i++) in[i] = evt_float((int32_t)(uint32_t)(first + (uint64_t)i * stride));
            #pragma omp simd
                    for (uint32_t i = 0; i < 4096; i++) out[i] = \(name)(in[i]);
                    for (uint32_t i = 0; i < 4096 && first + (uint64_t)i * stride < 1ull << 32; i++) {
                        const double a = in[i];
                        count++;
                        if (\(isRanged ? "isfinite(a) && evt_far(in[i])" : "0")) continue;
                        const double exact = \(exact);
                        if (isnan(exact) || isinf((float)exact)) {
                            // The largest float may be rounded to infinity.
                            wrong += isnan(exact) ? !isnan(out[i]) : out[i] < 3.4028e38f;
                            continue;
                        }
                        const double size = fabs((double)(float)exact);
                        const double unit = size < 1.17549435e-38 ? 1.17549435e-38 : ldexp(1, ilogb(size) - 23);
                        // Near the zeros of sine and cosine other than 0, where two parts of π/2 have no more digits: absolute.
                        const double error = fabs(out[i] - exact) / (\(isRanged ? "fmax(unit, 4e-8 * (fabs(a) > 1))" : "unit"));
                        if (!(error <= worst)) { worst = error; at = (uint32_t)evt_bits(in[i]); }
                    }
                }
                printf("\(name) %.3f %u %u at %a\\n", worst, wrong, count, (double)evt_float((int32_t)at));
            }
            """
        }
        return """
            #include <math.h>
            #include <stdint.h>
            #include <stdio.h>
            #include <stdlib.h>
            \(KernelHelpers.inline)
            \(helpers)
            \(measures.joined(separator: "\n"))
            int main(int count, char **arguments) {
                const uint32_t stride = count > 1 ? (uint32_t)atoi(arguments[1]) : 1021;
            \(functions.map { "    measure_\($0.0)(stride);" }.joined(separator: "\n"))
                return 0;
            }
            """
    }
}
