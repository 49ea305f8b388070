import ActivationCompiler
import ActivationIR
import Testing

@Suite("Identity up to scale")
struct ScaleFreeFingerprintTests {
    private func key(_ expression: String) throws -> String {
        ScaleFreeFingerprint.of(try compile(expression: expression).program)
    }

    @Test(
        "input and output scales of either sign change the fingerprint and not the key",
        arguments: [
            "softplus(#)", "silu(#)", "gelu(#)", "tanhf(#)", "sinf(#)", "# + sinf(#)", "expf(-# * #)", "# * cosf(#)",
            "fmaxf(#, -1.0f)", "# > 1.0f ? # : 0.0f", "# + # * #", "log1pf(fabsf(#))", "gelu(#) + 0.1f * sinf(#)",
            "1.0f / (1.0f + # * #)", "# > 0.0f ? # : expm1f(#)", "tanhf(1.5f * #) * expf(-0.2f * # * #) + 0.1f * #",
            "clamp(#, -1.0f, 2.0f)",
        ])
    func scales(template: String) throws {
        let plain = template.replacing("#", with: "x")
        let (key, fingerprint) = (try key(plain), try compile(expression: plain).fingerprint)
        for (outer, inner) in [
            ("0.5f", "2.0f"), ("3.0f", "0.7f"), ("-1.0f", "1.0f"), ("1.3f", "-1.9f"), ("9.0f", "11.0f"),
        ] {
            let scaled = "\(outer) * (\(template.replacing("#", with: "(\(inner) * x)")))"
            let other = try compile(expression: scaled)
            #expect(ScaleFreeFingerprint.of(other.program) == key, "\(scaled)")
            if template != "tanhf(#)" && template != "sinf(#)" || outer != "-1.0f" {
                #expect(other.fingerprint != fingerprint, "\(scaled)")
            }
        }
    }

    @Test("in the library exactly the functions that are multiples of one another share a key")
    func families() throws {
        var families: [String: Set<String>] = [:]
        for entry in LibraryEntry.all {
            families[ScaleFreeFingerprint.of(try entry.compiled().program), default: []].insert(entry.file)
        }
        #expect(
            Set(families.values.filter { $0.count > 1 }) == [
                ["silu", "e_swish", "gelu_sigmoid"], ["tanhexp", "telu"], ["tanh", "lecun_tanh"], ["sin", "siren"],
                ["elu", "celu"],
            ])
    }

    @Test("offsets, and what they leave of a shape, are told apart")
    func offsets() throws {
        #expect(try key("softplus(x)") != key("softplus(x) - 1.0f"))
        #expect(try key("sinf(x)") != key("cosf(x)"))
        #expect(try key("fmaxf(x, 0.0f)") != key("fmaxf(x, 0.1f * x)"))
        #expect(try key("x * sigmoid(x)") != key("x * sigmoid(x) + 0.1f * x"))
    }
}
