import ActivationCodegen
import ActivationIR
import ActivationPasses
import Foundation

/// Printed kernels compiled together by the C compiler into one shared object, and loaded.
final class CompiledKernels {
    typealias Forward =
        @convention(c) (
            UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int64, Int64, UnsafePointer<Float>
        ) -> Void
    typealias ForwardGradient =
        @convention(c) (
            UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>,
            UnsafeMutablePointer<Float>, Int64, Int64, UnsafePointer<Float>
        ) -> Void
    typealias Count = @convention(c) () -> Int32
    typealias Initials = @convention(c) () -> UnsafePointer<Float>?

    struct Failed: Error { var message: String }

    static let flags =
        KernelSource.compilerFlags + [
            "-fPIC", "-Wall", "-Wextra",
            // Else of two equal kernels only one would be compiled, and reported as vectorised.
            "-fno-ipa-icf",
        ]

    /// What the compiler said besides its remarks on vectorisation; empty when it is content.
    let messages: String
    /// For each kernel, how many inner loops it has.
    let loopCounts: [Int]
    /// For each kernel, how many of its inner loops the compiler says it vectorised.
    let vectorisedLoops: [Int]
    private let library: UnsafeMutableRawPointer

    /// - Parameter kernels: each gets its own prefix in place of `evt_`, so that all fit in one text.
    init(_ kernels: [KernelSource]) throws {
        var lines: [Substring] = []
        var loops: [[ClosedRange<Int>]] = []
        for (number, kernel) in kernels.enumerated() {
            let start = lines.count
            let text = kernel.text.replacingOccurrences(of: "evt_", with: "k\(number)_")
            lines += text.split(separator: "\n", omittingEmptySubsequences: false)
            loops.append(Self.innerLoops(of: lines, from: start))
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "kernels-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "kernels.c")
        let object = folder.appending(path: "kernels.so")
        try Data(lines.joined(separator: "\n").utf8).write(to: source)
        let output = try Self.compile(
            Self.flags + ["-fopt-info-vec-optimized", "-shared", source.path, "-o", object.path, "-lmvec", "-lm"])
        let (remarks, others) = Self.sorted(output)
        messages = others
        loopCounts = loops.map(\.count)
        vectorisedLoops = loops.map { $0.count { loop in remarks.contains { loop.contains($0) } } }
        guard let library = dlopen(object.path, RTLD_NOW | RTLD_LOCAL) else {
            throw Failed(message: "could not load: \(output)")
        }
        self.library = library
    }

    /// 1-based lines of the loops that are meant to be vectorised.
    private static func innerLoops(of lines: [Substring], from start: Int) -> [ClosedRange<Int>] {
        (start + 1..<lines.count).filter { lines[$0 - 1].hasPrefix("#pragma omp simd") }.map { head in
            let closing = lines[head].prefix { $0 == " " } + "}"
            let end = lines[head...].firstIndex { $0 == closing } ?? head
            return head + 1...end + 1
        }
    }

    /// The lines of vectorised loops, and the rest of the text.
    private static func sorted(_ output: String) -> (remarks: [Int], others: String) {
        var remarks: [Int] = []
        var others: [Substring] = []
        for line in output.split(separator: "\n") {
            if line.contains("optimized: basic block") { continue }
            guard line.contains("optimized: loop vectorized") else {
                others.append(line)
                continue
            }
            let parts = line.split(separator: ":")
            if parts.count > 1, let number = Int(parts[1]) { remarks.append(number) }
        }
        return (remarks, others.joined(separator: "\n"))
    }

    deinit { dlclose(library) }

    /// The instructions of each function, in words, of kernels compiled together.
    static func assembly(_ kernels: [KernelSource]) throws -> [String: [[Substring]]] {
        let text = kernels.enumerated().map { $1.text.replacingOccurrences(of: "evt_", with: "k\($0)_") }
        let source = FileManager.default.temporaryDirectory.appending(path: "kernels-\(UUID().uuidString).c")
        defer { try? FileManager.default.removeItem(at: source) }
        try Data(text.joined(separator: "\n").utf8).write(to: source)
        let output = try compile(flags + ["-w", "-S", source.path, "-o", "/dev/stdout"])
        var functions: [String: [[Substring]]] = [:]
        var function = ""
        for line in output.split(separator: "\n") {
            if line.first != "\t" {
                if line.first == "k", line.hasSuffix(":") { function = String(line.dropLast()) }
            } else if !line.hasPrefix("\t.") {
                functions[function, default: []].append(line.split { "\t ,".contains($0) })
            }
        }
        return functions
    }

    /// Runs the C compiler; returns everything it printed.
    static func compile(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["cc"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    func function<T>(_ name: String, of kernel: Int, as type: T.Type) throws -> T {
        guard let symbol = dlsym(library, "k\(kernel)_kernel_\(name)") else { throw Failed(message: "no \(name)") }
        return unsafeBitCast(symbol, to: type)
    }

    /// The columns y, dx, dp… of kernel number `kernel` at `inputs`, as one sample of so many units and no bias; and y
    /// of the forward function.
    func evaluate(_ kernel: Int, inputs: [Float], parameters: [Float]) throws -> (gradient: [[Float]], forward: [Float])
    {
        let units = inputs.count
        let bias = [Float](repeating: -0.0, count: units)  // x + −0 is x, for both zeros.
        var (y, dx, forward) = (bias, bias, bias)
        var dp = [Float](repeating: 0, count: max(1, units * parameters.count))
        let given = parameters.isEmpty ? [0] : parameters
        try function("forward_gradient", of: kernel, as: ForwardGradient.self)(
            inputs, bias, &y, &dx, &dp, 1, Int64(units), given)
        try function("forward", of: kernel, as: Forward.self)(inputs, bias, &forward, 1, Int64(units), given)
        let slopes = parameters.indices.map { Array(dp[($0 * units)..<(($0 + 1) * units)]) }
        return ([y, dx] + slopes, forward)
    }
}
