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
    var cost: CostTable?
    var hash: String?
    var fingerprint: String?
    var scaleFreeFingerprint: String?
    var formula: String?
    var kernel: String?
    var values: [PointValue]?
    var layer: LayerReport?
    /// With --dump-after.
    var passes: PassDump?

    struct PointValue: Encodable {
        var x: Double
        var f: Double?
        var df: Double?
    }

    init(_ candidate: CompiledActivation) {
        ok = true
        diagnostics = candidate.warnings
        cost = CostTable(candidate)
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
