import ActivationCompiler
import ActivationIR
import ActivationPasses
import ArgumentParser
import EvolveTypes
import Foundation
import Reporting

/// `evolve check`: is this text a candidate, what does it cost, and are its value and derivative sound?
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check one C function: diagnostics, cost, formula, derivative.")

    @Argument(help: ArgumentHelp("A C file with float activation(float x).", valueName: "file.c"))
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

    @Flag(help: "Also compile the training kernel and print the path of its shared object.")
    var kernel = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let points = try at.map { try Self.points($0) }
        let layer = try layer.map { try CheckedLayer.read($0) }
        let report = try await report(points: points, layer: layer)
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

    private func report(points: [Double]?, layer: CheckedLayer?) async throws -> CheckReport {
        let result = ActivationPipeline().compile(try SourceFile.read(file))
        guard case .compiled(let candidate) = result else { return CheckReport(refusal: result) }
        var report = CheckReport(candidate)
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

/// The JSON of `check`; the keys are documented in docs/json.md.
struct CheckReport: Encodable {
    var ok: Bool
    var diagnostics: [Diagnostic]
    var cost: CostReport?
    var hash: String?
    var fingerprint: String?
    var scaleFreeFingerprint: String?
    var formula: String?
    var kernel: String?
    var values: [PointValue]?
    var layer: LayerReport?

    struct CostReport: Encodable {
        var arithmetic: Double
        var transcendental: Double
        var total: Double
        var lines: [Line]

        struct Line: Encodable {
            /// 0: operations of no line.
            var line: Int
            var arithmetic: Double
            var transcendental: Double
            var total: Double
            var text: String
        }

        init(_ candidate: CompiledActivation) {
            arithmetic = candidate.cost.arithmetic
            transcendental = candidate.cost.transcendental
            total = candidate.cost.total
            let source = candidate.source.split(separator: "\n", omittingEmptySubsequences: false)
            lines = Cost.byLine(gradient: candidate.gradient).sorted { $0.key < $1.key }.map { number, cost in
                Line(
                    line: number, arithmetic: cost.arithmetic, transcendental: cost.transcendental, total: cost.total,
                    text: source.indices.contains(number - 1)
                        ? source[number - 1].trimmingCharacters(in: .whitespaces) : "")
            }
        }

        /// Where the cost sits: cost, line and its text.
        var table: [String] {
            var columns = Columns([.right, .right, .left])
            columns.add(["cost", "line", ""])
            for line in lines where line.total > 0 {
                columns.add([Figures.cost(line.total), "\(line.line)", line.text])
            }
            return columns.lines
        }
    }

    struct PointValue: Encodable {
        var x: Double
        var f: Double?
        var df: Double?
    }

    init(_ candidate: CompiledActivation) {
        ok = true
        diagnostics = candidate.warnings
        cost = CostReport(candidate)
        hash = candidate.canonicalHash
        fingerprint = candidate.fingerprint
        if !candidate.program.readsLayer { scaleFreeFingerprint = ScaleFreeFingerprint.of(candidate.program) }
        formula = candidate.formula
    }

    /// Of a text that did not compile to a candidate.
    init(refusal: CompilationResult) {
        ok = false
        switch refusal {
        case .compiled(let candidate): diagnostics = candidate.warnings
        case .refused(let found): diagnostics = found
        case .unsound(let reason): diagnostics = [Diagnostic(line: 0, column: 0, reason)]
        case .tooCostly(let cost, let limit):
            let text = "it costs \(Figures.cost(cost)) operations per element, the limit is \(Figures.cost(limit))"
            diagnostics = [Diagnostic(line: 0, column: 0, text)]
        }
    }

    func text(file: String) -> String {
        var lines = diagnostics.map { diagnostic in
            let place = diagnostic.line > 0 ? "\(file):\(diagnostic.line):\(diagnostic.column)" : file
            return "\(place): \(diagnostic.severity.rawValue): \(diagnostic.message)"
        }
        if let formula, let cost, let hash {
            var facts = Columns([.left, .left])
            facts.add(["formula", formula])
            facts.add([
                "cost",
                "\(Figures.cost(cost.total)) operations per element and step "
                    + "(\(Figures.cost(cost.arithmetic)) arithmetic, \(Figures.cost(cost.transcendental)) transcendental)",
            ])
            facts.add(["hash", hash])
            if let kernel { facts.add(["kernel", kernel]) }
            lines += ["\(file): ok"] + facts.lines
            if cost.lines.count > 1 { lines += [""] + cost.table }
        }
        if let values {
            var columns = Columns([.right, .right, .right])
            columns.add(["x", "f(x)", "f'(x)"])
            for value in values {
                columns.add([value.x, value.f, value.df].map { $0.map { "\($0)" } ?? "not finite" })
            }
            lines += [""] + columns.lines
        }
        if let layer { lines += [""] + layer.lines }
        return lines.joined(separator: "\n")
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
