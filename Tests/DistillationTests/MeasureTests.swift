import EvolveTypes
import Testing

@testable import Distillation

@Suite("What changes gain, ahead of others of the same parents")
struct MeasureTests {
    private static func example(
        _ parent: Int, _ tokens: Set<String>, _ gain: Double, families: [String: Double] = [:]
    ) -> Example {
        Example(
            parent: Example.Parent(run: 0, id: parent), slot: 0, gain: Estimate(mean: gain, low: gain, high: gain),
            label: gain > 0 ? .improved : .worse, families: families, change: tokens, context: [], before: "", after: ""
        )
    }

    @Test("A parent's own luck cancels out, and a parent without other changes does not count")
    func lead() {
        let examples = (0..<6).flatMap { parent in
            let luck = Double(parent) - 9
            return [Self.example(parent, ["+sin"], luck + 1), Self.example(parent, [], luck)]
        }
        let measure = Siblings(examples + [Self.example(9, ["+sin"], -20)], clip: 20).measure(
            Pattern(["+sin"]), .prefer)
        #expect(measure.parents == 6 && measure.examples == 6 && measure.worse == 6)
        #expect(abs(measure.lead.mean - 1) < 1e-12 && measure.lead.low > 0.99)
        #expect(abs(measure.gain.mean + 5.5) < 1e-12)
    }

    @Test("What is to be avoided lags behind steps as large, and what is to be preferred leads smaller ones too")
    func steps() {
        // Large steps cost 5 dB; adding sin is always one, and costs 1 dB more; adding cos is a small one, and costs 1 dB.
        let examples = (0..<6).flatMap { parent in
            [
                Self.example(parent, ["+sin", "step:large"], -6), Self.example(parent, ["step:large"], -5),
                Self.example(parent, ["step:small"], 0), Self.example(parent, ["+cos", "step:small"], -1),
            ]
        }
        let siblings = Siblings(examples, clip: 20)
        func lead(_ token: String, _ advice: Advice) -> Double { siblings.measure(Pattern([token]), advice).lead.mean }
        #expect(abs(lead("+sin", .avoid) + 1) < 1e-12 && abs(lead("+sin", .prefer) + 4) < 1e-12)
        #expect(abs(lead("+cos", .prefer) + 1) < 1e-12 && lead("+cos", .avoid) > 0)
        #expect(abs(lead("step:large", .avoid) + 5) < 1e-12, "asked about itself, it is held against all")
    }

    @Test("One parent alone shows nothing")
    func single() {
        let siblings = Siblings([Self.example(1, ["+sin"], 3), Self.example(1, [], 0)], clip: 20)
        let measure = siblings.measure(Pattern(["+sin"]), .prefer)
        #expect(measure.lead == Estimate(mean: 3, low: -20, high: 20))
        #expect(siblings.pValue(Pattern(["+sin"]), .prefer) == 1)
        #expect(!siblings.measure(Pattern(["+cos"]), .avoid).isThere)
    }

    @Test("A family counts where the lead is sure on its own tasks")
    func families() {
        let examples = (0..<6).flatMap { parent in
            let noise = parent.isMultiple(of: 2) ? 1.0 : -1
            return [
                Self.example(parent, ["+sin"], 1, families: ["sure": 2 + noise / 10, "unsure": noise]),
                Self.example(parent, [], 0, families: ["sure": 0, "unsure": 0]),
            ]
        }
        let siblings = Siblings(examples, clip: 20)
        #expect(siblings.families(Pattern(["+sin"]), .prefer) == ["sure"])
        #expect(siblings.families(Pattern(["+sin"]), .avoid).isEmpty)
    }
}
