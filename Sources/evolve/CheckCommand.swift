import ActivationCompiler
import ActivationPasses
import ActivationPython
import ArgumentParser
import EvolveTypes
import Foundation
import Reporting

/// `evolve check`: is this text a candidate, what does it cost, and are its value and derivative sound?
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check one C function: diagnostics, cost, formula.")

    @Argument(help: ArgumentHelp("A C file with float activation(float x), or a Python file.", valueName: "file.c"))
    var file: String

    @Option(
        parsing: .unconditional,
        help:
            "Also print f and f' at these values of x, as the compiled float32 kernel computes them, e.g. --at=-2,0,1.")
    var at: String?

    @Option(
        help: ArgumentHelp(
            "Also print y, dL/dx and dL/dp over a layer, as the compiled float32 kernel computes them: a JSON file "
                + #"{"x": [[…]], "cotangent": [[…]]}, rows are samples, cotangent is dL/dy."#,
            valueName: "layer.json"))
    var layer: String?

    @Option(
        help: ArgumentHelp(
            "Also print the program after this pass of the front end, wherever it changed something: all, "
                + FrontEndPass.names.joined(separator: ", ") + ".",
            valueName: "pass"))
    var dumpAfter: String?

    @Option(help: ArgumentHelp("Refuse what this suite of Fitness, or a suite file, would refuse.", valueName: "suite"))
    var suite: String?

    @Flag(help: "Also compile the training kernel and print the path of its shared object.")
    var kernel = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let points = try at.map { try Self.points($0) }
        let layer = try layer.map { try CheckedLayer.read($0) }
        let dump = try dumpAfter.map { try PassDump($0) }
        let report = try await report(points: points, layer: layer, dump: dump)
        if json { try Output.json(report) } else { Output.result(report.text(file: file)) }
        // The report itself has said what is wrong.
        if !report.ok { throw ExitCode(Failure.Kind.badInput.rawValue) }
    }

    private static func points(_ text: String) throws -> [Double] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let value = Double(part.trimmingCharacters(in: .whitespaces)), value.isFinite else {
                throw Failure(.misuse, "--at: \"\(part)\" is not a finite number; write for example --at=-2,-1,0,1")
            }
            return value
        }
    }

    /// With the limits of the suite; without one, all that any suite could allow.
    private func pipeline() throws -> ActivationPipeline {
        guard let suite else { return ActivationPipeline() }
        let policy = try Installation().loader.suite(nameOrFile: suite)
        return ActivationPipeline(costLimit: policy.costLimit, allow: policy.allow ?? .elementwise)
    }

    private func report(points: [Double]?, layer: CheckedLayer?, dump: PassDump?) async throws -> CheckReport {
        var dump = dump
        let result = try pipeline().compile(file: file) { dump?.note($0) }
        guard case .compiled(let candidate) = result else {
            var report = CheckReport(refusal: result)
            report.passes = dump
            return report
        }
        var report = CheckReport(candidate)
        report.passes = dump
        if kernel {
            report.kernel = try await Laboratory.compiler(try Installation()).compile(candidate.kernel).path
        }
        if let layer {
            report.layer = try await Laboratory.values(
                of: candidate.kernel, layer: layer, installation: try Installation())
        }
        if points != nil, candidate.program.readsLayer {
            throw Failure(
                .misuse, "\(file) looks at its layer and has no value at a point; use --layer instead of --at")
        }
        if let points {
            report.values = try await Laboratory.values(
                of: candidate.kernel, at: points, installation: try Installation())
        }
        return report
    }
}

extension ActivationPipeline {
    /// Compiles a person's file: C, or Python (.py), which is translated.
    func compile(file: String, observe: PassObserver? = nil) throws -> CompilationResult {
        let text = try SourceFile.read(file)
        guard file.hasSuffix(".py") else { return compile(text, observe: observe) }
        switch ActivationPython.translate(text) {
        case .refused(let diagnostic): return .refused([diagnostic])
        case .translated(let source):
            let result = compile(source, observe: observe)
            guard case .refused(let diagnostics) = result else { return result }
            // Their places are those of the C text, which nobody has seen.
            return .refused(diagnostics.map { Diagnostic($0.severity, line: 0, column: 0, $0.message) })
        }
    }
}

/// Reads a text file a person named.
enum SourceFile {
    static func read(_ path: String) throws -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(.badInput, "there is no file \(path)")
        }
        if isFolder.boolValue { throw Failure(.badInput, "\(path) is a folder; give a C source file") }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(.badInput, "\(path) cannot be read; check its permissions")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Failure(.badInput, "\(path) is not UTF-8 text; give a C source file")
        }
        return text
    }
}
