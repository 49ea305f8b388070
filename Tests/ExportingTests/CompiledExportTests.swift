import Foundation
import Testing

@testable import Exporting

/// C and Swift files, compiled and run.
@Suite("Exports to C and Swift")
struct CompiledExportTests {
    private static let elementwise = ExportCase.elementwise + ExportCase.known + ExportCase.names

    /// A folder of its own, which the caller removes.
    private static func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "compiled-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private static func write(_ tests: [ExportCase], _ target: ExportTarget, to folder: URL) throws -> [ExportValues] {
        try tests.map { test in
            let function = try #require(test.function(), "\(test.name)")
            try target.file(of: function).write(to: folder.appending(path: test.name + target.suffix))
            return ExportValues(test, function)
        }
    }

    private static func write(_ floats: [Float], to file: URL) throws {
        try floats.withUnsafeBytes { Data($0) }.write(to: file)
    }

    private static func floats(_ file: URL) throws -> [Float] {
        let data = try Data(contentsOf: file)
        return data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    /// What the function is called in C.
    private static func cName(_ test: ExportCase) -> String {
        ExportNames(test.name, parameters: [], language: CExport.language).function
    }

    /// At most one point in two hundred may be off by more than rounding: on the other side of a jump.
    private static func agree(_ found: [Float], _ wanted: [[Double]], _ loose: [[Double]]) -> Bool {
        let (wanted, loose) = (wanted.flatMap(\.self), loose.flatMap(\.self))
        let wrong = found.indices.count { place in
            let (value, slack) = (wanted[place], loose[place])
            guard value.isFinite, slack.isFinite, abs(value) < 1e30 else { return false }
            let error = abs(Double(found[place]) - value)
            return !(error <= 2e-5 * (1 + abs(value)) + slack)
        }
        return found.count == wanted.count && wrong * 200 <= found.count
    }

    @Test(
        "C: all headers together in one file, and a value and a gradient at 4,096 points", arguments: ["c99", "c++17"])
    func c(standard: String) throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let values = try Self.write(Self.elementwise, .c, to: folder)
        var main = Self.elementwise.map { "#include \"\($0.name).h\"\n" }.joined()
        main += """
            #include <stdio.h>
            static float x[4096], g[4096], y[4096], dx[4096], dp[16];
            int main(int count, char **names) {
                FILE *in = fopen(names[1], "rb"), *out = fopen(names[2], "wb");
                if (count != 3 || !in || !out || fread(x, 4, 4096, in) != 4096 || fread(g, 4, 4096, in) != 4096) return 1;

            """
        for name in Self.elementwise.map(Self.cName) {
            main += """
                    \(name)_forward(x, y, 4096, \(name)_initials);
                    \(name)_backward(x, g, dx, dp, 4096, \(name)_initials);
                    fwrite(y, 4, 4096, out); fwrite(dx, 4, 4096, out); fwrite(dp, 4, 16, out);

                """
        }
        main += "    return fclose(out);\n}\n"
        let file = folder.appending(path: standard == "c99" ? "main.c" : "main.cpp")
        try Data(main.utf8).write(to: file)
        try Self.write((values[0].x32 + values[0].g32).joined().map { Float($0) }, to: folder.appending(path: "in"))
        let program = folder.appending(path: "main")
        let compiled = try ChildProgram.run(
            standard == "c99" ? "gcc" : "g++",
            [
                "-std=\(standard)", "-O2", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror",
                "-Wno-unused-variable", file.path, "-o", program.path, "-lm",
            ])
        try #require(compiled.status == 0, "\(compiled.output.prefix(3000))")
        let ran = try ChildProgram.run(
            program.path, [folder.appending(path: "in").path, folder.appending(path: "out").path])
        try #require(ran.status == 0)
        let results = try Self.floats(folder.appending(path: "out"))
        for (place, value) in values.enumerated() {
            let start = place * (2 * 4096 + 16)
            #expect(Self.agree(Array(results[start..<start + 4096]), value.y32, value.yLoose), "\(value.name)")
            #expect(
                Self.agree(Array(results[start + 4096..<start + 8192]), value.dx32, value.dxLoose), "\(value.name)'")
            let dp = value.dp32.map { abs($0) < 1e30 ? $0 : .nan }
            #expect(
                Self.agree(
                    Array(results[start + 8192..<start + 8192 + dp.count]), [dp], [dp.map { 1e-3 * abs($0) + 0.1 }]),
                "dp of \(value.name)")
        }
    }

    @Test("C: a header checks itself, and sees a backward that is wrong")
    func itself() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let tests = (ExportCase.elementwise + ExportCase.names + ExportCase.layer).filter {
            ["ripple", "of_files", "masked", "weighed", "neighbours"].contains($0.name)
        }
        _ = try Self.write(tests, .c, to: folder)
        func check(_ name: String, _ file: URL) throws -> Int32 {
            let program = folder.appending(path: "check").path
            let compiled = try ChildProgram.run(
                "gcc",
                [
                    "-x", "c", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror",
                    "-D\(name.uppercased())_CHECK", file.path, "-o", program, "-lm",
                ])
            try #require(compiled.status == 0, "\(name): \(compiled.output.prefix(2000))")
            return try ChildProgram.run(program, []).status
        }
        for test in tests {
            #expect(try check(test.name, folder.appending(path: test.name + ".h")) == 0, "\(test.name)")
        }
        let text = try String(contentsOf: folder.appending(path: "ripple.h"), encoding: .utf8)
        for (line, other) in [("cosf(", "tanhf("), ("(double)(g[i] * slopes[k])", "(double)slopes[k]")] {
            let file = folder.appending(path: "wrong.h")
            #expect(text.contains(line))
            try Data(text.replacing(line, with: other).utf8).write(to: file)
            #expect(try check("ripple", file) == 1, "\(other) is not seen")
        }
    }

    @Test("C: two files of a program include the same headers, one of the layer among them")
    func twoFiles() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let tests = [ExportCase.elementwise[0], ExportCase.names[0]] + ExportCase.layer
        _ = try Self.write(tests, .c, to: folder)
        let includes = tests.map { "#include \"\($0.name).h\"\n" }.joined()
        let files = [folder.appending(path: "one.c"), folder.appending(path: "two.c")]
        try Data((includes + "int two(void) { return 0; }\n").utf8).write(to: files[1])
        try Data((includes + "int two(void);\nint main(void) { return two(); }\n").utf8).write(to: files[0])
        let compiled = try ChildProgram.run(
            "gcc",
            ["-std=gnu11", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"] + files.map(\.path) + [
                "-o", folder.appending(path: "main").path, "-lm",
            ])
        #expect(compiled.status == 0, "\(compiled.output.prefix(3000))")
    }

    @Test("C: functions of the layer, by the kernels that are trained with")
    func layer() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let values = try Self.write(ExportCase.layer, .c, to: folder)
        var main = ExportCase.layer.map { "#include \"\($0.name).h\"\n" }.joined()
        main += """
            #include <stdio.h>
            #include <stdlib.h>
            static float x[192], g[192], bias[6], y[192], dx[192], dp[16];
            int main(int count, char **names) {
                FILE *in = fopen(names[1], "rb"), *out = fopen(names[2], "wb");
                if (count != 3 || !in || !out || fread(x, 4, 192, in) != 192 || fread(g, 4, 192, in) != 192) return 1;
                float *workspace = aligned_alloc(64, 1 << 20);

            """
        for test in ExportCase.layer {
            main += """
                    if (\(test.name)_workspace(32, 6) * 4 > 1 << 20) return 2;
                    \(test.name)_forward(x, bias, y, 32, 6, \(test.name)_initials(), workspace);
                    \(test.name)_backward(x, bias, g, dx, dp, 32, 6, \(test.name)_initials(), workspace);
                    fwrite(y, 4, 192, out); fwrite(dx, 4, 192, out);

                """
        }
        main += "    return fclose(out);\n}\n"
        try Data(main.utf8).write(to: folder.appending(path: "main.c"))
        let input = (values[0].x32 + values[0].g32).flatMap(\.self).map { Float($0) }
        try Self.write(input, to: folder.appending(path: "in"))
        let program = folder.appending(path: "main")
        let compiled = try ChildProgram.run(
            "gcc", ["-std=gnu11", "-O2", "-w", folder.appending(path: "main.c").path, "-o", program.path, "-lm"])
        try #require(compiled.status == 0, "\(compiled.output.prefix(3000))")
        let ran = try ChildProgram.run(
            program.path, [folder.appending(path: "in").path, folder.appending(path: "out").path])
        try #require(ran.status == 0)
        let results = try Self.floats(folder.appending(path: "out"))
        for (place, value) in values.enumerated() {
            let start = place * 384
            #expect(Self.agree(Array(results[start..<start + 192]), value.y32, value.yLoose), "\(value.name)")
            #expect(Self.agree(Array(results[start + 192..<start + 384]), value.dx32, value.dxLoose), "\(value.name)'")
        }
    }

    @Test("Swift: all files together in one module")
    func swift() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let values = try Self.write(Self.elementwise, .swift, to: folder)
        var main = """
            import Foundation
            let numbers = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1])).withUnsafeBytes {
                Array($0.bindMemory(to: Float.self))
            }
            let (points, g) = (Array(numbers.prefix(4096)), Array(numbers.dropFirst(4096)))
            var results: [Float] = []

            """
        for value in values {
            main +=
                "results += \(value.type)()(points) + zip(points, g).map { \(value.type)().gradient(at: $0).dx * $1 }\n"
            main += "guard \(value.type).isSound() else { fatalError(\"\(value.type)\") }\n"
        }
        main += "try results.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: CommandLine.arguments[2]))\n"
        try Data(main.utf8).write(to: folder.appending(path: "main.swift"))
        try Self.write((values[0].x32 + values[0].g32).joined().map { Float($0) }, to: folder.appending(path: "in"))
        let program = folder.appending(path: "main")
        let sources = Self.elementwise.map { folder.appending(path: $0.name + ".swift").path }
        let compiled = try ChildProgram.run(
            "swiftc",
            ["-O", "-swift-version", "6"] + sources + [folder.appending(path: "main.swift").path, "-o", program.path])
        try #require(compiled.status == 0, "\(compiled.output.prefix(3000))")
        let ran = try ChildProgram.run(
            program.path, [folder.appending(path: "in").path, folder.appending(path: "out").path])
        try #require(ran.status == 0, "\(ran.output)")
        let results = try Self.floats(folder.appending(path: "out"))
        for (place, value) in values.enumerated() {
            let start = place * 8192
            #expect(Self.agree(Array(results[start..<start + 4096]), value.y32, value.yLoose), "\(value.name)")
            #expect(
                Self.agree(Array(results[start + 4096..<start + 8192]), value.dx32, value.dxLoose), "\(value.name)'")
        }
    }
}
