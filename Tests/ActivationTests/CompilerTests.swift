import ActivationCompiler
import ActivationIR
import EvolveTypes
import Foundation
import Testing

@Suite("From text to a checked candidate")
struct CompilerTests {
    private static func compiled(_ source: String) throws -> CompiledActivation {
        switch ActivationPipeline().compile(source) {
        case .compiled(let candidate): return candidate
        case let other:
            Issue.record("\(source)\n\(other)")
            throw Failure(.internalError, "not compiled")
        }
    }

    private static func returning(_ expression: String) -> String {
        "float activation(float x) { return \(expression); }"
    }

    @Test("Spellings of one function share a fingerprint; padding costs nothing")
    func spellings() throws {
        let silu = [
            "x * sigmoid(x)", "x / (1.0f + expf(-x))", "0.5f * x * (1.0f + tanhf(0.5f * x))",
            "(x + 0.0f) * 1.0f * sigmoid(x) + (x - x)",
        ].map { Self.returning($0) }
        let candidates = try silu.map { try Self.compiled($0) }
        #expect(Set(candidates.map(\.fingerprint)).count == 1)
        #expect(candidates[3].cost.total == candidates[0].cost.total)
        #expect(try Self.compiled(Self.returning("x * sigmoid(1.01f * x)")).fingerprint != candidates[0].fingerprint)
    }

    @Test("Every stage refuses in its own words")
    func refusals() {
        func verdict(_ source: String, limit: Double? = nil) -> CompilationResult {
            ActivationPipeline(costLimit: limit).compile(source)
        }
        if case .refused(let diagnostics) = verdict(Self.returning("sine(x)")) {
            #expect(diagnostics.first?.message.contains("sine") == true)
            #expect(diagnostics.first?.line == 1)
        } else {
            Issue.record("an unknown function was not refused")
        }
        if case .tooCostly(let cost, let limit) = verdict(Self.returning("erff(x)"), limit: 10) {
            #expect(cost > 10 && limit == 10)
        } else {
            Issue.record("the cost limit did not hold")
        }
        for source in ["1.0f / x", "logf(x)", "expf(x)", "sqrtf(x)"] {
            guard case .unsound(let reason) = verdict(Self.returning(source)) else {
                Issue.record("\(source) was not found unsound")
                continue
            }
            #expect(reason.contains("x = ") || reason.contains("at "), "\(reason)")
        }
        if case .refused(let diagnostics) = verdict(Self.returning("x - x")) {
            #expect(diagnostics.first?.message.contains("x") == true)
        } else {
            Issue.record("a constant function was not refused")
        }
    }

    @Test("The masked 0/0 of sinc has slope 0 at 0 and is finite everywhere")
    func maskedSinc() throws {
        let sinc = try Self.compiled(Self.returning("x == 0.0f ? 1.0f : sinf(x) / x"))
        let grid = [0.0, -0.0, 1e-40, 1e-20, 1e-6, 0.5, 3, 1e4, -1e4]
        let outputs = Interpreter.evaluate(sinc.gradient, inputs: grid)
        #expect(outputs[0][0] == 1 && outputs[1][0] == 0 && outputs[1][1] == 0)
        for value in outputs.joined() { #expect(value.isFinite) }
    }

    @Test("A suite of elementwise functions refuses what reads its layer, and names it; unsound layers are found")
    func layers() {
        let source = "float activation(float x)\n{\n    return x - unit_mean(x);\n}\n"
        guard case .refused(let reasons) = ActivationPipeline(allow: .elementwise).compile(source) else {
            Issue.record("accepted")
            return
        }
        #expect(reasons.count == 1 && reasons[0].line == 3 && reasons[0].message.contains("'unit_mean' reads other"))
        // Simplified away, a statistic is none.
        let none = source.replacingOccurrences(of: "unit_mean(x)", with: "unit_mean(0.5f)")
        guard case .compiled = ActivationPipeline(allow: .elementwise).compile(none) else {
            Issue.record("the mean of a constant is a constant")
            return
        }
        // No variance, and nothing under the root to guard it.
        let unsound = source.replacingOccurrences(
            of: "unit_mean(x)", with: "x / sqrtf(unit_mean((x - unit_mean(x)) * (x - unit_mean(x))))")
        guard case .unsound(let reason) = ActivationPipeline().compile(unsound) else {
            Issue.record("division by no variance was accepted")
            return
        }
        #expect(reason.contains("not finite"))
    }

    @Test("Spellings of one layer function share a fingerprint, other axes and shifts do not")
    func layerIdentity() throws {
        func identity(_ value: String) throws -> (hash: String, fingerprint: String) {
            guard
                case .compiled(let candidate) = ActivationPipeline().compile(
                    "float activation(float x) { return \(value); }")
            else {
                Issue.record("\(value)")
                return ("", "")
            }
            return (candidate.canonicalHash, candidate.fingerprint)
        }
        let names = [
            "x - unit_mean(x)", "x - batch_mean(x)", "x - tensor_mean(x)", "x - unit_max(x)", "unit_shift(x, 1)",
            "unit_shift(x, 2)", "unit_shift(x, -1)", "x + 0.1f * unit_index()", "x / unit_count()", "x",
        ]
        let identities = try names.map { try identity($0) }
        #expect(Set(identities.map(\.hash)).count == names.count)
        #expect(Set(identities.map(\.fingerprint)).count == names.count)
        #expect(try identity("x - unit_sum(x) / unit_count()").fingerprint == identities[0].fingerprint)
        #expect(try identity("unit_shift(unit_shift(x, 3), -2)").hash == identities[4].hash)
    }
}
