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
        help:
            "Also print f and f' at these values of x, as the compiled float32 kernel computes them, e.g. --at=-2,0,1.")
    var at: String?

    @Flag(help: "Also compile the training kernel and print the path of its shared object.")
    var kernel = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let points = try at.map { try Self.points($0) }
        let report = try await report(points: points)
        if json { try Output.json(report) } else { Output.result(report.text(file: file)) }
        // The report itself has said what is wrong.
        if !report.ok { throw ExitCode(Failure.Kind.badInput.rawValue) }
    }

    private static func points(_ text: String) throws -> [Double] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let value = Double(part.trimmingCharacters(in: .whitespaces)) else {
                throw Failure(.misuse, "--at: \"\(part)\" is not a number; write for example --at=-2,-1,0,1")
            }
            return value
        }
    }

    private func report(points: [Double]?) async throws -> CheckReport {
        switch ActivationPipeline().compile(try SourceFile.read(file)) {
        case .compiled(let candidate):
            var report = CheckReport(
                ok: true, diagnostics: candidate.warnings, cost: CheckReport.CostReport(candidate),
                hash: candidate.canonicalHash, fingerprint: candidate.fingerprint,
                scaleFreeFingerprint: ScaleFreeFingerprint.of(candidate.program), formula: candidate.formula)
            if kernel {
                report.kernel = try await Laboratory.compiler(try Installation()).compile(candidate.kernel).path
            }
            if let points {
                report.values = try await Laboratory.values(
                    of: candidate.kernel, at: points, installation: try Installation())
            }
            return report
        case .refused(let diagnostics): return CheckReport(ok: false, diagnostics: diagnostics)
        case .unsound(let reason): return CheckReport(ok: false, diagnostics: [Diagnostic(line: 0, column: 0, reason)])
        case .tooCostly(let cost, let limit):
            let text = "costs \(cost) operations per element, the limit is \(limit)"
            return CheckReport(ok: false, diagnostics: [Diagnostic(line: 0, column: 0, text)])
        }
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
        return lines.joined(separator: "\n")
    }
}

/// Reads a text file a person named.
enum SourceFile {
    static func read(_ path: String) throws -> String {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw Failure(.badInput, "\(path) cannot be read: \(error.localizedDescription)")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Failure(.badInput, "\(path) is not UTF-8 text; give a C source file")
        }
        return text
    }
}
