import ActivationCompiler
import ActivationIR
import EvolveTypes
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
}
