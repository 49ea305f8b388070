import ActivationCompiler
import EvolveTypes
import Testing

@testable import Distillation

@Suite("What a change did")
struct DeltaTests {
    private static func traits(
        _ body: String, left: Double = 0, right: Double = 1, turns: Int = 1, cost: Double = 40
    ) throws -> Traits {
        let source = "float activation(float x) { float p = trainable(1.0f); return \(body); }"
        let program = try #require(ActivationPipeline().read(source).activation?.program)
        return Traits(program, BehaviourDescriptor(leftSlope: left, rightSlope: right, turns: turns), cost: cost)
    }

    @Test("Functions, pieces and properties come and go")
    func tokens() throws {
        let gate = try Self.traits("x * sigmoid(x)")
        let waves = try Self.traits("x * sigmoid(p * x) + sinf(3.0f * x)", turns: 9, cost: 60)
        let delta = Delta(from: gate, to: waves)
        #expect(
            delta.change.isSuperset(of: ["+sin", "+waves", "+trained", "turns:more", "cost:up", "step:large"]),
            "\(delta.change)")
        #expect(!delta.change.contains("-sigmoid") && delta.change.contains("+sin(multiply)"))
        #expect(delta.parent.isSuperset(of: ["sigmoid", "left:flat", "right:unit", "turning", "zero"]))
        let back = Delta(from: waves, to: gate).change
        #expect(back.isSuperset(of: ["-sin", "-waves", "-trained", "turns:fewer", "cost:down"]))
    }

    @Test("Other numbers in the same shape are a change of numbers alone")
    func numbers() throws {
        let delta = try Delta(from: Self.traits("x * sigmoid(2.0f * x)"), to: Self.traits("x * sigmoid(2.1f * x)"))
        #expect(delta.change == ["numbers", "step:small"])
    }

    @Test(
        "A step of exactly a half is not large, and one of exactly a tenth not small, however it is rounded",
        arguments: ["x * sigmoid(x)", "tanhf(x)", "x * erff(1.3f * x)", "0.3f * sinf(x) + x"])
    func ties(body: String) throws {
        let whole = try Self.traits(body)
        for factor in ["0.5f", "1.5f", "0.9f", "1.1f"] {
            let change = try Delta(from: whole, to: Self.traits("\(factor) * (\(body))")).change
            #expect(!change.contains("step:large") && !change.contains("step:small"), "\(factor): \(change)")
        }
    }

    @Test("Bounds, symmetry and slopes are seen")
    func properties() throws {
        let line = try Self.traits("x * sigmoid(x)")
        let bounded = try Self.traits("tanhf(x)", right: 0, turns: 0)
        let delta = Delta(from: line, to: bounded)
        #expect(delta.change.isSuperset(of: ["+bounded", "+odd", "+monotone", "right:flat", "turns:fewer"]))
        let even = try Self.traits("cosf(x)", right: 0, turns: 3)
        #expect(Delta(from: bounded, to: even).change.isSuperset(of: ["+even", "-odd", "-zero", "+waves"]))
    }

    @Test("Every token that a change can have is put into words")
    func words() throws {
        let bodies = [
            "x * sigmoid(x)", "tanhf(p * x)", "cosf(x) + 2.0f", "fmaxf(x, 0.0f)", "x / (1.0f + fabsf(x))",
            "3.0f * x * x",
        ]
        let all = try bodies.enumerated().map {
            try Self.traits($1, right: Double($0) / 2, turns: $0, cost: Double($0 + 1) * 20)
        }
        let tokens = Set(all.flatMap { old in all.flatMap { Delta(from: old, to: $0).change } })
        #expect(tokens.count > 25)
        for token in tokens {
            let words = TokenWords.doing(token)
            #expect(!words.contains { ":+(".contains($0) } && words.contains(" "), "\(token): \(words)")
        }
    }
}
