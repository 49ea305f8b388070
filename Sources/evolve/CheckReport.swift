import ActivationCompiler
import ActivationIR
import ActivationPasses
import EvolveTypes
import Foundation
import Reporting

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
    /// With --dump-after.
    var passes: PassDump?

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
        if let passes, ok || !passes.records.isEmpty { lines += [""] + passes.lines }
        return lines.joined(separator: "\n")
    }
}
